import { encode } from 'cborg'
import { isSha256, type Sha256Hex } from '../base/digest.ts'
import { HybridgridError, messageOf } from '../base/errors.ts'
import { ACTION_RESULT_MAX_BYTES, CACHE_FRAME_MAX_BYTES, CACHE_PARCEL_MAX_BYTES } from '../base/limits.ts'
import type { CacheReply, CacheRequest } from './cache.ts'
import { decodeCbor, type Fields, fieldReader, isBoolean, isBytesUpTo, isCountUpTo } from './cbor-fields.ts'
import { packedMaxBytes } from './compression.ts'

export type CacheCodecFailure =
  | { readonly code: 'CACHE_FRAME_NOT_CBOR' }
  | { readonly code: 'CACHE_FIELD_BAD'; readonly field: string }

/** A frame of the cache protocol is not one. */
export class CacheCodecError extends HybridgridError<CacheCodecFailure> {}

/** First frame of a request. */
export function encodeCacheRequest(request: CacheRequest): Uint8Array {
  return encode({ ...request, key: Buffer.from(request.key, 'hex') })
}

export function encodeCacheReply(reply: CacheReply): Uint8Array {
  return encode(reply)
}

/** What stands before the outputs of an offered result. */
export function encodeOutputsHeader(sentBytes: number): Uint8Array {
  return encode({ sentBytes })
}

/** What a client asks. Throws `CacheCodecError` and nothing else, whatever the bytes. Fields of later versions are passed over. */
export function decodeCacheRequest(frame: Uint8Array): CacheRequest {
  const fields = parse(frame)
  const key = keyIn(fields)
  const ask = fields.get('ask')
  if (ask === 'find') return { ask, key, claim: field(fields, 'claim', isBoolean) }
  if (ask === 'store') return { ask, key, result: field(fields, 'result', isResult) }
  if (ask === 'end') return { ask, key }
  throw bad('ask')
}

/** What a home answers. Throws `CacheCodecError` and nothing else, whatever the bytes. Fields of later versions are passed over. */
export function decodeCacheReply(frame: Uint8Array): CacheReply {
  const fields = parse(frame)
  const status = fields.get('status')
  if (status === 'known') return { status, result: field(fields, 'result', isResult), sentBytes: sentBytesIn(fields) }
  if (status === 'unknown') return { status, claimed: field(fields, 'claimed', isBoolean) }
  const plain = PLAIN_REPLIES.find((each) => each === status)
  if (plain === undefined) throw bad('status')
  return { status: plain }
}

/** How many bytes of outputs follow. Throws `CacheCodecError`. */
export function decodeOutputsHeader(frame: Uint8Array): number {
  return sentBytesIn(parse(frame))
}

const PLAIN_REPLIES = ['running', 'wanted', 'kept', 'refused', 'ended'] as const

function parse(frame: Uint8Array): Fields {
  if (frame.length > CACHE_FRAME_MAX_BYTES) throw bad('frame')
  return asFields(decoded(frame), 'frame')
}

function decoded(frame: Uint8Array): unknown {
  try {
    return decodeCbor(frame)
  } catch (error) {
    throw new CacheCodecError({ code: 'CACHE_FRAME_NOT_CBOR' }, `not CBOR: ${messageOf(error)}`, { cause: error })
  }
}

function keyIn(fields: Fields): Sha256Hex {
  const bytes = field(fields, 'key', isBytesUpTo(SHA256_BYTES))
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
  if (!isSha256(hex)) throw bad('key')
  return hex
}

function sentBytesIn(fields: Fields): number {
  return field(fields, 'sentBytes', isCountUpTo(packedMaxBytes(CACHE_PARCEL_MAX_BYTES)))
}

function bad(name: string): CacheCodecError {
  return new CacheCodecError({ code: 'CACHE_FIELD_BAD', field: name }, `missing or out of bounds: ${name}`)
}

const { map: asFields, field } = fieldReader(bad)

const SHA256_BYTES = 32
const isResult = isBytesUpTo(ACTION_RESULT_MAX_BYTES)
