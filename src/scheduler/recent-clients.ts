import type { Clock } from '../base/clock.ts'
import { NEWS_OF_LOAD_MS, PEERS_MAX } from '../base/limits.ts'
import { AgingMap } from '../compiler/includes/aging-map.ts'
import type { PeerId } from '../protocols/mesh.ts'

/** Peers that gave this node work within the last NEWS_OF_LOAD_MS: who may send more wants to know at once how busy it is. */
export class RecentClients {
  readonly #clock: Pick<Clock, 'now'>
  /** When each last gave work, or got some back. */
  readonly #seenAt = new AgingMap<PeerId, number>(PEERS_MAX)

  constructor({ clock }: { readonly clock: Pick<Clock, 'now'> }) {
    this.#clock = clock
  }

  /** The peer gave work, or got some back, just now. */
  seen(peer: PeerId): void {
    this.#seenAt.set(peer, this.#clock.now())
  }

  has(peer: PeerId): boolean {
    return this.#clock.now() - (this.#seenAt.get(peer) ?? Number.NEGATIVE_INFINITY) < NEWS_OF_LOAD_MS
  }
}
