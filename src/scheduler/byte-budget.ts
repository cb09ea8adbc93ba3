/** Memory that many may take from, up to a bound. */
export class ByteBudget {
  readonly #maxBytes: number
  #heldBytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Undefined when there is not so much left; else what gives it back, once. */
  take(bytes: number): (() => void) | undefined {
    if (this.#heldBytes + bytes > this.#maxBytes) return undefined
    this.#heldBytes += bytes
    let held = true
    return () => {
      if (held) this.#heldBytes -= bytes
      held = false
    }
  }
}
