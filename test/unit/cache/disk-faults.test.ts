import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { keyOf, resultOf } from './actions.ts'
import { blobOf, CacheBench, FOLDER, wordOf } from './cache-bench.ts'
import type { Fate } from './memory-disk.ts'

const KEY = keyOf('main.c')
/** Changes of the disk while one blob and its result are stored, and more. */
const CHANGES_MAX = 20

/** Has the change number `at` meet a fate; a kill stops all that comes after it, too. */
function fateAt(at: number, fate: Fate): () => Fate {
  let change = -1
  return () => {
    change += 1
    if (fate === 'killed') return change >= at ? 'killed' : 'done'
    return change === at ? fate : 'done'
  }
}

/** Stores a compile. Not waited for: a killed node never gets there. */
async function storeCompile(bench: CacheBench): Promise<boolean> {
  const { digest, bytes } = blobOf('object')
  return (await bench.cache.blobs.write(digest, bytes)) && bench.cache.results.store(KEY, resultOf(digest))
}

/** What a build would get from the cache for the compile: its object, or nothing. */
async function lookUp(bench: CacheBench): Promise<string | undefined> {
  const [output] = bench.cache.results.find(KEY)?.outputs ?? []
  return output && wordOf(await bench.cache.blobs.read(output.digest))
}

function temporaryFiles(bench: CacheBench): readonly string[] {
  return [...bench.disk.files.keys()].filter((path) => path.startsWith(`${FOLDER}/tmp/`))
}

test('killed at any step of storing, the next node has all or nothing, and no rubbish', async () => {
  const found: (string | undefined)[] = []
  for (let at = 0; at < CHANGES_MAX; at += 1) {
    const bench = await CacheBench.started()
    bench.disk.fate = fateAt(at, 'killed')
    void storeCompile(bench)
    await bench.clock.run(1)
    await bench.restart()
    found.push(await lookUp(bench))
    await bench.cache.stop()
    assert.deepEqual(temporaryFiles(bench), [], `killed at step ${at}`)
    assert.equal(await storeCompile(bench), true, `killed at step ${at}`)
    assert.equal(await lookUp(bench), 'object', `killed at step ${at}`)
  }
  const whole = found.indexOf('object')
  assert.ok(whole > 5, 'a compile takes several steps')
  assert.deepEqual(found, [...Array(whole).fill(undefined), ...Array(CHANGES_MAX - whole).fill('object')])
})

for (const fate of ['full', 'failed'] as const) {
  test(`a disk that is ${fate} at any step costs the entry and nothing else`, async () => {
    let unstored = 0
    for (let at = 0; at < CHANGES_MAX; at += 1) {
      const bench = await CacheBench.started()
      bench.disk.fate = fateAt(at, fate)
      const stored = await storeCompile(bench)
      unstored += stored ? 0 : 1
      assert.equal(await lookUp(bench), stored ? 'object' : undefined, `step ${at}`)
      assert.equal(bench.cache.stats().unwritten, stored ? 0 : 1, `step ${at}`)
      assert.deepEqual(temporaryFiles(bench), [], `step ${at}`)
      assert.equal(await storeCompile(bench), true, `step ${at}: it recovers`)
    }
    assert.ok(unstored > 5, 'every step of both files was met')
  })
}

test('a disk that fails for good is a cache that has nothing, and says so', async () => {
  const bench = await CacheBench.started()
  bench.disk.fate = () => 'failed'
  for (let round = 0; round < 10; round += 1) assert.equal(await storeCompile(bench), false)
  assert.equal(bench.cache.stats().bytes, 0)
  await bench.cache.stop()
})

test('a file that cannot be removed is out of the index, and evicted again by the next node', async () => {
  const bench = await CacheBench.started()
  const digest = await bench.store('object')
  bench.disk.fate = (change) => (change === 'remove' ? 'failed' : 'done')
  bench.cache.begin('clear')
  await bench.clock.run(1)
  assert.equal(bench.cache.blobs.has(digest), false)
  await bench.restart(0)
  await bench.cache.stop()
  assert.deepEqual([...bench.disk.files.keys()], [])
})

describe('a flipped bit', () => {
  for (const where of ['blobs', 'results']) {
    test(`anywhere in ${where} never comes out`, async () => {
      for (let bit = 0; bit < 5_000; bit += 37) {
        const bench = await CacheBench.started()
        await storeCompile(bench)
        const path = [...bench.disk.files.keys()].find((each) => each.startsWith(`${FOLDER}/${where}/`))
        assert.ok(path)
        bench.disk.flip(path, bit)
        await bench.restart()
        assert.equal(await lookUp(bench), undefined, `bit ${bit}`)
      }
    })
  }
})
