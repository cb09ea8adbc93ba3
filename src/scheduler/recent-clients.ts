import type { Clock } from '../base/clock.ts'
import { NEWS_OF_LOAD_MS, PEERS_MAX } from '../base/limits.ts'
import { AgingMap } from '../compiler/includes/aging-map.ts'
import type { PeerId } from '../protocols/mesh.ts'

/** Peers that have jobs here, or had some a moment ago: who may send more wants to know at once how busy this node is. */
export class RecentClients {
  readonly #clock: Pick<Clock, 'now'>
  /** How many jobs of each are here; none of those that have none. */
  readonly #jobs = new Map<PeerId, number>()
  /** When the last job of each was over. */
  readonly #overAt = new AgingMap<PeerId, number>(PEERS_MAX)

  constructor({ clock }: { readonly clock: Pick<Clock, 'now'> }) {
    this.#clock = clock
  }

  /** A job came, which need not be taken. */
  began(peer: PeerId): void {
    this.#jobs.set(peer, (this.#jobs.get(peer) ?? 0) + 1)
  }

  /** A job that `began` is over: answered, refused or broken off. */
  ended(peer: PeerId): void {
    const left = (this.#jobs.get(peer) ?? 0) - 1
    if (left > 0) this.#jobs.set(peer, left)
    else this.#jobs.delete(peer)
    this.#overAt.set(peer, this.#clock.now())
  }

  has(peer: PeerId): boolean {
    const overAt = this.#overAt.get(peer) ?? Number.NEGATIVE_INFINITY
    return this.#jobs.has(peer) || this.#clock.now() - overAt < NEWS_OF_LOAD_MS
  }
}
