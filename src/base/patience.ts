import type { Clock } from './clock.ts'
import { DeadlineError } from './deadline.ts'

/** Nobody sees it; without a reason, each abort makes an error of its own, stack and all. */
const CALLED_OFF = new Error('called off')

/** Part of the time given that begins only when the rest is over: if this process stood still meanwhile, what came is read in it. */
const GRACE_MS = 5

/** Time for somebody else's answer, given anew with each step that he makes. */
export class Patience {
  readonly #clock: Clock
  readonly #over = new AbortController()
  readonly #parent: AbortSignal
  #timer = new AbortController()

  constructor(clock: Clock, parent: AbortSignal) {
    this.#clock = clock
    this.#parent = parent
    if (parent.aborted) this.#onParent()
    parent.addEventListener('abort', this.#onParent, { once: true })
  }

  /** Aborted with a `DeadlineError` when the time is up, or when the parent is. */
  get signal(): AbortSignal {
    return this.#over.signal
  }

  /** Gives `ms` from now, whatever was given before. */
  allow(ms: number): void {
    this.#timer.abort(CALLED_OFF)
    this.#timer = new AbortController()
    this.#expire(ms, this.#timer.signal).catch(() => undefined) // Called off.
  }

  /** No more is waited for. */
  end(): void {
    this.#timer.abort(CALLED_OFF)
    this.#parent.removeEventListener('abort', this.#onParent)
  }

  readonly #onParent = (): void => this.#over.abort(this.#parent.reason)

  async #expire(ms: number, off: AbortSignal): Promise<void> {
    await this.#clock.sleep(Math.max(0, ms - GRACE_MS), off)
    await this.#clock.sleep(Math.min(ms, GRACE_MS), off)
    this.#over.abort(new DeadlineError({ code: 'DEADLINE', afterMs: ms }, `no answer within ${ms} ms`))
  }
}
