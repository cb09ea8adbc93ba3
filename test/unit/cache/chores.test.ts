import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Chore, ChoreProgress } from '../../../src/cache/cache-chores.ts'
import { keyOf, resultOf } from './actions.ts'
import { CacheBench } from './cache-bench.ts'

async function done(bench: CacheBench, chore: Chore): Promise<ChoreProgress | undefined> {
  assert.equal(bench.cache.begin(chore).chore, chore)
  assert.ok(await bench.clock.runUntil(() => bench.cache.progress()?.running === false, 1_000))
  return bench.cache.progress()
}

test('verifying finds every corrupt file and leaves the others', async () => {
  const bench = await CacheBench.started()
  const digests = await Promise.all(['a', 'b', 'c', 'd'].map((word) => bench.store(word)))
  const [a, b] = digests
  assert.ok(a && b)
  for (const [at, digest] of digests.entries()) await bench.cache.results.store(keyOf(String(at)), resultOf(digest))
  bench.disk.flip(bench.pathOf(b), 77)
  for (const path of bench.disk.files.keys())
    if (path.includes(`/results/${keyOf('0').slice(0, 2)}/`)) bench.disk.flip(path)
  assert.deepEqual(await done(bench, 'verify'), {
    chore: 'verify',
    running: false,
    done: 8,
    total: 8,
    removed: 2,
    removedBytes: 4096 + 173,
  })
  assert.deepEqual(
    digests.map((digest) => bench.cache.blobs.has(digest)),
    [true, false, true, true],
  )
  assert.equal(bench.cache.results.find(keyOf('0')), undefined)
  assert.equal(bench.cache.results.find(keyOf('1')), undefined, 'its blob is gone')
  assert.ok(bench.cache.results.find(keyOf('2')))
})

test('clearing removes all but what is held', async () => {
  const bench = await CacheBench.started()
  const [a, b] = [await bench.store('a'), await bench.store('b')]
  const release = bench.cache.blobs.hold([b])
  const progress = await done(bench, 'clear')
  assert.deepEqual([progress?.removed, progress?.total], [1, 2])
  assert.deepEqual([...bench.disk.files.keys()], [bench.pathOf(b)])
  assert.equal(bench.cache.blobs.has(a), false)
  release()
  await done(bench, 'clear')
  assert.equal(bench.cache.stats().bytes, 0)
})

test('one chore runs at a time', async () => {
  const bench = await CacheBench.started()
  await bench.store('a')
  bench.cache.begin('verify')
  assert.equal(bench.cache.begin('clear').chore, 'verify')
  await bench.clock.run(1)
  assert.equal(bench.cache.begin('clear').chore, 'clear')
})

test('a chore ends with the node', async () => {
  const bench = await CacheBench.started()
  for (let at = 0; at < 100; at += 1) await bench.store(String(at))
  bench.cache.begin('verify')
  await bench.cache.stop()
  assert.equal(bench.cache.progress()?.running, false)
  assert.ok((bench.cache.progress()?.done ?? 0) < 100)
})
