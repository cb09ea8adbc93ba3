import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { ENTRY_ASKS_AT_ONCE_MAX } from '../../../src/base/limits.ts'
import { blobDigest } from '../../../src/cache/digest.ts'
import { type EntryName, entryKey, entryResult } from '../../../src/cache/entry.ts'
import { LocalEntries } from '../../../src/cache/gateway-store.ts'
import { keepParcel } from '../../../src/cache/parcel.ts'
import { homes } from '../../../src/cache/rendezvous.ts'
import { signedResult } from '../../../src/cache/signatures.ts'
import { MeshEntries } from '../../../src/scheduler/mesh-entries.ts'
import { fakeSignatures, parcelOf } from '../cache/memory-shelf.ts'
import { type BenchNode, MeshCacheBench, NEVER, writesMain } from '../cache/mesh-cache-bench.ts'

function contentOf(word: string) {
  const bytes = Buffer.from(word)
  return { bytes, digest: blobDigest(bytes) }
}

/** Four nodes with their entries; `name` is at home with `a`, then `b`. */
function bench() {
  const mesh = new MeshCacheBench('a', 'b', 'c', 'd')
  const node = (id: string) => {
    const { shelf, cache } = mesh.node(id)
    const parts = { clock: mesh.clock, ...shelf, results: shelf.results, blobs: shelf.blobs }
    const local = new LocalEntries({ ...parts, signatures: fakeSignatures(id), producer: id }, { maxBytes: 1e6 })
    return new MeshEntries({ shelf, local, mesh: cache })
  }
  const [a, b, c, d] = [node('a'), node('b'), node('c'), node('d')]
  return { mesh, clock: mesh.clock, a, b, c, d, name: nameAt(mesh, 'a', 'b') }
}

function nameAt({ members }: MeshCacheBench, ...ids: readonly string[]): EntryName {
  for (let number = 0; ; number += 1) {
    const path = `/cache/x/${number}`
    if (homes(entryKey(path), members, ids.length).join() === ids.join()) return { path, digest: undefined }
  }
}

async function wordAt(entries: MeshEntries, name: EntryName): Promise<string | undefined> {
  const bytes = await (await entries.find(name))?.read()
  return bytes && Buffer.from(bytes).toString()
}

/** Has a node say something of an entry, in its own name, on its own shelf. */
async function say(node: BenchNode, name: EntryName, path: string, word: string): Promise<void> {
  const content = contentOf(word)
  const result = entryResult(path, content, { producer: node.id, createdAt: 1 })
  const key = entryKey(name.path)
  await keepParcel(node.shelf, key, {
    result: await signedResult(fakeSignatures(node.id), key, result),
    contents: [content.bytes],
  })
}

suite('an entry of the mesh', () => {
  test('is found by all, wherever it was stored', async () => {
    const { clock, mesh, a, b, c, d, name } = bench()
    assert.equal(await c.store(name, contentOf('words')), true)
    await clock.run(1)
    assert.ok(mesh.node('a').shelf.known.has(entryKey(name.path)), 'its home keeps it')
    for (const node of [a, b, c, d]) assert.equal(await wordAt(node, name), 'words')
  })

  test('is found once more without asking anybody', async () => {
    const { clock, mesh, c, d, name } = bench()
    await c.store(name, contentOf('words'))
    await clock.run(1)
    await wordAt(d, name)
    await clock.run(1)
    for (const id of ['a', 'b', 'c']) mesh.lose(mesh.node(id).id)
    assert.equal(await wordAt(d, name), 'words')
  })

  test('is replaced at its homes by a later one, and not by an earlier one', async () => {
    const { clock, mesh, a, b, c, d, name } = bench()
    await c.store(name, contentOf('old'))
    await clock.run(1)
    await b.store(name, contentOf('new'))
    await clock.run(1)
    mesh.node('c').cache.share(entryKey(name.path), undefined)
    await clock.run(1)
    for (const node of [a, b, d]) assert.equal(await wordAt(node, name), 'new')
  })

  test('is forgotten by all when one removes it, and may be stored again', async () => {
    const { clock, a, b, c, d, name } = bench()
    await c.store(name, contentOf('words'))
    await clock.run(1)
    assert.equal(await b.remove(name), true)
    await clock.run(1)
    for (const node of [a, b, d]) assert.equal(await wordAt(node, name), undefined)
    assert.equal(await a.remove(name), false)
    await a.store(name, contentOf('words again'))
    await clock.run(1)
    assert.equal(await wordAt(b, name), 'words again')
  })

  test('is not there when nobody has it, and nobody waits for who asked', async () => {
    const { mesh, c, d, name } = bench()
    assert.equal(await c.find(name), undefined)
    assert.equal(await d.find(name), undefined)
    const found = await mesh.node('d').cache.find(entryKey(name.path), writesMain, NEVER)
    assert.equal(found.kind, 'unknown', 'at once: the clock stands still')
  })

  test('is not what a home says in its place', async () => {
    const { mesh, c, name } = bench()
    await say(mesh.node('a'), name, '/cache/x/other', 'lie')
    assert.equal(await wordAt(c, name), undefined)
  })

  test('is not what a home says that has another digest than its name', async () => {
    const { mesh, c } = bench()
    const { digest } = contentOf('right')
    const name = { path: `/cas/${digest}`, digest }
    for (const id of ['a', 'b', 'd']) await say(mesh.node(id), name, name.path, 'lie')
    assert.equal(await wordAt(c, name), undefined)
    assert.equal(await c.store(name, contentOf('right')), true)
    assert.equal(await wordAt(c, name), 'right')
  })

  test('takes no place of a compile, however late', async () => {
    const { clock, mesh, b } = bench()
    const key = mesh.keyAt('a', 'b')
    const home = mesh.node('a')
    await mesh.make(home, key, 'OBJECT')
    const other = await parcelOf(key, 'OTHER', 'b')
    const { signature: _, ...unsigned } = { ...other.result, createdAt: Number.MAX_SAFE_INTEGER }
    const late = { ...other, result: await signedResult(fakeSignatures('b'), key, unsigned) }
    await keepParcel(mesh.node('b').shelf, key, late)
    mesh.node('b').cache.share(key, undefined)
    await clock.run(1)
    assert.equal(home.shelf.known.get(key)?.outputs[0]?.digest, contentOf('OBJECT').digest)
    b.stop()
  })
})

test(`no more than ${ENTRY_ASKS_AT_ONCE_MAX} entries are on their way at once, and all come`, async () => {
  const { shelf } = new MeshCacheBench('a').node('a')
  let [asking, most] = [0, 0]
  const look = async () => {
    asking += 1
    most = Math.max(most, asking)
    await new Promise(setImmediate)
    asking -= 1
    return undefined
  }
  const local = { find: async () => undefined, store: async () => false, remove: async () => false }
  const entries = new MeshEntries({ shelf, local, mesh: { look, share: () => undefined } })
  const names = Array.from({ length: 20 }, (_, number) => ({ path: `/cache/x/${number}`, digest: undefined }))
  await Promise.all(names.map((name) => entries.find(name)))
  assert.equal(most, ENTRY_ASKS_AT_ONCE_MAX)
})
