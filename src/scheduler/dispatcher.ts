import type { Clock } from '../base/clock.ts'
import { PEER_QUIET_MS } from '../base/limits.ts'
import type { Random } from '../base/random.ts'
import type { PeerId } from '../protocols/mesh.ts'
import type { JobCosts } from './job-costs.ts'
import type { Paces } from './paces.ts'
import type { PeerTable } from './peer-table.ts'
import { type Placement, type PlacementJob, type PlacementPeer, place } from './placement.ts'

/** A place on a peer that is held for a job. */
export interface PeerBerth {
  readonly to: 'peer'
  readonly peer: PeerId
  /** Safe to repeat. */
  release(): void
}

/** A place in the mesh that was found for a job. */
export type Berth = PeerBerth | { readonly to: 'local'; readonly reason: Extract<Placement, { to: 'local' }>['reason'] }

export interface DispatcherComponents {
  readonly clock: Clock
  readonly random: Random
  readonly peers: Pick<PeerTable, 'schedulable' | 'subscribe'>
  /** Cores of this machine on which nothing runs. */
  readonly freeCores: () => number
  readonly paces: Pick<Paces, 'of' | 'here'>
  readonly costs: Pick<JobCosts, 'typicalMs'>
  readonly latencyMs: (peer: PeerId) => number | undefined
}

/** What the dispatcher knows of a job. */
export type DispatchJob = Pick<PlacementJob, 'toolchain' | 'costMs'>

/** A job that a peer has. */
interface Held {
  readonly costMs: number
  readonly since: number
}

interface Waiter extends Omit<PlacementJob, 'beforeMs'> {
  readonly since: number
  readonly settle: (berth: Berth) => void
}

/** Peers fall silent without an event, so waiting jobs look around this often. */
const LOOK_AROUND_MS = 250
/** Estimates are no better than this: so much of what a job has taken may always come on top. */
const UNSURE_SHARE = 0.25
/** A job that is sent home has taken its local slot by then. Until then the slot is not promised to another. */
const PROMISE_MS = 50

/** Holds the jobs that no peer has room for, and gives each a place as soon as there is one. */
export class Dispatcher {
  readonly #components: DispatcherComponents
  readonly #inFlight = new Map<PeerId, Set<Held>>()
  /** When jobs of ours ended at a peer: what it announced before that still counts them. */
  readonly #ended = new Map<PeerId, readonly number[]>()
  readonly #waiters = new Set<Waiter>()
  #promised = 0
  #looking = false

