import type { PeerId } from '../protocols/mesh.ts'

/** Below, a compile's time is that of starting it. */
const MEANINGFUL_MS = 20
/** Weight of the newest compile: a machine that others begin to use should be noticed within a few. */
const NEWEST_WEIGHT = 0.25
/** The least that is believed of a place. */
const PACE_MIN = 0.01

/** How much of a core compiles get at each place: less than one where others compute too, or under a quota. */
export class Paces {
  readonly #peers = new Map<PeerId, number>()
  #here = 1

  /** CPU time per time, of compiles at a peer; 1 for one that has not compiled yet, so that it is tried. */
  of(peer: PeerId): number {
    return this.#peers.get(peer) ?? 1
  }

  get here(): number {
    return this.#here
  }

  noteAt(peer: PeerId, cpuMs: number, wallMs: number): void {
    this.#peers.set(peer, next(this.#peers.get(peer), cpuMs, wallMs) ?? this.of(peer))
  }

  noteHere(cpuMs: number, wallMs: number): void {
    this.#here = next(this.#here, cpuMs, wallMs) ?? this.#here
  }

  forget(peer: PeerId): void {
    this.#peers.delete(peer)
  }
}

function next(before: number | undefined, cpuMs: number, wallMs: number): number | undefined {
  if (!(cpuMs >= MEANINGFUL_MS && wallMs >= MEANINGFUL_MS)) return before // NaN, too.
  const newest = Math.min(1, Math.max(PACE_MIN, cpuMs / wallMs))
  return before === undefined ? newest : before + NEWEST_WEIGHT * (newest - before)
}
