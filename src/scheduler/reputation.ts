import { PEERS_MAX } from '../base/limits.ts'
import type { PeerId } from '../protocols/mesh.ts'

/** A failure weighs half as much after so long: one slip is soon forgotten, while a broken machine keeps its bad name. */
export const REPUTATION_HALF_LIFE_MS = 10_000
/** More failures than this are not told apart, so that the worst peer is tried again within a minute. */
const FAILURES_MAX = 16
/** Weighs as good as nothing. */
const FORGOTTEN = 0.01

interface Failures {
  readonly count: number
  readonly at: number
}

/** How often peers failed us lately. Kept beyond their connections, else crashing would clear a name. Pure over `now`. */
export class Reputation {
  readonly #failures = new Map<PeerId, Failures>()

  /** Recent failures, decayed to `now`; 0 is a good name. */
  failures(peer: PeerId, now: number): number {
    const known = this.#failures.get(peer)
    return known === undefined ? 0 : decayed(known, now)
  }

  failed(peer: PeerId, now: number): void {
    this.#set(peer, Math.min(FAILURES_MAX, this.failures(peer, now) + 1), now)
  }

  /** A job well done makes up for half of what was held against the peer. */
  succeeded(peer: PeerId, now: number): void {
    if (this.#failures.has(peer)) this.#set(peer, this.failures(peer, now) / 2, now)
  }

  #set(peer: PeerId, count: number, now: number): void {
    this.#failures.delete(peer)
    if (count > FORGOTTEN) this.#failures.set(peer, { count, at: now })
    if (this.#failures.size <= PEERS_MAX) return
    const [oldest] = this.#failures.keys()
    if (oldest !== undefined) this.#failures.delete(oldest)
  }
}

function decayed({ count, at }: Failures, now: number): number {
  const left = count * 0.5 ** ((now - at) / REPUTATION_HALF_LIFE_MS)
  return left > FORGOTTEN ? left : 0
}
