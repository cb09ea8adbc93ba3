import { CACHE_SHARES_AT_ONCE_MAX, CACHE_SHARES_QUEUED_MAX } from '../base/limits.ts'
import type { ActionKey } from './digest.ts'

/** Has `share` done for one key after the other, some at once, behind the back of whoever added them. */
export class ShareQueue<T> {
  readonly #share: (key: ActionKey, what: T, signal: AbortSignal) => Promise<void>
  /** Keys that wait or are under way. */
  readonly #waiting = new Map<ActionKey, T>()
  readonly #running = new Map<ActionKey, Promise<void>>()
  readonly #stopping = new AbortController()

  /** `share` never rejects. */
  constructor(share: (key: ActionKey, what: T, signal: AbortSignal) => Promise<void>) {
    this.#share = share
  }

  /** False when it is not done: there is too much to do, or this node stops. */
  add(key: ActionKey, what: T): boolean {
    if (this.#stopping.signal.aborted || this.#waiting.size >= CACHE_SHARES_QUEUED_MAX) return false
    this.#waiting.set(key, what)
    this.#next()
    return true
  }

  has(key: ActionKey): boolean {
    return this.#waiting.has(key) || this.#running.has(key)
  }

  /** What waits is forgotten, what runs is aborted and waited for. Safe to repeat. */
  async stop(): Promise<void> {
    this.#waiting.clear()
    this.#stopping.abort(new Error('this node stops'))
    await Promise.all(this.#running.values())
  }

  #next(): void {
    for (const [key, what] of this.#waiting) {
      if (this.#running.size >= CACHE_SHARES_AT_ONCE_MAX) return
      if (this.#running.has(key)) continue // Its turn comes when that is over.
      this.#waiting.delete(key)
      const sharing = this.#share(key, what, this.#stopping.signal).finally(() => {
        this.#running.delete(key)
        this.#next()
      })
      this.#running.set(key, sharing)
    }
  }
}
