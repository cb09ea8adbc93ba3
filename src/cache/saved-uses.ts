import type { Clock } from '../base/clock.ts'
import { CACHE_USE_COARSENESS_MS, CACHE_USES_SAVE_MS, CACHE_USES_SAVED_AT_ONCE_MAX } from '../base/limits.ts'
import type { CacheFile } from './cache-file.ts'

export interface SavedUsesComponents {
  readonly clock: Clock
  /** Writes a file's last use to disk. */
  readonly save: (file: CacheFile) => Promise<void>
}

/** Brings to disk when files were last used, now and then: the next node evicts by that. */
export class SavedUses {
  readonly #components: SavedUsesComponents
  readonly #unsaved = new Set<CacheFile>()
  readonly #stopping = new AbortController()
  #loop: Promise<void> | undefined

  constructor(components: SavedUsesComponents) {
    this.#components = components
  }

  start(): void {
    this.#loop ??= this.#run(this.#stopping.signal)
  }

  /** Resolves when all is on disk. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the cache is stopping'))
    await this.#loop
    await this.#saveSome(Number.POSITIVE_INFINITY)
  }

  /** A file was used at `usedAt`. */
  note(file: CacheFile): void {
    // The clock may have been set back: then what stands on disk is of the future, and would never grow old.
    const isTold = file.savedAt <= file.usedAt && file.usedAt - file.savedAt <= CACHE_USE_COARSENESS_MS
    if (!isTold) this.#unsaved.add(file)
  }

  forget(file: CacheFile): void {
    this.#unsaved.delete(file)
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#components.clock.sleep(CACHE_USES_SAVE_MS, signal).catch(() => undefined) // Stopped: the loop ends.
      if (!signal.aborted) await this.#saveSome(CACHE_USES_SAVED_AT_ONCE_MAX)
    }
  }

  async #saveSome(max: number): Promise<void> {
    let left = max
    for (const file of this.#unsaved) {
      if (left === 0) return
      left -= 1
      this.#unsaved.delete(file)
      await this.#components.save(file)
    }
  }
}
