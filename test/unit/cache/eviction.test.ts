import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { BlobDigest } from '../../../src/cache/digest.ts'
import { keyOf, resultOf } from './actions.ts'
import { blobOf, CacheBench, FOLDER, KIB, wordOf } from './cache-bench.ts'

/** Three blobs of a block each. */
const ROOM = 12 * KIB
const HOUR = 3_600_000

/** Which of some blobs are there. */
function present(bench: CacheBench, ...digests: readonly BlobDigest[]): string {
  return digests.map((digest) => (bench.cache.blobs.has(digest) ? 'x' : '-')).join('')
}

async function threeOn(bench: CacheBench): Promise<readonly [BlobDigest, BlobDigest, BlobDigest]> {
  const stored: BlobDigest[] = []
  for (const word of ['a', 'b', 'c']) {
    stored.push(await bench.store(word))
    await bench.clock.run(HOUR)
  }
  const [a, b, c] = stored
  assert.ok(a && b && c)
  return [a, b, c]
}

test('the least recently used makes room, on disk too', async () => {
  const bench = await CacheBench.started(ROOM)
  const [a, b, c] = await threeOn(bench)
  await bench.cache.blobs.read(a)
  const d = await bench.store('d')
  assert.equal(present(bench, a, b, c, d), 'x-xx')
  await bench.cache.stop()
  assert.equal(bench.disk.files.has(bench.pathOf(b)), false)
  assert.equal(bench.cache.stats().bytes, ROOM)
  assert.equal(bench.cache.stats().evicted, 1)
})

test('a use counts in the next life as well', async () => {
  const bench = await CacheBench.started(ROOM)
  const [a, b, c] = await threeOn(bench)
  bench.cache.blobs.file(a)
  await bench.cache.stop()
  await bench.restart(ROOM)
  const d = await bench.store('d')
  assert.equal(present(bench, a, b, c, d), 'x-xx')
})

test('a use reaches the disk by itself, for a node that is killed', async () => {
  const bench = await CacheBench.started(ROOM)
  const [a, b, c] = await threeOn(bench)
  await bench.cache.blobs.read(a)
  await bench.clock.run(HOUR)
  await bench.restart(ROOM)
  const d = await bench.store('d')
  assert.equal(present(bench, a, b, c, d), 'x-xx')
})

test('a file in use all day is touched now and then, not each time', async () => {
  const bench = await CacheBench.started(ROOM)
  const digest = await bench.store('header')
  let touches = 0
  bench.disk.fate = (change) => {
    if (change === 'setMtime') touches += 1
    return 'done'
  }
  for (let minute = 0; minute < 60; minute += 1) {
    bench.cache.blobs.file(digest)
    await bench.clock.run(60_000)
  }
  assert.ok(touches >= 3 && touches <= 6, `${touches} touches`)
  assert.equal(bench.disk.calls.read, 0, 'our own touch is no change of the file')
})

test('a smaller limit takes effect at the next start', async () => {
  const bench = await CacheBench.started(ROOM)
  const [a, b, c] = await threeOn(bench)
  await bench.restart(4 * KIB)
  assert.equal(present(bench, a, b, c), '--x')
})

test('results make room as blobs do, and go with their blobs', async () => {
  const bench = await CacheBench.started(ROOM)
  const digest = await bench.store('object')
  await bench.cache.results.store(keyOf('main.c'), resultOf(digest))
  const [b, c] = [await bench.store('b'), await bench.store('c')]
  assert.equal(present(bench, digest, b, c), '-xx')
  assert.equal(bench.cache.results.find(keyOf('main.c')), undefined)
  await bench.cache.stop()
  assert.deepEqual([...bench.disk.files.keys()].sort(), [bench.pathOf(b), bench.pathOf(c)].sort())
})

