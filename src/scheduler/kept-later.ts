import { KEPT_LATER_MAX } from '../base/limits.ts'
import type { ActionKey } from '../cache/digest.ts'
import type { CompileResult } from './compile-cache.ts'
import type { QuietTimes } from './quiet-times.ts'

interface Waiting {
  readonly result: CompileResult
  readonly costMs: number
}

export interface KeptLaterComponents {
  readonly quiet: Pick<QuietTimes, 'wait'>
  /** Never rejects. */
  readonly keep: (key: ActionKey, result: CompileResult, costMs: number) => Promise<void>
}

/**
 * Results that are quicker to make than to keep: a build does not wait for their signatures, files and homes. Until there is time
 * they are found in memory, by this node only.
 */
export class KeptLater {
  readonly #components: KeptLaterComponents
  /** The oldest first. */
  readonly #waiting = new Map<ActionKey, Waiting>()
  readonly #stopping = new AbortController()
  #keeping: Promise<void> | undefined

  constructor(components: KeptLaterComponents) {
    this.#components = components
  }

  find(key: ActionKey): CompileResult | undefined {
    return this.#waiting.get(key)?.result
  }

  /** There is room for KEPT_LATER_MAX; beyond that results are forgotten. */
  add(key: ActionKey, result: CompileResult, costMs: number): void {
    if (this.#waiting.size >= KEPT_LATER_MAX || this.#stopping.signal.aborted) return
    this.#waiting.set(key, { result, costMs })
    this.#keeping ??= this.#keepAll().finally(() => {
      this.#keeping = undefined
    })
  }

  /** Keeps at once what waits. Safe to repeat. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('this node stops'))
    await this.#keeping
  }

  async #keepAll(): Promise<void> {
    const { quiet, keep } = this.#components
    const { signal } = this.#stopping
    for (const [key, { result, costMs }] of this.#waiting) {
      if (!signal.aborted) await quiet.wait(signal).catch(() => undefined) // It stops: there is no better time.
      await keep(key, result, costMs)
      this.#waiting.delete(key) // Not before it is found elsewhere.
    }
  }
}
