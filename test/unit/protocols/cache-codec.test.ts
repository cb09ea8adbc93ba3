import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { encode } from 'cborg'
import { sha256 } from '../../../src/base/digest.ts'
import { ACTION_RESULT_MAX_BYTES, CACHE_FRAME_MAX_BYTES, CACHE_PARCEL_MAX_BYTES } from '../../../src/base/limits.ts'
import type { CacheReply, CacheRequest } from '../../../src/protocols/cache.ts'
import {
  CacheCodecError,
  decodeCacheReply,
  decodeCacheRequest,
  decodeOutputsHeader,
  encodeCacheReply,
  encodeCacheRequest,
  encodeOutputsHeader,
} from '../../../src/protocols/cache-codec.ts'
import { seededBuffer } from '../launcher/seeded-bytes.ts'

const key = sha256('an action')
const KEY = Buffer.from(key, 'hex')
const result = Uint8Array.of(1, 2, 3)

test('requests and replies survive the way over the wire', () => {
  const requests: readonly CacheRequest[] = [
    { ask: 'find', key, claim: true },
    { ask: 'store', key, result },
    { ask: 'end', key },
  ]
  for (const request of requests) assert.deepEqual(decodeCacheRequest(encodeCacheRequest(request)), request)
  const replies: readonly CacheReply[] = [
    { status: 'known', result, sentBytes: 77 },
    { status: 'unknown', claimed: true },
    { status: 'running' },
    { status: 'wanted' },
    { status: 'kept' },
    { status: 'refused' },
    { status: 'ended' },
  ]
  for (const reply of replies) assert.deepEqual(decodeCacheReply(encodeCacheReply(reply)), reply)
  assert.equal(decodeOutputsHeader(encodeOutputsHeader(9)), 9)
})

test('the largest result fits in a frame', () => {
  const request = { ask: 'store', key, result: new Uint8Array(ACTION_RESULT_MAX_BYTES) } as const
  const reply = { status: 'known', result: request.result, sentBytes: CACHE_PARCEL_MAX_BYTES } as const
  assert.equal(decodeCacheRequest(encodeCacheRequest(request)).ask, 'store')
  assert.equal(decodeCacheReply(encodeCacheReply(reply)).status, 'known')
})

suite('what is no request is refused', () => {
  const bad: Readonly<Record<string, unknown>> = {
    'a key that is too short': { ask: 'end', key: KEY.subarray(1) },
    'a key that is too long': { ask: 'end', key: Buffer.concat([KEY, KEY]) },
    'a key in words': { ask: 'end', key },
    'no key': { ask: 'end' },
    'another question': { ask: 'drop', key: KEY },
    'no intent': { ask: 'find', key: KEY },
    'a result that is none': { ask: 'store', key: KEY, result: 'x' },
    'a result beyond the bound': { ask: 'store', key: KEY, result: new Uint8Array(ACTION_RESULT_MAX_BYTES + 1) },
    'no map': [1],
  }
  for (const [why, value] of Object.entries(bad)) {
    test(why, () => assert.throws(() => decodeCacheRequest(encode(value)), CacheCodecError))
  }
})

suite('what is no reply is refused', () => {
  const bad: Readonly<Record<string, unknown>> = {
    'another status': { status: 'maybe' },
    'outputs beyond the bound': { status: 'known', result, sentBytes: 2 * CACHE_PARCEL_MAX_BYTES },
    'outputs below nothing': { status: 'known', result, sentBytes: -1 },
    'half a byte': { status: 'known', result, sentBytes: 0.5 },
    'a claim that is no yes or no': { status: 'unknown', claimed: 1 },
  }
  for (const [why, value] of Object.entries(bad)) {
    test(why, () => assert.throws(() => decodeCacheReply(encode(value)), CacheCodecError))
  }
})

test('a frame over the bound is not even parsed', () => {
  assert.throws(() => decodeCacheRequest(new Uint8Array(CACHE_FRAME_MAX_BYTES + 1)), CacheCodecError)
})

test('hostile bytes give our own error and nothing else', () => {
  const good = [
    encodeCacheRequest({ ask: 'store', key, result }),
    encodeCacheReply({ status: 'known', result, sentBytes: 77 }),
  ]
  for (let seed = 0; seed < 3_000; seed += 1) {
    const noise = seededBuffer(seed, 6)
    const frame = Buffer.from(good[seed % 2] ?? noise)
    frame[(noise[0] ?? 0) % frame.length] = noise[1] ?? 0
    frame[(noise[2] ?? 0) % frame.length] = noise[3] ?? 0
    for (const decode of [decodeCacheRequest, decodeCacheReply, decodeOutputsHeader]) {
      for (const bytes of [frame, noise]) {
        try {
          decode(bytes)
        } catch (error) {
          assert.ok(error instanceof CacheCodecError, `seed ${seed}: ${String(error)}`)
        }
      }
    }
  }
})
