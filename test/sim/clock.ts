import type { Clock } from '../../src/base/clock.ts'

/** Where simulated time begins; any date would do. */
const EPOCH_MS = Date.UTC(2030, 0, 1)

interface Event {
  readonly at: number
  readonly action: () => void
}

/**
 * Time that only moves when told to. Between two events all promises that need no real input or output run to their
 * end, so that what one event causes has happened before the next, in the same order in every run.
 */
export class SimClock implements Clock {
  #now = 0
  /** By falling time; among equals the one scheduled first is last. The next event is at the end. */
  readonly #events: Event[] = []
  readonly #checks = new Set<() => void>()

  now(): number {
    return this.#now
  }

  wallTime(): number {
    return EPOCH_MS + this.#now
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const onAbort = () => {
        cancel()
        reject(signal?.reason)
      }
      const cancel = this.schedule(ms, () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      })
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }

  /** Has `action` done in `ms`; returns what calls it off. */
  schedule(ms: number, action: () => void): () => void {
    const event = { at: this.#now + Math.max(0, ms), action }
    this.#events.splice(this.#place(event.at), 0, event)
    return () => {
      const index = this.#events.indexOf(event, this.#place(event.at))
      if (index >= 0) this.#events.splice(index, 1)
    }
  }

  /** Events that are still to come. */
  get pending(): number {
    return this.#events.length
  }

  /** Has `check` called after every event; returns what ends it. */
  watch(check: () => void): () => void {
    this.#checks.add(check)
    return () => this.#checks.delete(check)
  }

  /** Lets `ms` pass. */
  async run(ms: number): Promise<void> {
    const until = this.#now + ms
    await settle()
    while (await this.#step(until));
    this.#now = until
  }

  /** Lets time pass until `done`, for at most `withinMs`. False if it never was. */
  async runUntil(done: () => boolean, withinMs: number): Promise<boolean> {
    const until = this.#now + withinMs
    await settle()
    while (!done()) if (!(await this.#step(until))) break
    return done()
  }

  /** One event, if there is one until then. */
  async #step(until: number): Promise<boolean> {
    const event = this.#events.at(-1)
    if (event === undefined || event.at > until) return false
    this.#events.pop()
    this.#now = event.at
    event.action()
    await settle()
    for (const check of this.#checks) check()
    return true
  }

  /** The first index whose event is not after `at`. */
  #place(at: number): number {
    let low = 0
    let high = this.#events.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#events[middle]?.at ?? 0) > at) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** The clock of one host: it can be wrong about the date, and it stops for good when the host crashes. */
export class HostClock implements Clock {
  readonly #clock: SimClock
  readonly #skewMs: number
  #halted = false

  constructor(clock: SimClock, { skewMs }: { readonly skewMs: number }) {
    this.#clock = clock
    this.#skewMs = skewMs
  }

  now(): number {
    return this.#clock.now()
  }

  wallTime(): number {
    return this.#clock.wallTime() + this.#skewMs
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#clock.sleep(ms, signal).finally(() => (this.#halted ? never() : undefined))
  }

  /** From here on nothing that sleeps wakes: the program on this host is dead. */
  halt(): void {
    this.#halted = true
  }
}

const realImmediate = setImmediate

/** Lets all promises run that need no real input or output. */
export function settle(): Promise<void> {
  return new Promise((resolve) => realImmediate(resolve))
}

/** What a dead program waits for. */
export function never(): Promise<never> {
  return new Promise(() => undefined)
}
