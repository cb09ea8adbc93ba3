import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import {
  CACHE_CLAIMS_PER_PEER_MAX,
  CACHE_FRAME_MAX_BYTES,
  CACHE_HELD_PER_PEER_BYTES,
  CACHE_PARCEL_MAX_BYTES,
  CACHE_STORE_MS,
  CACHE_STORES_PER_PEER_BYTES,
  CACHE_STORES_WINDOW_MS,
} from '../../../src/base/limits.ts'
import type { ActionResult } from '../../../src/cache/action-result.ts'
import { encodeActionResult } from '../../../src/cache/action-result-codec.ts'
import { type ActionKey, blobDigest } from '../../../src/cache/digest.ts'
import { Offer, offerTo } from '../../../src/cache/home-calls.ts'
import { keepParcel, type Parcel, packOutputs } from '../../../src/cache/parcel.ts'
import { signedResult } from '../../../src/cache/signatures.ts'
import type { CacheReply, CacheRequest } from '../../../src/protocols/cache.ts'
import { decodeCacheReply, encodeCacheRequest, encodeOutputsHeader } from '../../../src/protocols/cache-codec.ts'
import { compress } from '../../../src/protocols/compression.ts'
import type { MeshSession, PeerId } from '../../../src/protocols/mesh.ts'
import { seededBuffer } from '../launcher/seeded-bytes.ts'
import { keyOf } from './actions.ts'
import { fakeSignatures, parcelOf } from './memory-shelf.ts'
import { MeshCacheBench, NEVER } from './mesh-cache-bench.ts'

const EVE = 'eve' as PeerId

/** A home, and a session with it that eve has. */
function bench() {
  const mesh = new MeshCacheBench('home', 'eve', 'x', 'y', 'z')
  const home = mesh.node('home')
  return { mesh, home, clock: mesh.clock, key: mesh.keyAt('home'), session: mesh.open(EVE, home.id) }
}

async function ask(session: MeshSession, request: CacheRequest): Promise<CacheReply> {
  await session.write(encodeCacheRequest(request))
  const frame = await session.read(CACHE_FRAME_MAX_BYTES)
  assert.ok(frame, 'there is an answer')
  return decodeCacheReply(frame)
}

function offer(session: MeshSession, key: ActionKey, { result }: Parcel): Promise<CacheReply> {
  return ask(session, { ask: 'store', key, result: encodeActionResult(result) ?? new Uint8Array() })
}

async function signedBy(producer: string, key: ActionKey, changes: Partial<ActionResult>): Promise<Parcel> {
  const { result, contents } = await parcelOf(key, 'OBJECT', producer)
  const { signature: _, ...unsigned } = { ...result, ...changes }
  return { result: await signedResult(fakeSignatures(producer), key, unsigned), contents }
}

function outputOf(bytes: number) {
  return [{ path: 'main.o', digest: blobDigest(Buffer.from('OBJECT')), bytes }]
}

suite('a home keeps', () => {
  test('what it is given, and hands it out as it came', async () => {
    const { home, key, session } = bench()
    const parcel = await parcelOf(key, 'OBJECT', 'eve')
    assert.equal(await offerTo(session, key, new Offer(parcel), NEVER), true)
    const kept = home.shelf.known.get(key)
    assert.deepEqual(kept && encodeActionResult(kept), encodeActionResult(parcel.result))
    assert.deepEqual([...home.shelf.stored.values()].map(String), ['OBJECT'])
  })

  test('what somebody else made: the word of its producer counts, not of who brings it', async () => {
    const { key, session } = bench()
    assert.equal(await offerTo(session, key, new Offer(await parcelOf(key, 'OBJECT', 'x')), NEVER), true)
  })

  test('what is its own by another view of the mesh, too, but not just anything', async () => {
    const { mesh, session } = bench()
    const [third, fourth] = [mesh.keyAt('x', 'y', 'home'), mesh.keyAt('x', 'y', 'z', 'home')]
    assert.equal(await offerTo(session, third, new Offer(await parcelOf(third, 'OBJECT', 'eve')), NEVER), true)
    assert.equal(await offerTo(session, fourth, new Offer(await parcelOf(fourth, 'OBJECT', 'eve')), NEVER), false)
  })

  test('nothing on a full disk, and stays a home', async () => {
    const { home, key, session } = bench()
    home.shelf.full = true
    assert.equal(await offerTo(session, key, new Offer(await parcelOf(key, 'OBJECT', 'eve')), NEVER), false)
    assert.deepEqual(await ask(session, { ask: 'find', key, claim: false }), { status: 'unknown', claimed: false })
  })
})

