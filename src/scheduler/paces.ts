import type { Clock } from '../base/clock.ts'
import type { PeerId } from '../protocols/mesh.ts'

/** Below, a compile's time is that of starting it. */
const MEANINGFUL_MS = 20
/** What is left of what a compile says with each that comes after it: a machine that others begin to use should be noticed within a few. */
const KEPT_SHARE = 0.75
/** The least that is believed of a place. */
const PACE_MIN = 0.01
/** A slow place is asked seldom, so it is forgiven: its lack is halved in this time. A build may pause for a minute to configure. */
const HALF_LIFE_MS = 300_000

/**
 * Most that one compile counts for: long ones count for more, since a quota lets short ones through as if there were none, but one
 * that was stopped on its way is not to undo all others.
 */
const COUNTED_MAX_MS = 4_000
/** A place begins as one that gave so much time in full: the first compile on a cold disk says little. */
const FIRST = { cpuMs: 500, wallMs: 500 }

/** The last compiles at one place together. */
interface Seen {
  readonly cpuMs: number
  readonly wallMs: number
  readonly at: number
}

/**
 * How much of a core compiles get at each place: less than one where others compute too, or under a quota. What cores are
 * worth is not compared.
 */
export class Paces {
  readonly #clock: Pick<Clock, 'now'>
  readonly #peers = new Map<PeerId, Seen>()
  #here: Seen | undefined

  constructor({ clock }: { readonly clock: Pick<Clock, 'now'> }) {
    this.#clock = clock
  }

  /** CPU time per time, of compiles at a peer; 1 for one that has not compiled yet, so that it is tried. */
  of(peer: PeerId): number {
    return this.#now(this.#peers.get(peer))
  }

  get here(): number {
    return this.#now(this.#here)
  }

  noteAt(peer: PeerId, cpuMs: number, wallMs: number): void {
    if (isMeaningful(cpuMs, wallMs)) this.#peers.set(peer, this.#next(this.#peers.get(peer), cpuMs, wallMs))
  }

  noteHere(cpuMs: number, wallMs: number): void {
    if (isMeaningful(cpuMs, wallMs)) this.#here = this.#next(this.#here, cpuMs, wallMs)
  }

  forget(peer: PeerId): void {
    this.#peers.delete(peer)
  }

  #now(seen: Seen | undefined): number {
    if (seen === undefined) return 1
    return 1 - (1 - seen.cpuMs / seen.wallMs) * this.#unforgiven(seen)
  }

  #next(seen: Seen | undefined, cpuMs: number, wallMs: number): Seen {
    const before = seen === undefined ? FIRST : this.#forgiving(seen)
    const countedMs = Math.min(COUNTED_MAX_MS, wallMs)
    const pace = Math.min(1, Math.max(PACE_MIN, cpuMs / wallMs))
    return {
      cpuMs: KEPT_SHARE * before.cpuMs + pace * countedMs,
      wallMs: KEPT_SHARE * before.wallMs + countedMs,
      at: this.#clock.now(),
    }
  }

  /** What was seen as it counts by now: what is forgiven stays forgiven, and old news weighs less than new. */
  #forgiving(seen: Seen): Pick<Seen, 'cpuMs' | 'wallMs'> {
    const wallMs = seen.wallMs * this.#unforgiven(seen)
    return { cpuMs: wallMs * this.#now(seen), wallMs }
  }

  #unforgiven({ at }: Seen): number {
    return 0.5 ** ((this.#clock.now() - at) / HALF_LIFE_MS)
  }
}

/** False for NaN, too. */
function isMeaningful(cpuMs: number, wallMs: number): boolean {
  return cpuMs >= MEANINGFUL_MS && wallMs >= MEANINGFUL_MS
}
