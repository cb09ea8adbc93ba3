import type { PeerId as Libp2pPeerId } from '@libp2p/interface'
import type { PeerId } from '../protocols/mesh.ts'

/** A peer's identity as the rest of the program knows it, from one that libp2p has checked. */
export function peerIdOf(id: Libp2pPeerId): PeerId {
  return id.toString() as PeerId
}
