import { CACHE_REMOVALS_AT_ONCE_MAX } from '../base/limits.ts'
import type { CacheFile } from './cache-file.ts'
import type { CacheFiles } from './cache-files.ts'

/** What may be done to a whole cache while it serves: read all of it again and drop what is corrupt, or empty it. */
export const CHORES = ['verify', 'clear'] as const
export type Chore = (typeof CHORES)[number]

/** How far a chore is, or was when it ended. */
export interface ChoreProgress {
  readonly chore: Chore
  readonly running: boolean
  /** Files looked at, of how many. */
  readonly done: number
  readonly total: number
  /** Files dropped as corrupt, or cleared. */
  readonly removed: number
  readonly removedBytes: number
}

export interface CacheChoresComponents {
  readonly files: CacheFiles
  /** Reads a file again, and drops it unless its content is what its name says. */
  readonly verify: (file: CacheFile) => Promise<boolean>
}

/** Chores take seconds or minutes, so they run beside everything else, one at a time. */
export class CacheChores {
  readonly #components: CacheChoresComponents
  readonly #stopping = new AbortController()
  #progress: ChoreProgress | undefined
  #running: Promise<void> | undefined

  constructor(components: CacheChoresComponents) {
    this.#components = components
  }

  /** The chore that runs, or ran last. */
  get progress(): ChoreProgress | undefined {
    return this.#progress
  }

  /** Begins a chore, unless one is running. Returns the one that runs then. */
  begin(chore: Chore): ChoreProgress {
    if (this.#progress?.running) return this.#progress
    const progress = { chore, running: true, done: 0, total: 0, removed: 0, removedBytes: 0 }
    this.#progress = progress
    this.#running = this.#run(chore, progress)
    return progress
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the cache is stopping'))
    await this.#running
  }

  async #run(
    chore: Chore,
    progress: { -readonly [Field in keyof ChoreProgress]: ChoreProgress[Field] },
  ): Promise<void> {
    const { files, verify } = this.#components
    await files.whenLoaded()
    const all = files.index.all()
    progress.total = all.length
    for (const file of all) {
      if (this.#stopping.signal.aborted) break
      const gone = chore === 'clear' ? files.takeOut(file) : files.index.has(file) && !(await verify(file))
      progress.done += 1
      if (!gone) continue
      progress.removed += 1
      progress.removedBytes += file.bytes
      if (progress.removed % CACHE_REMOVALS_AT_ONCE_MAX === 0) await files.whenRemoved()
    }
    await files.whenRemoved()
    progress.running = false
  }
}
