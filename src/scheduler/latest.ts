/** Holds one value for one taker: a newer one replaces what was not yet taken, so a slow taker skips instead of queueing. */
export class Latest<T> {
  #offered: { readonly value: T } | undefined
  #wake: (() => void) | undefined

  offer(value: T): void {
    this.#offered = { value }
    this.#wake?.()
  }

  /** The value offered last, waiting for one; each is taken once. Rejects with `signal.reason` when that is aborted first. */
  async take(signal: AbortSignal): Promise<T> {
    while (this.#offered === undefined) await this.#offer(signal)
    const { value } = this.#offered
    this.#offered = undefined
    return value
  }

  async #offer(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => reject(signal.reason)
      signal.addEventListener('abort', onAbort, { once: true })
      this.#wake = () => {
        signal.removeEventListener('abort', onAbort)
        resolve()
      }
    })
  }
}
