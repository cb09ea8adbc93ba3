import type { PrivateKey } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import type { Signatures } from '../cache/signatures.ts'

/** Signatures by the Ed25519 keys that peers are named after: a name of that kind holds the public key. */
export function peerSignatures(key: PrivateKey): Signatures {
  return {
    sign: async (bytes) => key.sign(bytes),
    verify: async (node, bytes, signature) => {
      try {
        const { publicKey } = peerIdFromString(node)
        return publicKey?.type === 'Ed25519' && (await publicKey.verify(bytes, signature))
      } catch {
        return false // No name of a peer, or no signature.
      }
    },
  }
}
