import { type Sha256Hex, sha256 } from '../base/digest.ts'

/** Names bytes. Whoever has the bytes can check it, so it may come from anyone. */
export type BlobDigest = Sha256Hex & { readonly __blob: true }

/** Names a compile by all that it depends on. What is said to have come of it is somebody's word, so it is no `BlobDigest`. */
export type ActionKey = Sha256Hex & { readonly __action: true }

/** The digest of bytes. */
export function blobDigest(bytes: Uint8Array): BlobDigest {
  return sha256(bytes) as BlobDigest
}

/** A SHA-256 of some bytes (of an input, of an output) as the name of a blob. */
export function asBlobDigest(digest: Sha256Hex): BlobDigest {
  return digest as BlobDigest
}
