/** The right to run one process. */
export interface Slot {
  /** Gives it back; safe to repeat. */
  release(): void
}

/**
 * The processes that this node may run at once: a counting semaphore, first come first served.
 * Who asks by `acquireAhead` goes before all others: the machine's own people before its guests, short work before long.
 */
export class Slots {
  readonly #ahead = new Set<Waiter>()
  readonly #behind = new Set<Waiter>()
  readonly #listeners = new Set<() => void>()
  #total: number
  #used = 0

  constructor(total: number) {
    this.#total = total
  }

  get total(): number {
    return this.#total
  }

  get used(): number {
    return this.#used
  }

  /** Slots that could be had at once; 0 also while more are used than a resize left. */
  get free(): number {
    return Math.max(0, this.#total - this.#used)
  }

  /** Those who asked and were not yet served. */
  get waiting(): number {
    return this.#ahead.size + this.#behind.size
  }

  /** Resolves when there is a slot; rejects with `signal.reason` when that is aborted first. */
  acquire(signal: AbortSignal): Promise<Slot> {
    return this.#join(this.#behind, signal)
  }

  /** Like `acquire`, before all who wait there. */
  acquireAhead(signal: AbortSignal): Promise<Slot> {
    return this.#join(this.#ahead, signal)
  }

  /** A slot if one is free and nobody waits for it. */
  tryAcquire(): Slot | undefined {
    return this.free > 0 && this.waiting === 0 ? this.#take() : undefined
  }

  /** Changes how many there are. Who holds one keeps it; fewer are given out until the count fits. */
  resize(total: number): void {
    if (total === this.#total) return
    this.#total = total
    this.#serve()
  }

  /** Tells whenever slots are taken, given back or waited for; returns what ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async #join(queue: Set<Waiter>, signal: AbortSignal): Promise<Slot> {
    signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        queue.delete(waiter)
        reject(signal.reason)
        this.#tell()
      }
      const waiter = (slot: Slot) => {
        signal.removeEventListener('abort', onAbort)
        resolve(slot)
      }
      signal.addEventListener('abort', onAbort, { once: true })
      queue.add(waiter)
      this.#serve()
    })
  }

  #serve(): void {
    for (const queue of [this.#ahead, this.#behind]) {
      for (const waiter of queue) {
        if (this.free === 0) break
        queue.delete(waiter)
        waiter(this.#hold())
      }
    }
    this.#tell()
  }

  #take(): Slot {
    const slot = this.#hold()
    this.#tell()
    return slot
  }

  #hold(): Slot {
    this.#used += 1
    let held = true
    const release = () => {
      if (!held) return
      held = false
      this.#used -= 1
      this.#serve()
    }
    return { release }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

type Waiter = (slot: Slot) => void