suite('a home refuses', () => {
  const bad: Readonly<Record<string, (key: ActionKey) => Promise<Parcel>>> = {
    'a result with another’s name under it': async (key) => {
      const { result, contents } = await parcelOf(key, 'OBJECT', 'eve')
      return { result: { ...result, producer: 'x' }, contents }
    },
    'a result of another key': () => parcelOf(keyOf('another'), 'OBJECT', 'eve'),
    'a result that was changed': async (key) => {
      const { result, contents } = await parcelOf(key, 'OBJECT', 'x')
      return { result: { ...result, stderr: new Uint8Array() }, contents }
    },
    'outputs that may not travel': (key) => signedBy('eve', key, { outputs: outputOf(CACHE_PARCEL_MAX_BYTES + 1) }),
  }
  for (const [what, make] of Object.entries(bad)) {
    test(what, async () => {
      const { home, key, session } = bench()
      assert.deepEqual(await offer(session, key, await make(key)), { status: 'refused' })
      assert.equal(home.shelf.known.size, 0)
    })
  }

  test('whoever is no member', async () => {
    const { mesh, home, key } = bench()
    await mesh.make(home, key)
    const stranger = mesh.open('stranger' as PeerId, home.id)
    assert.deepEqual(await ask(stranger, { ask: 'find', key, claim: true }), { status: 'refused' })
    assert.deepEqual(await offer(stranger, key, await parcelOf(key, 'OBJECT', 'eve')), { status: 'refused' })
  })

  test('one peer’s flood, for a minute', async () => {
    const { mesh, clock, home } = bench()
    const large = CACHE_PARCEL_MAX_BYTES
    const tryOne = async (number: number) => {
      const key = keyOf(`flood ${number}`)
      mesh.members = mesh.members.filter(({ id }) => id === home.id || id === EVE)
      const session = mesh.open(EVE, home.id)
      const reply = await offer(session, key, await signedBy('eve', key, { outputs: outputOf(large) }))
      session.abort(new Error('it was only a question'))
      await clock.run(0)
      return reply.status
    }
    const replies: string[] = []
    const count = CACHE_STORES_PER_PEER_BYTES / large
    for (let number = 0; number < count + 1; number += 1) replies.push(await tryOne(number))
    assert.deepEqual(replies, [...Array.from({ length: count }, () => 'wanted'), 'refused'])
    await clock.run(CACHE_STORES_WINDOW_MS)
    assert.equal(await tryOne(count + 1), 'wanted')
  })

  test('what would take more memory than one peer may hold', async () => {
    const { mesh, home, key } = bench()
    const large = await signedBy('eve', key, { outputs: outputOf(CACHE_PARCEL_MAX_BYTES) })
    const replies: string[] = []
    for (let at = 0; at <= CACHE_HELD_PER_PEER_BYTES / CACHE_PARCEL_MAX_BYTES; at += 1) {
      replies.push((await offer(mesh.open(EVE, home.id), key, large)).status)
    }
    assert.deepEqual(replies, ['wanted', 'wanted', 'refused'])
    assert.equal((await offer(mesh.open('x' as PeerId, home.id), key, large)).status, 'wanted')
  })

  test('to show more than one peer may hold, if it does not take what it asked for', async () => {
    const { mesh, home, key } = bench()
    const content = seededBuffer(1, 8 * 1024 * 1024)
    await keepParcel(home.shelf, key, await parcelOf(key, content, 'home'))
    const replies: string[] = []
    for (let at = 0; at <= CACHE_HELD_PER_PEER_BYTES / content.length; at += 1) {
      replies.push((await ask(mesh.open(EVE, home.id), { ask: 'find', key, claim: false })).status)
    }
    assert.deepEqual(new Set(replies.slice(0, -1)), new Set(['known']))
    assert.equal(replies.at(-1), 'unknown')
  })
})

