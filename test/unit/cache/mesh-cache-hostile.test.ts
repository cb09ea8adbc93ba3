import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import {
  ACTION_RESULT_MAX_BYTES,
  CACHE_FIND_UNPROVEN_MS,
  CACHE_FRAME_MAX_BYTES,
  CACHE_PARCEL_MAX_BYTES,
  CACHE_TRANSFER_MAX_MS,
  CACHE_TRANSFER_MS,
  CACHE_WAIT_MS,
} from '../../../src/base/limits.ts'
import type { ActionResult } from '../../../src/cache/action-result.ts'
import { encodeActionResult } from '../../../src/cache/action-result-codec.ts'
import { blobDigest } from '../../../src/cache/digest.ts'
import { type Parcel, packOutputs } from '../../../src/cache/parcel.ts'
import { signedResult } from '../../../src/cache/signatures.ts'
import type { CacheReply } from '../../../src/protocols/cache.ts'
import { encodeCacheReply } from '../../../src/protocols/cache-codec.ts'
import { compress } from '../../../src/protocols/compression.ts'
import type { MeshSession } from '../../../src/protocols/mesh.ts'
import { fakeSignatures, parcelOf } from './memory-shelf.ts'
import { MeshCacheBench, NEVER, type Serve, writesMain } from './mesh-cache-bench.ts'

/** All that one lookup may take, whatever its homes do. */
const ALL_MS = 2 * CACHE_FIND_UNPROVEN_MS + CACHE_WAIT_MS + 2 * CACHE_TRANSFER_MAX_MS

const members = new MeshCacheBench('a', 'b', 'd')
const KEY = members.keyAt('a', 'b')
const GOOD = await parcelOf(KEY, 'GOOD', 'b')
const OTHER_KEY = members.keyAt('b', 'd')

/** Says this to whatever it is asked, and then nothing more. */
function saying(...frames: readonly Uint8Array[]): Serve {
  return async (session) => {
    await session.read(CACHE_FRAME_MAX_BYTES)
    for (const frame of frames) await session.write(frame)
    await silence(session)
  }
}

function silence(session: MeshSession): Promise<void> {
  return new Promise((resolve) => session.closed.addEventListener('abort', () => resolve()))
}

function replying(...replies: readonly CacheReply[]): Serve {
  return saying(...replies.map(encodeCacheReply))
}

/** Tells of a result and sends these bytes for its outputs. */
function known({ result }: Parcel, packed: Uint8Array, sentBytes = packed.length): Serve {
  const encoded = encodeActionResult(result)
  assert.ok(encoded)
  return saying(encodeCacheReply({ status: 'known', result: encoded, sentBytes }), packed)
}

/** `GOOD` with another result, signed by its producer all the same. */
async function signed(changes: Partial<ActionResult>): Promise<Parcel> {
  const { signature: _, ...unsigned } = GOOD.result
  return { ...GOOD, result: await signedResult(fakeSignatures('b'), KEY, { ...unsigned, ...changes }) }
}

function output(path: string, content: string, bytes = content.length) {
  return { path, digest: blobDigest(Buffer.from(content)), bytes }
}

const PACKED = await packOutputs(GOOD)
const elsewhere = await parcelOf(OTHER_KEY, 'GOOD', 'b')

