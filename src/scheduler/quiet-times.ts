import type { Clock } from '../base/clock.ts'

/** Longer than a script takes between two calls of its compiler, on a machine of a third of a core too. */
const QUIET_MS = 500

/** Knows when no compiler call has been served for a while: then is the time for what can wait. */
export class QuietTimes {
  readonly #clock: Clock
  #calls = 0
  #lastAt = Number.NEGATIVE_INFINITY

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock
  }

  /** A call begins; what it returns is to be called at its end. */
  enter(): () => void {
    this.#calls += 1
    return () => {
      this.#calls -= 1
      this.#lastAt = this.#clock.now()
    }
  }

  /** Resolves in a quiet time, or within half a second when something `isLate`. Rejects with the reason of `signal`. */
  async wait(signal: AbortSignal, isLate: () => boolean = () => false): Promise<void> {
    while (!this.#quiet() && !isLate()) await this.#clock.sleep(QUIET_MS, signal)
  }

  #quiet(): boolean {
    return this.#calls === 0 && this.#clock.now() - this.#lastAt >= QUIET_MS
  }
}
