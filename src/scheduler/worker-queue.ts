import { QUEUED_MAX, QUEUED_PER_CLIENT_MAX } from '../base/limits.ts'
import type { PeerId } from '../protocols/mesh.ts'
import type { Slot, Slots } from './slots.ts'

/** A job that was let in: it counts as waiting until it has a slot, or leaves. */
export interface Admission {
  /** Resolves with a slot in the peer's turn; rejects with `signal.reason`, or when the queue is stopped. */
  acquire(signal: AbortSignal): Promise<Slot>
  /** Gives the place up. Safe to repeat, and when there is a slot already. */
  leave(): void
}

/**
 * Jobs of peers that wait for a slot, fair between peers: whenever a slot comes free, the next peer in turn gets it, however
 * many jobs another has waiting.
 */
export class WorkerQueue {
  readonly #slots: Pick<Slots, 'acquire' | 'free'>
  /** Jobs let in that have no slot yet: their input is on its way, or they wait. */
  readonly #admitted = new Map<PeerId, number>()
  /** In turn: the first is served next, then goes to the end. Peers with nothing waiting are not in it. */
  readonly #waiting = new Map<PeerId, WaitingJob[]>()
  readonly #stopping = new AbortController()
  #serving: Promise<void> | undefined
  #length = 0

  constructor({ slots }: { readonly slots: Pick<Slots, 'acquire' | 'free'> }) {
    this.#slots = slots
  }

  get length(): number {
    return this.#length
  }

  /** Undefined when too much waits already. Whoever is let in must leave. */
  admit(peer: PeerId): Admission | undefined {
    const own = this.#admitted.get(peer) ?? 0
    const startsAtOnce = this.#slots.free > this.#length
    if (!startsAtOnce && (own >= QUEUED_PER_CLIENT_MAX || this.#length >= QUEUED_MAX)) return undefined
    this.#count(peer, 1)
    let admitted = true
    const leave = () => {
      if (admitted) this.#count(peer, -1)
      admitted = false
    }
    return { leave, acquire: (signal) => this.#acquire(peer, signal).finally(leave) }
  }

  /** Turns away all who wait. Safe to repeat. */
  async stop(reason: Error): Promise<void> {
    this.#stopping.abort(reason)
    await this.#serving
    for (const jobs of this.#waiting.values()) for (const job of jobs) job.fail(reason)
    this.#waiting.clear()
  }

  #count(peer: PeerId, change: 1 | -1): void {
    const own = (this.#admitted.get(peer) ?? 0) + change
    if (own > 0) this.#admitted.set(peer, own)
    else this.#admitted.delete(peer)
    this.#length += change
  }

  async #acquire(peer: PeerId, signal: AbortSignal): Promise<Slot> {
    signal.throwIfAborted()
    this.#stopping.signal.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<Slot>()
    const job: WaitingJob = { give: resolve, fail: reject }
    const onAbort = () => {
      this.#forget(peer, job)
      reject(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    const own = this.#waiting.get(peer)
    if (own === undefined) this.#waiting.set(peer, [job])
    else own.push(job)
    this.#serving ??= this.#serve()
    return promise.finally(() => signal.removeEventListener('abort', onAbort))
  }

  /** One slot at a time is asked for, and given to whoever's turn it is when it comes. */
  async #serve(): Promise<void> {
    while (this.#waiting.size > 0) {
      const slot = await this.#slots.acquire(this.#stopping.signal).catch(() => undefined)
      if (slot === undefined) break // Stopped.
      const job = this.#next()
      if (job === undefined) slot.release()
      else job.give(slot)
    }
    this.#serving = undefined // In this very turn: whoever comes a microtask later must not take us for still serving.
  }

  #next(): WaitingJob | undefined {
    const [turn] = this.#waiting
    if (turn === undefined) return undefined
    const [peer, jobs] = turn
    const job = jobs.shift()
    this.#waiting.delete(peer)
    if (jobs.length > 0) this.#waiting.set(peer, jobs)
    return job
  }

  #forget(peer: PeerId, job: WaitingJob): void {
    const left = (this.#waiting.get(peer) ?? []).filter((each) => each !== job)
    if (left.length === 0) this.#waiting.delete(peer)
    else this.#waiting.set(peer, left)
  }
}

interface WaitingJob {
  give(slot: Slot): void
  fail(reason: unknown): void
}