describe('what is held', () => {
  test('stays until it is released', async () => {
    const bench = await CacheBench.started(ROOM)
    const [a, b, c] = await threeOn(bench)
    const release = bench.cache.blobs.hold([a])
    const again = bench.cache.blobs.hold([a])
    const d = await bench.store('d')
    assert.equal(present(bench, a, b, c, d), 'x-xx')
    release()
    release()
    const e = await bench.store('e')
    assert.equal(present(bench, a, c, d, e), 'x-xx', 'released twice by one, held by the other')
    again()
    await bench.store('f')
    assert.equal(present(bench, a), '-')
  })

  test('is written though there is no room, and makes room when released', async () => {
    const bench = await CacheBench.started(ROOM)
    const large = blobOf('large', 100 * KIB)
    const [a, b, c] = await threeOn(bench)
    assert.equal(await bench.cache.blobs.write(large.digest, large.bytes), false)
    assert.equal(present(bench, a, b, c), 'xxx', 'nothing makes room for what never fits')
    const release = bench.cache.blobs.hold([large.digest, c])
    assert.equal(await bench.cache.blobs.write(large.digest, large.bytes), true)
    assert.equal(present(bench, large.digest, c), 'xx')
    release()
    assert.equal(bench.cache.stats().bytes <= ROOM, true)
  })
})

test('what is being read is not evicted', async () => {
  const bench = await CacheBench.started(2048 * KIB)
  const large = await bench.store('large', 1500 * KIB)
  bench.disk.fate = (operation) => (operation === 'read' ? 'late' : 'done')
  const reading = bench.cache.blobs.read(large)
  await bench.store('other', 1500 * KIB)
  bench.disk.release()
  assert.equal(wordOf(await reading), 'large')
})

test('what is stored again while it is being removed is there afterwards', async () => {
  const bench = await CacheBench.started(ROOM)
  const [a] = await threeOn(bench)
  bench.disk.fate = (operation) => (operation === 'remove' ? 'late' : 'done')
  const others = bench.store('d')
  await bench.clock.run(1)
  assert.equal(present(bench, a), '-')
  const again = bench.store('a')
  await bench.clock.run(1)
  bench.disk.release()
  await Promise.all([others, again])
  await bench.cache.stop()
  assert.equal(wordOf(await bench.cache.blobs.read(a)), 'a')
})

test('reads among evictions give the right bytes or none', async () => {
  const bench = await CacheBench.started(40 * KIB)
  const blobs = Array.from({ length: 30 }, (_, at) => blobOf(`blob ${at}`, 4 * KIB + at))
  const results = await Promise.all(
    Array.from({ length: 600 }, async (_, round) => {
      const { digest, bytes } = blobs[(round * 7) % blobs.length] ?? blobOf('none')
      await (round % 3 === 0 ? bench.cache.blobs.write(digest, bytes) : undefined)
      const read = await bench.cache.blobs.read(digest)
      return read === undefined || Buffer.compare(read, bytes) === 0
    }),
  )
  assert.equal(results.every(Boolean), true)
  await bench.cache.stop()
  assert.ok(bench.cache.stats().bytes <= 40 * KIB)
  assert.equal(bench.disk.files.size, bench.cache.stats().blobs, 'disk and index agree')
})

describe('when the clock is set', () => {
  test('back by years, files of the future grow old all the same', async () => {
    const bench = await CacheBench.started(ROOM)
    const [a, b, c] = await threeOn(bench)
    bench.clockOffsetMs = -1e11
    await bench.restart(ROOM)
    await bench.clock.run(HOUR)
    await bench.cache.blobs.read(b)
    await bench.clock.run(HOUR)
    await bench.restart(ROOM)
    await bench.store('d')
    await bench.store('e')
    assert.equal(present(bench, a, b, c), '-x-')
  })

  test('to and fro, the order of use in one life is what counts', async () => {
    const bench = await CacheBench.started(ROOM)
    const [a, b, c] = await threeOn(bench)
    for (const [offset, digest] of [
      [1e11, b],
      [-1e11, a],
    ] as const) {
      bench.clockOffsetMs = offset
      await bench.cache.blobs.read(digest)
    }
    await bench.store('d')
    assert.equal(present(bench, a, b, c), 'xx-')
  })
})

test('caches of different homes do not know each other', async () => {
  const [one, other] = [await CacheBench.started(ROOM), await CacheBench.started(ROOM)]
  const digest = await one.store('object')
  assert.equal(other.cache.blobs.has(digest), false)
  assert.ok([...one.disk.files.keys()].every((path) => path.startsWith(`${FOLDER}/`)))
})
