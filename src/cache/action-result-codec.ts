import { decode, encode } from 'cborg'
import { isSha256 } from '../base/digest.ts'
import {
  ACTION_PRINTED_MAX_BYTES,
  ACTION_RESULT_MAX_BYTES,
  OUTPUT_MAX_BYTES,
  OUTPUTS_MAX,
  PATH_MAX_BYTES,
  PEER_ID_MAX_LENGTH,
  SIGNATURE_MAX_BYTES,
} from '../base/limits.ts'
import { listOf } from '../base/list-of.ts'
import type { ActionOutput, ActionResult } from './action-result.ts'
import { asBlobDigest, type BlobDigest } from './digest.ts'

/** A result as bytes; undefined when it is beyond the bounds that `decodeActionResult` keeps. */
export function encodeActionResult(result: ActionResult): Uint8Array | undefined {
  const bytes = encode({
    outputs: result.outputs.map(({ path, digest, bytes }) => [path, Buffer.from(digest, 'hex'), bytes]),
    stdout: result.stdout,
    stderr: result.stderr,
    producer: result.producer,
    costMs: Math.round(result.costMs),
    createdAt: Math.round(result.createdAt),
    ...(result.signature === undefined ? {} : { signature: result.signature }),
  })
  return decodeActionResult(bytes) === undefined ? undefined : bytes
}

/** What bytes from a disk or a peer say; undefined when they are no result, whatever they are. Fields of later versions are passed over. */
export function decodeActionResult(bytes: Uint8Array): ActionResult | undefined {
  const fields = bytes.length > ACTION_RESULT_MAX_BYTES ? undefined : parse(bytes)
  if (!(fields instanceof Map)) return undefined
  const [stdout, stderr, producer] = [fields.get('stdout'), fields.get('stderr'), fields.get('producer')]
  const [costMs, createdAt, signature] = [fields.get('costMs'), fields.get('createdAt'), fields.get('signature')]
  const outputs = decodeOutputs(fields.get('outputs'))
  if (outputs === undefined || !isBytes(stdout) || !isBytes(stderr)) return undefined
  if (stdout.length + stderr.length > ACTION_PRINTED_MAX_BYTES) return undefined
  if (typeof producer !== 'string' || producer.length > PEER_ID_MAX_LENGTH) return undefined
  if (!isCount(costMs) || !isCount(createdAt)) return undefined
  const result = { outputs, stdout, stderr, producer, costMs, createdAt }
  if (signature === undefined) return result
  return isBytes(signature) && signature.length <= SIGNATURE_MAX_BYTES ? { ...result, signature } : undefined
}

function parse(bytes: Uint8Array): unknown {
  try {
    // Maps, because a plain object would take a key like `__proto__` for more than a key.
    return decode(bytes, { useMaps: true, rejectDuplicateMapKeys: true, allowIndefinite: false })
  } catch {
    return undefined
  }
}

function decodeOutputs(value: unknown): readonly ActionOutput[] | undefined {
  return listOf(value, OUTPUTS_MAX, decodeOutput)
}

function decodeOutput(value: unknown): ActionOutput | undefined {
  if (!Array.isArray(value)) return undefined
  const [path, named, bytes]: readonly unknown[] = value
  const digest = isBytes(named) ? digestFrom(named) : undefined
  if (typeof path !== 'string' || path === '' || path.includes('\0')) return undefined
  if (Buffer.byteLength(path) > PATH_MAX_BYTES) return undefined
  if (digest === undefined || !isCount(bytes) || bytes > OUTPUT_MAX_BYTES) return undefined
  return { path, digest, bytes }
}

function digestFrom(bytes: Uint8Array): BlobDigest | undefined {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
  return isSha256(hex) ? asBlobDigest(hex) : undefined
}

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
