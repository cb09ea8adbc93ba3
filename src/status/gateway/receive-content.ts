import { createHash } from 'node:crypto'
import type { Sha256Hex } from '../../base/digest.ts'
import { asBlobDigest } from '../../cache/digest.ts'
import type { EntryContent } from '../../cache/entry.ts'

/** Reads a body into memory and hashes it as it comes. Undefined when it is not as long as was said. Rejects when the client breaks off. */
export async function receiveContent(
  body: AsyncIterable<Uint8Array>,
  length: number,
): Promise<EntryContent | undefined> {
  const bytes = Buffer.allocUnsafeSlow(length)
  const hash = createHash('sha256')
  let end = 0
  for await (const chunk of body) {
    if (end + chunk.length > length) return undefined
    bytes.set(chunk, end)
    hash.update(chunk)
    end += chunk.length
  }
  return end === length ? { bytes, digest: asBlobDigest(hash.digest('hex') as Sha256Hex) } : undefined
}
