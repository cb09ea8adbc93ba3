import { CACHE_WEIGHT_MAX_BYTES } from '../base/limits.ts'
import type { Member } from '../cache/rendezvous.ts'
import type { PeerId } from '../protocols/mesh.ts'
import type { PeerTable } from './peer-table.ts'

/**
 * Who keeps results for the mesh, as this node sees it: itself, and all who are in the mesh. Also those that are quiet for a
 * moment, so that homes do not move for that.
 */
export function cacheMembers(
  self: PeerId,
  cacheBytes: number,
  peers: Pick<PeerTable, 'alive'>,
): readonly Member<PeerId>[] {
  const weigh = (id: PeerId, bytes: number) => ({ id, weight: Math.min(bytes, CACHE_WEIGHT_MAX_BYTES) })
  return [weigh(self, cacheBytes), ...peers.alive().map(({ id, announcement }) => weigh(id, announcement.cacheBytes))]
}
