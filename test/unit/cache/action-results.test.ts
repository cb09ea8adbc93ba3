import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { encode } from 'cborg'
import { ACTION_PRINTED_MAX_BYTES, OUTPUTS_MAX, SIGNATURE_MAX_BYTES } from '../../../src/base/limits.ts'
import type { ActionResult } from '../../../src/cache/action-result.ts'
import { decodeActionResult, encodeActionResult } from '../../../src/cache/action-result-codec.ts'
import { resultFile, resultIn } from '../../../src/cache/result-file.ts'
import { seededBytes } from '../launcher/seeded-bytes.ts'
import { keyOf, resultOf } from './actions.ts'
import { blobOf, CacheBench, FOLDER, wordOf } from './cache-bench.ts'

const KEY = keyOf('main.c')
const pathOfResult = `${FOLDER}/results/${KEY.slice(0, 2)}/${KEY.slice(2)}`
const RESULT: ActionResult = { ...resultOf(blobOf('object').digest), signature: Uint8Array.of(1, 2) }

async function storedOn(bench: CacheBench, key = KEY) {
  const digest = await bench.store('object')
  assert.equal(await bench.cache.results.store(key, resultOf(digest)), true)
  return digest
}

test('what was stored is found, by the next node too, with all that it says', async () => {
  const bench = await CacheBench.started()
  const digest = await storedOn(bench)
  assert.deepEqual(bench.cache.results.find(KEY), resultOf(digest))
  await bench.restart()
  assert.deepEqual(bench.cache.results.find(KEY), resultOf(digest))
  assert.equal(wordOf(await bench.cache.blobs.read(digest)), 'object')
})

test('what was asked for before is found again without the disk', async () => {
  const bench = await CacheBench.started()
  await storedOn(bench)
  await bench.restart()
  bench.cache.results.find(KEY)
  const before = { ...bench.disk.calls }
  assert.ok(bench.cache.results.find(KEY))
  assert.equal(bench.cache.results.find(keyOf('other.c')), undefined)
  assert.deepEqual(bench.disk.calls, before)
})

test('hits and misses are counted', async () => {
  const bench = await CacheBench.started()
  await storedOn(bench)
  for (const key of [KEY, KEY, keyOf('other.c')]) bench.cache.results.find(key)
  const { hits, misses } = bench.cache.stats()
  assert.deepEqual({ hits, misses }, { hits: 2, misses: 1 })
})

test('a result without its blobs is not stored', async () => {
  const { cache } = await CacheBench.started()
  assert.equal(await cache.results.store(KEY, resultOf(blobOf('object').digest)), false)
  assert.equal(cache.results.find(KEY), undefined)
})

test('a result whose blob is gone is a miss, and can be stored again', async () => {
  const bench = await CacheBench.started()
  const digest = await storedOn(bench)
  bench.disk.files.delete(bench.pathOf(digest))
  assert.equal(wordOf(await bench.cache.blobs.read(digest)), undefined)
  assert.equal(bench.cache.results.find(KEY), undefined)
  await storedOn(bench)
  assert.ok(bench.cache.results.find(KEY))
})

test('a digest names a blob or an action, never both', async () => {
  const bench = await CacheBench.started()
  const digest = await storedOn(bench)
  const confused: string = digest
  assert.equal(bench.cache.results.find(confused as typeof KEY), undefined)
  assert.equal(bench.cache.blobs.has(KEY as string as typeof digest), false)
})

describe('a result on disk that is', () => {
  const file = () => {
    const bytes = resultFile(KEY, RESULT)
    assert.ok(bytes)
    return bytes
  }

  test('as it was written says what it said', () => assert.deepEqual(resultIn(KEY, file()), RESULT))

  test('damaged in any bit says nothing', () => {
    const whole = file()
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const damaged = Uint8Array.from(whole)
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      assert.equal(resultIn(KEY, damaged), undefined, `bit ${bit}`)
    }
  })

  test('cut off anywhere says nothing', () => {
    const whole = file()
    for (let length = 0; length < whole.length; length += 1) {
      assert.equal(resultIn(KEY, whole.subarray(0, length)), undefined, `${length} bytes`)
    }
  })

  test('in the place of another says nothing', () => assert.equal(resultIn(keyOf('other.c'), file()), undefined))

  test('corrupt is a miss, and dropped', async () => {
    const bench = await CacheBench.started()
    await storedOn(bench)
    bench.disk.flip(pathOfResult, 300)
    await bench.restart()
    assert.equal(bench.cache.results.find(KEY), undefined)
    await bench.cache.stop()
    assert.equal(bench.disk.files.has(pathOfResult), false)
    assert.equal(bench.cache.stats().dropped, 1)
  })
})

describe('bytes of strangers', () => {
  test('are results only within all bounds', () => {
    const [output] = resultOf(blobOf('object').digest).outputs
    assert.ok(output)
    const broken: Readonly<Record<string, Partial<ActionResult>>> = {
      'too many outputs': { outputs: Array.from({ length: OUTPUTS_MAX + 1 }, () => output) },
      'an empty path': { outputs: [{ ...output, path: '' }] },
      'a path with a NUL': { outputs: [{ ...output, path: 'a\0b' }] },
      'a path too long': { outputs: [{ ...output, path: 'a'.repeat(5000) }] },
      'a negative size': { outputs: [{ ...output, bytes: -1 }] },
      'a digest too short': { outputs: [{ ...output, digest: 'abcd' as typeof output.digest }] },
      'printed too much': { stderr: new Uint8Array(ACTION_PRINTED_MAX_BYTES + 1) },
      'a producer too long': { producer: 'a'.repeat(1000) },
      'a cost that is none': { costMs: Number.NaN },
      'a time before all times': { createdAt: -1 },
      'a signature too long': { signature: new Uint8Array(SIGNATURE_MAX_BYTES + 1) },
    }
    for (const [name, fields] of Object.entries(broken)) {
      assert.equal(encodeActionResult({ ...RESULT, ...fields }), undefined, name)
    }
  })

  test('of other forms are none', () => {
    for (const value of [null, 1, 'text', [], {}, { outputs: {} }, { outputs: [1] }]) {
      assert.equal(decodeActionResult(encode(value)), undefined, JSON.stringify(value))
    }
    for (let seed = 0; seed < 500; seed += 1) {
      const next = seededBytes(seed)
      const bytes = Uint8Array.from({ length: next() }, next)
      assert.equal(decodeActionResult(bytes), undefined, `seed ${seed}`)
    }
  })

  test('with fields of later versions are results', () => {
    const known = encodeActionResult(RESULT)
    assert.ok(known)
    const { outputs, ...rest } = RESULT
    const later = encode({
      ...rest,
      outputs: outputs.map(({ path, digest, bytes }) => [path, Buffer.from(digest, 'hex'), bytes]),
      later: 1,
    })
    assert.deepEqual(decodeActionResult(later), RESULT)
  })
})