  constructor(components: DispatcherComponents) {
    this.#components = components
    components.peers.subscribe({ joined: () => this.#serve(), changed: () => this.#serve(), left: () => this.#serve() })
  }

  /** Jobs that wait for a place. */
  get waiting(): number {
    return this.#waiters.size
  }

  /** Where the job would go now, without taking the place. */
  look(job: DispatchJob): Placement {
    return this.#place({ ...job, tried: new Set(), beforeMs: 0 }, this.#candidates())
  }

  /** The place that the job would get now, if that is on `peer`. */
  reserve(job: DispatchJob, peer: PeerId): PeerBerth | undefined {
    if (this.#waiters.size > 0) return undefined // They come first.
    const placement = this.look(job)
    return placement.to === 'peer' && placement.peer === peer ? this.#berth(peer, job) : undefined
  }

  /** Finds a place on a peer that is not among `tried`, waiting until there is one; or says that it should run here. */
  async acquire(job: DispatchJob, tried: ReadonlySet<PeerId>, signal: AbortSignal): Promise<Berth> {
    signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiters.delete(waiter)
        reject(signal.reason)
      }
      const settle = (berth: Berth) => {
        signal.removeEventListener('abort', onAbort)
        resolve(berth)
      }
      const waiter = { ...job, tried, settle, since: this.#components.clock.now() }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiters.add(waiter)
      this.#serve()
    })
  }

  /** Tells that a local slot came free. */
  localSlotFreed(): void {
    this.#serve()
  }

  #serve(): void {
    if (this.#waiters.size === 0) return
    let candidates = this.#candidates()
    let beforeMs = 0
    for (const waiter of [...this.#waiters].sort(costliestFirst)) {
      const placement = this.#place({ ...waiter, beforeMs }, candidates)
      if (placement.to === 'wait') {
        beforeMs += waiter.costMs
        continue
      }
      this.#waiters.delete(waiter)
      if (placement.to === 'local' && placement.reason === 'peers-busy') void this.#promise()
      waiter.settle(placement.to === 'peer' ? this.#berth(placement.peer, waiter) : placement)
      candidates = this.#candidates() // One of them now holds one job more.
    }
    if (this.#waiters.size > 0 && !this.#looking) void this.#lookAround()
  }

  async #lookAround(): Promise<void> {
    this.#looking = true
    while (this.#waiters.size > 0) {
      await this.#components.clock.sleep(LOOK_AROUND_MS)
      this.#serve()
    }
    this.#looking = false
  }

  async #promise(): Promise<void> {
    this.#promised += 1
    await this.#components.clock.sleep(PROMISE_MS)
    this.#promised -= 1
    this.#serve()
  }

  #place(job: PlacementJob, candidates: readonly PlacementPeer[]): Placement {
    const { random, freeCores, paces } = this.#components
    return place(job, candidates, { freeCores: freeCores() - this.#promised, pace: paces.here }, random)
  }

  #candidates(): readonly PlacementPeer[] {
    const { peers, paces, costs, latencyMs } = this.#components
    return peers.schedulable().map(({ id, announcement, silentMs, failures }) => {
      const { toolchains, slots, queued, loadByOthers } = announcement
      // Most jobs are placed just when another has ended; by the peer's old word it would look as full as all others.
      const running = Math.max(0, announcement.running - this.#endedWithin(id, silentMs).length)
      const inFlight = this.#inFlight.get(id)?.size ?? 0
      const foreign = Math.max(0, running + queued - inFlight)
      return {
        id,
        toolchains: new Set(toolchains.map((each) => each.id)),
        slots,
        running,
        queued,
        loadByOthers,
        inFlight,
        aheadMs: this.#aheadMs(id) + foreign * costs.typicalMs,
        pace: paces.of(id),
        latencyMs: latencyMs(id),
        silentMs,
        failures,
      }
    })
  }

  /** CPU time that jobs of ours will still take there. */
  #aheadMs(peer: PeerId): number {
    const now = this.#components.clock.now()
    const pace = this.#components.paces.of(peer)
    const left = ({ costMs, since }: Held) => {
      const doneMs = (now - since) * pace
      return Math.max(costMs - doneMs, doneMs * UNSURE_SHARE)
    }
    return [...(this.#inFlight.get(peer) ?? [])].reduce((total, held) => total + left(held), 0)
  }

  #berth(peer: PeerId, { costMs }: DispatchJob): PeerBerth {
    const held = { costMs, since: this.#components.clock.now() }
    const own = this.#inFlight.get(peer) ?? new Set()
    this.#inFlight.set(peer, own.add(held))
    const release = () => {
      if (!own.delete(held)) return
      if (own.size === 0 && this.#inFlight.get(peer) === own) this.#inFlight.delete(peer)
      this.#ended.set(peer, [...this.#endedWithin(peer, PEER_QUIET_MS), this.#components.clock.now()])
      this.#serve()
    }
    return { to: 'peer', peer, release }
  }

  #endedWithin(peer: PeerId, ms: number): readonly number[] {
    const since = this.#components.clock.now() - ms
    return this.#ended.get(peer)?.filter((at) => at > since) ?? []
  }
}

/** Whoever builds waits for the costliest in the end. Waiting counts as cost, so that none waits for ever. */
function costliestFirst(a: Waiter, b: Waiter): number {
  return b.costMs - b.since - (a.costMs - a.since)
}
