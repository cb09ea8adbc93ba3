import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RecentBlobs } from '../../../src/cache/recent-blobs.ts'
import { blobOf } from './cache-bench.ts'

const [a, b, c] = [blobOf('a', 10), blobOf('b', 10), blobOf('c', 10)]

test('the blobs used last are kept, up to the limit', () => {
  const recent = new RecentBlobs({ maxBytes: 20, blobMaxBytes: 10 })
  recent.add(a.digest, a.bytes)
  recent.add(b.digest, b.bytes)
  recent.get(a.digest)
  recent.add(c.digest, c.bytes)
  assert.deepEqual(
    [a, b, c].map(({ digest }) => recent.get(digest) !== undefined),
    [true, false, true],
  )
})

test('a large blob does not push out many small ones', () => {
  const recent = new RecentBlobs({ maxBytes: 20, blobMaxBytes: 10 })
  recent.add(a.digest, a.bytes)
  const large = blobOf('large', 11)
  recent.add(large.digest, large.bytes)
  assert.equal(recent.get(large.digest), undefined)
  assert.ok(recent.get(a.digest))
})

test('part of a larger buffer is kept without the rest', () => {
  const recent = new RecentBlobs({ maxBytes: 20, blobMaxBytes: 10 })
  const buffer = new Uint8Array(1000)
  buffer.set(a.bytes, 500)
  recent.add(a.digest, buffer.subarray(500, 510))
  assert.deepEqual(recent.get(a.digest), a.bytes)
  assert.equal(recent.get(a.digest)?.buffer.byteLength, 10)
})
