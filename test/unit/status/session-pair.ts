import type { MeshSession, PeerId } from '../../../src/protocols/mesh.ts'
import { SimSession } from '../../sim/session.ts'

/** Both ends of a session without a network: each hears at once what the other says. */
export function sessionPair(a: PeerId, b: PeerId): { readonly toA: MeshSession; readonly toB: MeshSession } {
  const windowBytes = 256 * 1024
  const toA: SimSession = new SimSession({ peer: a, windowBytes }, (word) => queueMicrotask(() => toB.receive(word)))
  const toB: SimSession = new SimSession({ peer: b, windowBytes }, (word) => queueMicrotask(() => toA.receive(word)))
  return { toA, toB }
}
