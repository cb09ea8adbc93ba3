import { KEPT_LATER_MAX } from '../base/limits.ts'
import type { ActionKey } from '../cache/digest.ts'
import type { CompileResult } from './compile-cache.ts'
import type { QuietTimes } from './quiet-times.ts'

interface Waiting {
  readonly result: CompileResult
  readonly costMs: number
  readonly bytes: number
}

export interface KeptLaterComponents {
  readonly quiet: Pick<QuietTimes, 'wait'>
  /** Room for what waits. */
  readonly maxBytes: number
  /** Never rejects. */
  readonly keep: (key: ActionKey, result: CompileResult, costMs: number) => Promise<void>
}

/**
 * Results that nobody waits for: a build is spared their signatures, files and homes. Until there is time they are found in
 * memory, by this node only.
 */
export class KeptLater {
  readonly #components: KeptLaterComponents
  /** The oldest first. */
  readonly #waiting = new Map<ActionKey, Waiting>()
  readonly #stopping = new AbortController()
  #bytes = 0
  #keeping: Promise<void> | undefined

  constructor(components: KeptLaterComponents) {
    this.#components = components
  }

  find(key: ActionKey): CompileResult | undefined {
    return this.#waiting.get(key)?.result
  }

  /** False when there is no room for it. From half of the room on, what waits is kept although there is no time. */
  add(key: ActionKey, result: CompileResult, costMs: number): boolean {
    if (this.#waiting.has(key)) return true
    const bytes = sizeOf(result)
    if (this.#fills(1, bytes) || this.#stopping.signal.aborted) return false
    this.#waiting.set(key, { result, costMs, bytes })
    this.#bytes += bytes
    this.#keeping ??= this.#keepAll()
    return true
  }

  /** Keeps at once what waits. Safe to repeat. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('this node stops'))
    await this.#keeping
  }

  async #keepAll(): Promise<void> {
    const { quiet, keep } = this.#components
    const { signal } = this.#stopping
    const isLate = () => this.#fills(0.5)
    for (const [key, { result, costMs, bytes }] of this.#waiting) {
      if (!signal.aborted) await quiet.wait(signal, isLate).catch(() => undefined) // It stops: there is no better time.
      await keep(key, result, costMs)
      this.#waiting.delete(key) // Not before it is found elsewhere.
      this.#bytes -= bytes
    }
    this.#keeping = undefined // In the very turn in which nothing waits: what comes next begins anew.
  }

  /** Whether the room, or a `share` of it, is used up by what waits and `bytes` more. */
  #fills(share: number, bytes = 0): boolean {
    const { maxBytes } = this.#components
    return this.#waiting.size >= share * KEPT_LATER_MAX || this.#bytes + bytes > share * maxBytes
  }
}

function sizeOf({ outputs, stdout, stderr }: CompileResult): number {
  let bytes = stdout.length + stderr.length
  for (const output of outputs.values()) bytes += output.length
  return bytes
}
