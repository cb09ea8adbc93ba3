import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { asBlobDigest, blobDigest } from '../../../src/cache/digest.ts'
import { blobOf, CacheBench, FOLDER, KIB, wordOf } from './cache-bench.ts'

test('what was written is read', async () => {
  const { cache } = await CacheBench.started()
  const { digest, bytes } = blobOf('object')
  assert.equal(cache.blobs.has(digest), false)
  assert.equal(await cache.blobs.write(digest, bytes), true)
  assert.equal(cache.blobs.has(digest), true)
  assert.deepEqual(await cache.blobs.read(digest), bytes)
  assert.equal(cache.blobs.file(digest), `blobs/${digest.slice(0, 2)}/${digest.slice(2)}`)
})

test('an empty blob is a blob', async () => {
  const { cache } = await CacheBench.started()
  const digest = blobDigest(new Uint8Array())
  assert.equal(await cache.blobs.write(digest, new Uint8Array()), true)
  assert.deepEqual(await cache.blobs.read(digest), new Uint8Array())
})

test('the next node has what this one had', async () => {
  const bench = await CacheBench.started()
  const digest = await bench.store('object')
  await bench.restart()
  assert.equal(bench.cache.blobs.has(digest), true)
  assert.equal(wordOf(await bench.cache.blobs.read(digest)), 'object')
})

test('what is on disk is found while the folders are still being read', async () => {
  const bench = await CacheBench.started()
  const digest = await bench.store('object')
  const restarted = bench.restart()
  assert.equal(bench.cache.blobs.has(digest), true)
  assert.equal(wordOf(await bench.cache.blobs.read(digest)), 'object')
  await restarted
  assert.equal(bench.cache.blobs.has(digest), true)
})

test('once the folders are read, nothing is asked of the disk for what is not there, and for what is in memory', async () => {
  const bench = await CacheBench.started()
  const { digest, bytes } = blobOf('object')
  await bench.cache.blobs.write(digest, bytes, 'recent')
  const before = { ...bench.disk.calls }
  assert.equal(bench.cache.blobs.has(blobOf('unknown').digest), false)
  assert.equal(bench.cache.blobs.has(digest), true)
  assert.deepEqual(await bench.cache.blobs.read(digest), bytes)
  assert.deepEqual(bench.disk.calls, before)
})

test('the same blob written twice at once is one file', async () => {
  const bench = await CacheBench.started()
  const { digest, bytes } = blobOf('object')
  const writes = await Promise.all([bench.cache.blobs.write(digest, bytes), bench.cache.blobs.write(digest, bytes)])
  assert.deepEqual(writes, [true, true])
  assert.deepEqual([...bench.disk.files.keys()], [bench.pathOf(digest)])
})

describe('a corrupt blob', () => {
  for (const size of [4 * KIB, 400 * KIB]) {
    test(`of ${size / KIB} KiB is not read but dropped, and can be written again`, async () => {
      const bench = await CacheBench.started()
      const digest = await bench.store('object', size)
      bench.disk.flip(bench.pathOf(digest), 12_345)
      assert.equal(wordOf(await bench.cache.blobs.read(digest)), undefined)
      assert.equal(bench.cache.blobs.has(digest), false)
      await bench.store('object', size)
      assert.equal(wordOf(await bench.cache.blobs.read(digest)), 'object')
    })
  }

  test('of an earlier node is not given out as a file', async () => {
    const bench = await CacheBench.started()
    const digest = await bench.store('object')
    bench.disk.flip(bench.pathOf(digest))
    await bench.restart()
    assert.equal(bench.cache.blobs.file(digest), undefined)
    assert.equal(bench.cache.blobs.has(digest), false)
  })

  test('is noticed as a file as soon as its stamp changes', async () => {
    const bench = await CacheBench.started()
    const digest = await bench.store('object')
    bench.disk.flip(bench.pathOf(digest))
    await bench.disk.setMtime(bench.pathOf(digest), 5)
    assert.equal(bench.cache.blobs.file(digest), undefined)
  })

  test('cut short is not read', async () => {
    const bench = await CacheBench.started()
    const digest = await bench.store('object')
    const file = bench.disk.files.get(bench.pathOf(digest))
    assert.ok(file)
    file.bytes = file.bytes.slice(0, 100)
    assert.equal(wordOf(await bench.cache.blobs.read(digest)), undefined)
  })
})

test('a blob that somebody removed is as good as never written', async () => {
  const bench = await CacheBench.started()
  const digest = await bench.store('object')
  bench.disk.files.clear()
  assert.equal(bench.cache.blobs.file(digest), undefined)
  assert.equal(bench.cache.blobs.has(digest), false)
  await bench.store('object')
  assert.equal(wordOf(await bench.cache.blobs.read(digest)), 'object')
})

test('as a file a blob is read once, however often it is asked for', async () => {
  const bench = await CacheBench.started()
  const digest = await bench.store('header')
  await bench.restart()
  for (const _ of [1, 2, 3]) assert.ok(bench.cache.blobs.file(digest))
  assert.equal(bench.disk.calls.read, 1)
})

test('other files in the folders are left alone', async () => {
  const bench = await CacheBench.started()
  for (const name of ['blobs/ab/README', 'blobs/x', 'results/zz/0123']) {
    await bench.disk.write(`${FOLDER}/${name}`, new Uint8Array(1))
  }
  await bench.restart(0)
  assert.equal(bench.disk.files.size, 3)
  assert.equal(bench.cache.blobs.has(asBlobDigest(blobOf('object').digest)), false)
})