const liars: Readonly<Record<string, Serve>> = {
  'ends without a word': async (session) => session.close(),
  'breaks the session': () => Promise.reject(new Error('no')),
  'sends garbage': saying(Buffer.from('garbage')),
  'sends a frame over the bound': saying(new Uint8Array(CACHE_FRAME_MAX_BYTES + 1)),
  'answers another question': replying({ status: 'kept' }),
  'sends a result that is none': replying({ status: 'known', result: Uint8Array.of(1), sentBytes: 1 }),
  'sends a result over the bound': replying({
    status: 'known',
    result: new Uint8Array(ACTION_RESULT_MAX_BYTES),
    sentBytes: 1,
  }),
  'has somebody compile it for ever': replying({ status: 'running' }),
  'says twice that somebody compiles it': replying({ status: 'running' }, { status: 'running' }),
  'sends other bytes': known(GOOD, await compress(Buffer.from('EVIL'))),
  'sends fewer bytes': known(GOOD, await compress(Buffer.from('GOO'))),
  'sends more bytes': known(GOOD, await compress(Buffer.from('GOODER'))),
  'sends a bomb': known(GOOD, await compress(new Uint8Array(8 * 1024 * 1024))),
  'sends what is not packed': known(GOOD, Buffer.from('GOOD')),
  'stops in the middle of the outputs': known(GOOD, PACKED.subarray(0, 3), PACKED.length),
  'tells of more outputs than may travel': known(
    await signed({
      outputs: [{ path: 'main.o', digest: blobDigest(Buffer.from('GOOD')), bytes: CACHE_PARCEL_MAX_BYTES + 1 }],
    }),
    PACKED,
  ),
  'changes what its producer said': known({ ...GOOD, result: { ...GOOD.result, costMs: 1 } }, PACKED),
  'puts its own output in the place of another’s': known(
    { ...GOOD, result: { ...GOOD.result, outputs: [output('main.o', 'EVIL')] } },
    await compress(Buffer.from('EVIL')),
  ),
  'names another producer': known({ ...GOOD, result: { ...GOOD.result, producer: 'c' } }, PACKED),
  'sends an unsigned result': known({ ...GOOD, result: { ...GOOD.result, signature: new Uint8Array() } }, PACKED),
  'sends the result of another key': known(elsewhere, PACKED),
  'writes a file that nobody asked for': known(
    await signed({ outputs: [output('main.o', 'GOOD'), output('/home/ada/.profile', '')] }),
    PACKED,
  ),
  'leaves out the object': known(await signed({ outputs: [] }), await compress(new Uint8Array())),
}

/** One lookup at such a home, and one more: both end in the second home's word, and the liar is not asked twice. */
async function lookUpPast(makeServe: (bench: MeshCacheBench) => Serve): Promise<void> {
  const bench = new MeshCacheBench('a', 'b', 'd')
  const [a, b, d] = [bench.node('a'), bench.node('b'), bench.node('d')]
  await bench.make(b, KEY, 'GOOD')
  a.serve = makeServe(bench)
  const finding = d.cache.find(KEY, writesMain, NEVER)
  assert.ok(await bench.clock.runUntil(settled(finding), ALL_MS), 'it hangs')
  for (const found of [await finding, await d.cache.find(KEY, writesMain, NEVER)]) {
    assert.equal(found.kind === 'known' && found.from, 'b')
    assert.deepEqual(found.kind === 'known' && found.parcel.contents.map(String), ['GOOD'])
  }
  assert.equal(a.opened, 1, 'it is not asked again for a while')
}

suite('a home that lies', () => {
  for (const [how, serve] of Object.entries(liars)) {
    test(`and ${how} costs a lookup its time, and the second home is believed`, () => lookUpPast(() => serve))
  }

  test('and sends a byte at a time costs no more', () =>
    lookUpPast(({ clock }) => async (session) => {
      await session.read(CACHE_FRAME_MAX_BYTES)
      const result = encodeActionResult(GOOD.result) ?? new Uint8Array()
      await session.write(encodeCacheReply({ status: 'known', result, sentBytes: PACKED.length }))
      for (const byte of PACKED) {
        await clock.sleep(CACHE_TRANSFER_MS)
        await session.write(Uint8Array.of(byte))
      }
    }))

  test('is the harness’s own honest one when it tells the truth', async () => {
    const bench = new MeshCacheBench('a', 'b', 'd')
    bench.node('a').serve = known(GOOD, PACKED)
    const found = await bench.node('d').cache.find(KEY, writesMain, NEVER)
    assert.equal(found.kind === 'known' && found.from, 'a')
  })
})

function settled(promise: Promise<unknown>): () => boolean {
  let done = false
  const settle = () => {
    done = true
  }
  promise.then(settle, settle)
  return () => done
}
