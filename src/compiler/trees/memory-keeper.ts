import type { Clock } from '../../base/clock.ts'
import { messageOf } from '../../base/errors.ts'
import { SAVE_MEMORY_INTERVAL_MS, SAVED_MEMORY_MAX_BYTES } from '../../base/limits.ts'
import type { Logger } from '../../base/log.ts'
import { replaceFile } from '../../base/replace-file.ts'
import { decodeMemory, encodeMemory, NOTHING_SAVED, type SavedMemory } from '../includes/saved-memory.ts'
import { localFiles } from '../local-files.ts'
import type { TreeMemory } from './tree-builder.ts'

export interface MemoryFile {
  /** In a folder that only the user may write to. */
  readonly file: string
  /** Of this program: what another release saved is not read. */
  readonly version: string
}

export interface MemoryKeeperComponents {
  readonly clock: Clock
  readonly log: Logger
  readonly trees: TreeMemory
}

/** What an earlier node left; nothing when there is no file, or one that is not just as it was written. */
export function readMemory({ file, version }: MemoryFile): SavedMemory {
  const bytes = localFiles.read(file, SAVED_MEMORY_MAX_BYTES)
  return (bytes && decodeMemory(bytes, version)) ?? NOTHING_SAVED
}

/** Saves what a tree builder has learned, for the next node: while there is news now and then, and at the end. It only saves time. */
export class MemoryKeeper {
  readonly #components: MemoryKeeperComponents
  readonly #init: MemoryFile
  #saved: number
  #stopping = new AbortController()
  #loop: Promise<void> | undefined

  constructor(components: MemoryKeeperComponents, init: MemoryFile) {
    this.#components = components
    this.#init = init
    this.#saved = components.trees.learned
  }

  start(): void {
    if (this.#loop !== undefined) return
    this.#stopping = new AbortController()
    this.#loop = this.#run(this.#stopping.signal)
  }

  /** Resolves when all that was learned is on disk. */
  async stop(): Promise<void> {
    if (this.#loop === undefined) return
    this.#stopping.abort()
    await this.#loop
    this.#loop = undefined
    await this.#save()
  }

  async #run(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      await this.#components.clock.sleep(SAVE_MEMORY_INTERVAL_MS, stopping).catch(() => undefined) // Stopped: the loop ends.
      if (!stopping.aborted) await this.#save()
    }
  }

  async #save(): Promise<void> {
    const { trees, log } = this.#components
    const { file, version } = this.#init
    const { learned } = trees
    if (learned === this.#saved) return
    this.#saved = learned
    try {
      await replaceFile(file, encodeMemory(trees.memory(), version))
    } catch (error) {
      log.debug('what is known of files could not be saved', { why: messageOf(error) })
    }
  }
}