const LIES: Readonly<Record<string, Uint8Array>> = {
  'sends other bytes than it offered': await compress(Buffer.from('EVIL!!')),
  'sends fewer': await compress(Buffer.from('OBJ')),
  'sends a bomb': await compress(new Uint8Array(1024 * 1024)),
  'sends what is not packed': Buffer.from('OBJECT'),
}

suite('a home ends the session of whoever', () => {
  for (const [who, packed] of Object.entries(LIES)) {
    test(who, async () => {
      const { home, key, session } = bench()
      assert.equal((await offer(session, key, await parcelOf(key, 'OBJECT', 'eve'))).status, 'wanted')
      await session.write(encodeOutputsHeader(packed.length))
      await session.write(packed)
      await assert.rejects(session.read(CACHE_FRAME_MAX_BYTES))
      assert.deepEqual([home.shelf.known.size, home.shelf.stored.size], [0, 0])
    })
  }

  test('sends no request', async () => {
    const { session } = bench()
    await session.write(Buffer.from('garbage'))
    await assert.rejects(session.read(CACHE_FRAME_MAX_BYTES))
  })

  test('takes for ever to send what it offered', async () => {
    const { home, key, clock, session } = bench()
    const parcel = await parcelOf(key, 'OBJECT', 'eve')
    assert.equal((await offer(session, key, parcel)).status, 'wanted')
    const packed = await packOutputs(parcel)
    await session.write(encodeOutputsHeader(packed.length))
    await session.write(packed.subarray(0, 1))
    await clock.run(CACHE_STORE_MS)
    assert.ok(session.closed.aborted)
    assert.equal(home.shelf.known.size, 0)
  })
})

suite('a claim', () => {
  test('is ended by nobody but its claimant', async () => {
    const { mesh, home, key, session } = bench()
    assert.deepEqual(await ask(session, { ask: 'find', key, claim: true }), { status: 'unknown', claimed: true })
    const other = mesh.open('x' as PeerId, home.id)
    assert.deepEqual(await ask(other, { ask: 'end', key }), { status: 'ended' })
    assert.deepEqual(await ask(other, { ask: 'find', key, claim: true }), { status: 'running' })
  })

  test('is not for those who only look', async () => {
    const { home, key, session } = bench()
    assert.deepEqual(await ask(session, { ask: 'find', key, claim: false }), { status: 'unknown', claimed: false })
    assert.equal(home.claims.claim(key, home.id).kind, 'yours')
    assert.deepEqual(await ask(session, { ask: 'find', key, claim: false }), { status: 'unknown', claimed: false })
  })

  test('is one of so many, beyond which a peer gets none', async () => {
    const { home, key, session } = bench()
    for (let number = 0; number < CACHE_CLAIMS_PER_PEER_MAX; number += 1) home.claims.claim(keyOf(`${number}`), EVE)
    assert.deepEqual(await ask(session, { ask: 'find', key, claim: true }), { status: 'unknown', claimed: false })
    home.claims.end(keyOf('0'), EVE)
    assert.deepEqual(await ask(session, { ask: 'find', key, claim: true }), { status: 'unknown', claimed: true })
  })

  test('is over when its result comes, from whomever', async () => {
    const { mesh, home, key, session } = bench()
    await ask(session, { ask: 'find', key, claim: true })
    const waiting = mesh.open('x' as PeerId, home.id)
    assert.deepEqual(await ask(waiting, { ask: 'find', key, claim: true }), { status: 'running' })
    await offerTo(mesh.open('y' as PeerId, home.id), key, new Offer(await parcelOf(key, 'OBJECT', 'y')), NEVER)
    const frame = await waiting.read(CACHE_FRAME_MAX_BYTES)
    assert.equal(decodeCacheReply(frame ?? new Uint8Array()).status, 'known')
  })
})
