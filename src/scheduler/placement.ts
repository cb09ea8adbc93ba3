import { PEER_QUIET_MS, QUEUED_MAX } from '../base/limits.ts'
import type { Random } from '../base/random.ts'
import type { ToolchainId } from '../compiler/toolchain.ts'
import type { PeerId } from '../protocols/mesh.ts'

/** What placement knows of a peer. */
export interface PlacementPeer {
  readonly id: PeerId
  readonly toolchains: ReadonlySet<ToolchainId>
  readonly slots: number
  /** Compiles it runs, by its own word, mine among them. */
  readonly running: number
  readonly queued: number
  readonly loadByOthers: number
  /** Jobs of mine that it holds. */
  readonly inFlight: number
  /** CPU time, in ms, that all it has will still take, mine and others': estimated. */
  readonly aheadMs: number
  /** What its compiles get of a core: at most 1. */
  readonly pace: number
  readonly latencyMs: number | undefined
  /** Milliseconds since it was last heard. */
  readonly silentMs: number
  /** Recent failures, decaying; 0 is a good name. */
  readonly failures: number
}

export interface PlacementJob {
  readonly toolchain: ToolchainId
  /** CPU time that it will take, in ms: estimated. */
  readonly costMs: number
  /** The same of all jobs that wait at this client and come before it. */
  readonly beforeMs: number
  /** Peers that already failed this job. */
  readonly tried: ReadonlySet<PeerId>
}

export interface PlacementLocal {
  /** Cores on which nothing runs. */
  readonly freeCores: number
  readonly pace: number
}

export type Placement =
  | { readonly to: 'peer'; readonly peer: PeerId }
  | { readonly to: 'local'; readonly reason: 'no-peers' | 'no-toolchain' | 'peers-busy' | 'peers-lost' }
  | { readonly to: 'wait' }

/** A peer with this much held against it gets work only if there is no better: about one half-life for one failure. */
const FAILURES_AVOIDED = 0.5
/** A job goes to a full peer that will have room so soon; by then it is there with all its files. Before, it can still go anywhere. */
const SOON_MS = 700
/** Paces that differ by less are equal: they are measured on a few compiles. */
const AS_FAST = 1.25
/** A peer is passed over, be it free, where the job would end so many times later than at another, waiting for that included. */
const TOO_SLOW = 1.5
/** Jobs that may stand behind a full peer's slots, so that the next begins while the last one's result travels. */
const AHEAD = 1

/**
 * Where a job should go now, by when it can be expected to end: a peer with room, unless that is far too slow, a free core here, or
 * the queue of a peer that will soon have room; else it waits at the client, where it can still go anywhere (late binding).
 */
export function place(
  { toolchain, costMs, beforeMs, tried }: PlacementJob,
  peers: readonly PlacementPeer[],
  local: PlacementLocal,
  random: Pick<Random, 'float'>,
): Placement {
  const heard = peers.filter(({ silentMs }) => silentMs < PEER_QUIET_MS)
  if (heard.length === 0) return { to: 'local', reason: tried.size > 0 ? 'peers-lost' : 'no-peers' }
  const able = heard.filter(({ toolchains }) => toolchains.has(toolchain))
  if (able.length === 0) return { to: 'local', reason: tried.size > 0 ? 'peers-lost' : 'no-toolchain' }
  const untried = able.filter(({ id }) => !tried.has(id))
  if (untried.length === 0) return { to: 'local', reason: 'peers-lost' }

  const offering = untried.filter((peer) => capacity(peer) > 0)
  if (offering.length === 0) return { to: 'local', reason: 'peers-busy' }
  const reliable = offering.filter(({ failures }) => failures < FAILURES_AVOIDED)
  const candidates = reliable.length > 0 ? reliable : offering
  const isRoomy = (peer: PlacementPeer) => load(peer) < capacity(peer)
  const turnMs = beforeMs / candidates.reduce((cores, peer) => cores + capacity(peer) * peer.pace, 0)
  const endMs = (peer: PlacementPeer) => (isRoomy(peer) ? 0 : waitMs(peer) + turnMs) + costMs / peer.pace
  const ends = new Map(candidates.map((peer) => [peer, endMs(peer)]))
  const firstMs = Math.min(...ends.values())
  const inTime = candidates.filter((peer) => (ends.get(peer) ?? 0) <= TOO_SLOW * firstMs)
  const roomy = inTime.filter(isRoomy)
  if (roomy.length > 0) return { to: 'peer', peer: best(asFast(roomy), random).id }
  const isFirst = local.freeCores >= 1 && costMs / local.pace < firstMs
  if (isFirst && !candidates.some(isRoomy)) return { to: 'local', reason: 'peers-busy' }
  const soon = inTime.filter(mayQueue)
  if (soon.length === 0) return { to: 'wait' }
  const soonestMs = Math.min(...soon.map((peer) => ends.get(peer) ?? 0))
  const soonest = soon.filter((peer) => ends.get(peer) === soonestMs)
  return { to: 'peer', peer: best(soonest, random).id }
}

/** Until a full peer has room. */
function waitMs({ aheadMs, pace, ...offer }: PlacementPeer): number {
  return aheadMs / capacity(offer) / pace
}

/** Those that are hardly slower than the fastest. */
function asFast(peers: readonly PlacementPeer[]): readonly PlacementPeer[] {
  const fastest = Math.max(...peers.map(({ pace }) => pace))
  return peers.filter(({ pace }) => pace * AS_FAST >= fastest)
}

/** Compiles a peer can run for us at once. It leaves the cores that its own people use, but never all of them. */
export function capacity({ slots, loadByOthers }: Pick<PlacementPeer, 'slots' | 'loadByOthers'>): number {
  return slots === 0 ? 0 : Math.max(1, Math.round(slots - loadByOthers))
}

/**
 * Jobs a peer has. Its word is up to a second old and counts mine among the others, so the two must not be added: just
 * after I sent a burst, mine are the truer number, later its own.
 */
function load({ running, queued, inFlight }: PlacementPeer): number {
  return Math.max(running + queued, inFlight)
}

/** Whether a full peer takes one more into its queue. One of mine always may, or a rival could keep me out for good. */
function mayQueue(peer: PlacementPeer): boolean {
  if (peer.queued >= QUEUED_MAX) return false
  if (peer.inFlight === 0) return true
  return load(peer) < capacity(peer) + AHEAD && waitMs(peer) <= SOON_MS
}

/** The least loaded for its size. Among equals two are drawn and the nearer is taken, so that clients do not all run to one. */
function best(peers: readonly PlacementPeer[], random: Pick<Random, 'float'>): PlacementPeer {
  const loads = peers.map((peer) => load(peer) / capacity(peer))
  const least = Math.min(...loads)
  const equals = peers.filter((_, index) => loads[index] === least)
  const one = draw(equals, random)
  const other = draw(equals, random)
  return (other.latencyMs ?? Number.POSITIVE_INFINITY) < (one.latencyMs ?? Number.POSITIVE_INFINITY) ? other : one
}

function draw<T>(values: readonly T[], random: Pick<Random, 'float'>): T {
  const drawn = values[Math.floor(random.float() * values.length)]
  if (drawn === undefined) throw new RangeError('nothing to draw from')
  return drawn
}
