import { sha256 } from '../base/digest.ts'
import type { ActionResult } from './action-result.ts'
import { decodeActionResult, encodeActionResult } from './action-result-codec.ts'
import type { ActionKey } from './digest.ts'

/**
 * A result as it lies on disk: a checksum, then the result. Its name says nothing of its content, as a blob's does, so the
 * checksum covers both: a file that is damaged, or in the place of another, is noticed. Undefined when it is too large.
 */
export function resultFile(key: ActionKey, result: ActionResult): Uint8Array | undefined {
  const encoded = encodeActionResult(result)
  return encoded && Buffer.concat([checksum(key, encoded), encoded])
}

/** The result in such a file; undefined when it is damaged. */
export function resultIn(key: ActionKey, file: Uint8Array): ActionResult | undefined {
  const encoded = file.subarray(CHECKSUM_BYTES)
  if (Buffer.compare(file.subarray(0, CHECKSUM_BYTES), checksum(key, encoded)) !== 0) return undefined
  return decodeActionResult(encoded)
}

const CHECKSUM_BYTES = 32

function checksum(key: ActionKey, encoded: Uint8Array): Uint8Array {
  return Buffer.from(sha256(Buffer.concat([Buffer.from(key, 'hex'), encoded])), 'hex')
}
