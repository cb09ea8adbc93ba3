import { CACHE_HELD_BYTES, CACHE_HELD_PER_PEER_BYTES } from '../base/limits.ts'
import type { PeerId } from '../protocols/mesh.ts'

/** Memory that results take while they are on their way: of all peers so much, and of one a part of it. */
export class HeldBytes {
  /** Of peers that hold some. */
  readonly #byPeer = new Map<PeerId, number>()
  #total = 0

  /** Undefined when that would be too much; else what gives it back, once. */
  take(peer: PeerId, bytes: number): (() => void) | undefined {
    const held = this.#byPeer.get(peer) ?? 0
    if (held + bytes > CACHE_HELD_PER_PEER_BYTES || this.#total + bytes > CACHE_HELD_BYTES) return undefined
    this.#add(peer, bytes)
    return () => this.#add(peer, -bytes)
  }

  #add(peer: PeerId, bytes: number): void {
    const held = (this.#byPeer.get(peer) ?? 0) + bytes
    this.#total += bytes
    if (held === 0) this.#byPeer.delete(peer)
    else this.#byPeer.set(peer, held)
  }
}
