import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import type { PrivateKey } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { PEERS_MAX } from '../base/limits.ts'
import type { Signatures } from '../cache/signatures.ts'

/**
 * Signatures by the Ed25519 keys that peers are named after: a name of that kind holds the public key. libp2p's own keys are
 * read anew for each signature, which takes longer than to sign; these are read once.
 */
export function peerSignatures(key: PrivateKey): Signatures {
  const own = key.type === 'Ed25519' ? privateKeyOf(key.raw) : undefined
  const keys = new PublicKeys()
  return {
    sign: async (bytes) => (own === undefined ? key.sign(bytes) : sign(null, bytes, own)),
    verify: async (node, bytes, signature) => {
      try {
        const publicKey = keys.of(node)
        return publicKey !== undefined && verify(null, bytes, publicKey, signature)
      } catch {
        return false // No name of a peer, or no signature.
      }
    },
  }
}

/** Those of the peers of a whole mesh. */
class PublicKeys {
  readonly #known = new Map<string, KeyObject | undefined>()

  /** Undefined for a key of another kind. Throws for what is no name of a peer. */
  of(node: string): KeyObject | undefined {
    if (this.#known.has(node)) return this.#known.get(node)
    const { publicKey } = peerIdFromString(node)
    const key = publicKey?.type === 'Ed25519' ? publicKeyOf(publicKey.raw) : undefined
    if (this.#known.size === PEERS_MAX) this.#known.clear() // Producers that are long gone: their results live on.
    this.#known.set(node, key)
    return key
  }
}

/** Seed and public key, 32 bytes each, as libp2p holds them. */
const ED25519_HALF_BYTES = 32

function privateKeyOf(raw: Uint8Array): KeyObject {
  const d = base64url(raw.subarray(0, ED25519_HALF_BYTES))
  const x = base64url(raw.subarray(ED25519_HALF_BYTES))
  return createPrivateKey({ key: { ...OKP, d, x }, format: 'jwk' })
}

function publicKeyOf(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: { ...OKP, x: base64url(raw) }, format: 'jwk' })
}

/** RFC 8037. */
const OKP = { kty: 'OKP', crv: 'Ed25519' } as const

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}
