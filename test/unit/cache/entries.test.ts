import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { ActionResult } from '../../../src/cache/action-result.ts'
import { blobDigest } from '../../../src/cache/digest.ts'
import { type EntryContent, entryKey, entryResult, supersedes, valueIn } from '../../../src/cache/entry.ts'
import { LocalEntries } from '../../../src/cache/gateway-store.ts'
import { keyOf, resultOf } from './actions.ts'
import { CacheBench, KIB, wordOf } from './cache-bench.ts'
import { fakeSignatures } from './memory-shelf.ts'

const PATH = '/cache/x/y'
const NAME = { path: PATH, digest: undefined }
const KEY = entryKey(PATH)

function contentOf(word: string, size = word.length): EntryContent {
  const bytes = Buffer.alloc(size, ' ')
  bytes.write(word)
  return { bytes, digest: blobDigest(bytes) }
}

function resultAt(createdAt: number, word: string, path = PATH): ActionResult {
  return entryResult(path, contentOf(word), { producer: 'here', createdAt })
}

function entriesOf({ clock, cache }: CacheBench, maxBytes = 1024 * KIB): LocalEntries {
  return new LocalEntries({ clock, ...cache, signatures: fakeSignatures('here'), producer: 'here' }, { maxBytes })
}

async function wordAt(entries: LocalEntries): Promise<string | undefined> {
  return wordOf(await (await entries.find(NAME))?.read())
}

suite('one result takes the place of another', () => {
  test('where it is a later one of an entry', () => {
    assert.equal(supersedes(KEY, resultAt(2, 'new'), resultAt(1, 'old')), true)
    assert.equal(supersedes(KEY, resultAt(1, 'old'), resultAt(2, 'new')), false)
    assert.equal(supersedes(KEY, resultAt(1, 'other'), resultAt(1, 'one')), false)
  })

  test('never where it is of a compile, or of an entry that has another key', () => {
    const { digest } = contentOf('object')
    const later = { ...resultOf(digest), createdAt: Number.MAX_SAFE_INTEGER }
    assert.equal(supersedes(keyOf('main.c'), later, resultOf(digest)), false)
    assert.equal(supersedes(KEY, resultAt(2, 'new', '/cache/x/z'), resultAt(1, 'old')), false)
  })
})

suite('a result is the value of an entry', () => {
  const { digest } = contentOf('words')

  test('when it bears its name, and has the digest that the name tells', () => {
    assert.equal(valueIn(NAME, resultAt(1, 'words'))?.digest, digest)
    assert.equal(valueIn({ path: PATH, digest }, resultAt(1, 'words'))?.digest, digest)
  })

  test('not when it is another, whoever says so', () => {
    const [output] = resultAt(1, 'words').outputs
    assert.ok(output)
    const others: readonly ActionResult[] = [
      resultAt(1, 'words', '/cache/x/z'),
      entryResult(PATH, 'removed', { producer: 'here', createdAt: 1 }),
      { ...resultAt(1, 'words'), outputs: [] },
      { ...resultAt(1, 'words'), outputs: [output, output] },
    ]
    for (const result of others) assert.equal(valueIn(NAME, result), undefined)
    assert.equal(valueIn({ path: PATH, digest }, resultAt(1, 'other')), undefined)
  })
})

suite('the entries of a machine', () => {
  test('are there for the next node, and the latest counts', async () => {
    const bench = await CacheBench.started()
    for (const word of ['one', 'two', 'three']) await entriesOf(bench).store(NAME, contentOf(word))
    await bench.restart()
    assert.equal(await wordAt(entriesOf(bench)), 'three')
  })

  test('are replaced and removed even where the clock was ahead', async () => {
    const bench = await CacheBench.started()
    await new LocalEntries(
      {
        clock: { wallTime: () => bench.clock.wallTime() + 1_000_000 },
        ...bench.cache,
        signatures: fakeSignatures('here'),
        producer: 'here',
      },
      { maxBytes: 1024 * KIB },
    ).store(NAME, contentOf('old'))
    const entries = entriesOf(bench)
    assert.equal(await entries.store(NAME, contentOf('new')), true)
    assert.equal(await wordAt(entries), 'new')
    assert.equal(await entries.remove(NAME), true)
    assert.equal(await wordAt(entries), undefined)
  })

  test('share their space with results of compiles, the oldest going first', async () => {
    const bench = await CacheBench.started(64 * KIB)
    const entries = entriesOf(bench, 64 * KIB)
    const nameOf = (number: number) => ({ path: `/cache/x/${number}`, digest: undefined })
    for (let number = 0; number < 20; number += 1) {
      assert.equal(await entries.store(nameOf(number), contentOf(`number ${number}`, 8 * KIB)), true)
    }
    assert.equal(await entries.find(nameOf(0)), undefined)
    assert.ok(await entries.find(nameOf(19)))
    assert.ok(bench.cache.stats().bytes <= 64 * KIB)
  })

  test('of a digest that the disk already has need no second copy', async () => {
    const bench = await CacheBench.started()
    const entries = entriesOf(bench)
    await entries.store(NAME, contentOf('same', 32 * KIB))
    await entries.store({ path: '/cache/x/z', digest: undefined }, contentOf('same', 32 * KIB))
    assert.equal(bench.cache.stats().blobs, 1)
  })
})
