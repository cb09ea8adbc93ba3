import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import {
  CACHE_CLAIM_MS,
  CACHE_FIND_MS,
  CACHE_FIND_UNPROVEN_MS,
  CACHE_HOME_REST_MS,
  CACHE_HOMES_ASKED,
  CACHE_WAIT_MS,
} from '../../../src/base/limits.ts'
import type { ActionKey } from '../../../src/cache/digest.ts'
import type { Found } from '../../../src/cache/mesh-cache.ts'
import { type BenchNode, MeshCacheBench, NEVER, writesMain } from './mesh-cache-bench.ts'

function bench() {
  const mesh = new MeshCacheBench('a', 'b', 'c', 'd')
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => mesh.node(name)) as [
    BenchNode,
    BenchNode,
    BenchNode,
    BenchNode,
  ]
  return { mesh, clock: mesh.clock, a, b, c, d, key: mesh.keyAt('a', 'b') }
}

function find(node: BenchNode, key: ActionKey, signal = NEVER): Promise<Found> {
  return node.cache.find(key, writesMain, signal)
}

/** In short: what was found, and where. */
function told(found: Found): string {
  if (found.kind !== 'known') return found.kind
  return `${Buffer.concat([...found.parcel.contents])} from ${found.from}`
}

suite('a result of the mesh', () => {
  test('is kept at its homes and nowhere else, and found there by all', async () => {
    const { mesh, clock, a, b, c, d, key } = bench()
    await mesh.make(c, key)
    c.cache.share(key, undefined)
    await clock.run(1)
    assert.deepEqual(
      [a, b, c, d].map(({ shelf }) => shelf.known.has(key)),
      [true, true, true, false],
    )
    assert.equal(told(await find(d, key)), 'OBJECT from a')
  })

  test('is found in one round trip: one session, one question', async () => {
    const { mesh, a, b, d, key } = bench()
    await mesh.make(a, key)
    await mesh.make(b, key)
    assert.equal(told(await find(d, key)), 'OBJECT from a')
    assert.deepEqual([a.opened, b.opened], [1, 0])
  })

  test('is found at its second home when the first has lost it, and comes back there', async () => {
    const { mesh, clock, a, b, d, key } = bench()
    await mesh.make(b, key)
    const found = await find(d, key)
    assert.equal(told(found), 'OBJECT from b')
    await mesh.make(d, key)
    d.cache.share(key, b.id)
    await clock.run(1)
    assert.equal(a.shelf.known.get(key)?.producer, 'd')
  })

  test('is not sent where it is already', async () => {
    const { mesh, clock, a, c, key } = bench()
    await mesh.make(a, key, 'FIRST')
    await mesh.make(c, key, 'SECOND')
    c.cache.share(key, undefined)
    await clock.run(1)
    assert.deepEqual([...a.shelf.stored.values()].map(String), ['FIRST'])
  })

  test('that nobody knows costs a question at each home, and no more', async () => {
    const { a, b, c, d, key } = bench()
    assert.equal(told(await find(d, key)), 'unknown')
    assert.deepEqual([a.opened, b.opened, c.opened], [1, 1, 0])
  })
})

suite('homes that do not answer', () => {
  test('cost the budget once, and then nothing for a while', async () => {
    const { mesh, clock, a, b, d, key } = bench()
    await mesh.make(b, key)
    a.serve = () => new Promise(() => undefined)
    const found = find(d, key)
    await clock.run(CACHE_FIND_UNPROVEN_MS)
    assert.equal(told(await found), 'OBJECT from b')
    assert.equal(told(await find(d, key)), 'OBJECT from b')
    assert.equal(a.opened, 1)
    await clock.run(CACHE_HOME_REST_MS)
    const again = find(d, key)
    await clock.run(CACHE_FIND_UNPROVEN_MS)
    assert.equal(told(await again), 'OBJECT from b')
    assert.equal(a.opened, 2)
  })

  test('as quickly as they used to are asked once more, with more time, and then rest', async () => {
    const { mesh, clock, a, b, d, key } = bench()
    await mesh.make(b, key)
    await find(d, mesh.keyAt('a', 'c')) // It is quick.
    a.serve = () => new Promise(() => undefined)
    mesh.cut(a.id)
    for (const budgetMs of [CACHE_FIND_MS, CACHE_FIND_UNPROVEN_MS, 0]) {
      const found = find(d, key)
      await clock.run(budgetMs)
      assert.equal(told(await found), 'OBJECT from b')
    }
  })

  test('in time to a whole burst are asked once more, all the same', async () => {
    const { mesh, clock, a, b, d, key } = bench()
    await find(d, mesh.keyAt('a', 'c')) // It is quick.
    const { serve } = a
    a.serve = () => new Promise(() => undefined)
    mesh.cut(a.id)
    const burst = Promise.all(mesh.keysAt(10, 'a', 'b').map((each) => find(d, each)))
    await clock.run(CACHE_FIND_UNPROVEN_MS)
    assert.deepEqual(new Set((await burst).map(told)), new Set(['unknown']))
    a.serve = serve
    b.serve = () => Promise.reject(new Error('gone'))
    await mesh.make(a, key)
    assert.equal(told(await find(d, key)), 'OBJECT from a')
  })

  test('to one because they answer others first have more time', async () => {
    const { mesh, clock, a, b, d } = bench()
    await find(d, mesh.keyAt('c', 'a')) // It is quick.
    b.opened = 0
    const keys = mesh.keysAt(6, 'a', 'b')
    for (const each of keys) await mesh.make(a, each)
    const { serve } = a
    mesh.cut(a.id)
    await clock.run(0)
    let turn = 0
    a.serve = async (session) => {
      turn += 10
      await clock.sleep(turn)
      return serve(session)
    }
    const all = Promise.all(keys.map((each) => find(d, each)))
    await clock.run(keys.length * 10)
    assert.deepEqual((await all).map(told), Array(keys.length).fill('OBJECT from a'))
    assert.equal(b.opened, 0)
  })

  test('cost no more than the budget each, when none does', async () => {
    const { clock, a, b, c, d, key } = bench()
    for (const home of [a, b, c]) home.serve = () => new Promise(() => undefined)
    const found = find(d, key)
    await clock.run(CACHE_HOMES_ASKED * CACHE_FIND_UNPROVEN_MS)
    assert.equal(told(await found), 'unknown')
  })

  test('in time are offered results all the same, but those who lie are not', async () => {
    for (const [bytes, offered] of [
      [undefined, true],
      [Buffer.from('garbage'), false],
    ] as const) {
      const { mesh, clock, a, d, key } = bench()
      const { serve } = a
      a.serve = async (session) => {
        if (bytes === undefined) return new Promise(() => undefined)
        await session.write(bytes)
      }
      const found = find(d, key)
      await clock.run(CACHE_FIND_UNPROVEN_MS)
      assert.equal(told(await found), 'unknown')
      a.serve = serve
      await mesh.make(d, key)
      d.cache.share(key, undefined)
      await clock.run(1)
      assert.equal(a.shelf.known.has(key), offered)
    }
  })

  test('are asked the next when they are gone', async () => {
    const { mesh, a, b, d, key } = bench()
    await mesh.make(b, key)
    mesh.lose(a.id)
    assert.equal(told(await find(d, key)), 'OBJECT from b')
  })

  test('are not blamed for a launcher that did not wait', async () => {
    const { mesh, clock, a, d, key } = bench()
    const launcher = new AbortController()
    const serve = a.serve
    a.serve = () => new Promise(() => undefined)
    const found = find(d, key, launcher.signal)
    await clock.run(1)
    launcher.abort(new Error('Ctrl-C'))
    await assert.rejects(found, /Ctrl-C/)
    a.serve = serve
    await mesh.make(a, key)
    assert.equal(told(await find(d, key)), 'OBJECT from a')
  })
})

suite('a key that is being compiled', () => {
  test('is waited for at its home, and found', async () => {
    const { mesh, clock, c, d, key } = bench()
    assert.equal(told(await find(c, key)), 'unknown')
    const waiting = find(d, key)
    await clock.run(5_000)
    await mesh.make(c, key)
    c.cache.share(key, undefined)
    c.cache.end(key)
    assert.equal(told(await waiting), 'OBJECT from a')
  })

  test('is waited for by the home itself, and by others when the home compiles it', async () => {
    const { mesh, clock, a, c, d, key } = bench()
    assert.equal(told(await find(c, key)), 'unknown')
    const [atHome, other] = [find(a, key), find(d, key)]
    await clock.run(100)
    await mesh.make(c, key)
    c.cache.share(key, undefined)
    assert.deepEqual([told(await atHome), told(await other)], ['here', 'OBJECT from a'])

    const second = mesh.keyAt('a', 'c')
    assert.equal(told(await find(a, second)), 'unknown')
    const waiting = find(d, second)
    await clock.run(100)
    await mesh.make(a, second, 'MINE')
    a.cache.share(second, undefined)
    assert.equal(told(await waiting), 'MINE from a')
  })

  test('is not waited for when it gave nothing to keep', async () => {
    const { clock, c, d, key } = bench()
    await find(c, key)
    const waiting = find(d, key)
    await clock.run(100)
    c.cache.end(key)
    assert.equal(told(await waiting), 'unknown')
  })

  test('is not waited for when its claimant is gone', async () => {
    const { mesh, clock, c, d, key } = bench()
    await find(c, key)
    const waiting = find(d, key)
    await clock.run(100)
    mesh.lose(c.id)
    assert.equal(told(await waiting), 'unknown')
  })

  test('is waited for so long and no longer', async () => {
    const { clock, c, d, key } = bench()
    await find(c, key)
    const waiting = find(d, key)
    await clock.run(CACHE_WAIT_MS)
    assert.equal(told(await waiting), 'unknown')
  })

  test('is anybody’s again when its claim is old', async () => {
    const { clock, c, d, key } = bench()
    await find(c, key)
    await clock.run(CACHE_CLAIM_MS)
    assert.equal(told(await find(d, key)), 'unknown')
  })

  test('is let go of when its launcher is interrupted before it heard the answer', async () => {
    const { clock, a, c, d, key } = bench()
    const launcher = new AbortController()
    const found = find(c, key, launcher.signal)
    while (a.opened === 0) await Promise.resolve()
    launcher.abort(new Error('Ctrl-C'))
    await assert.rejects(found, /Ctrl-C/)
    c.cache.end(key)
    await clock.run(1)
    assert.equal(told(await find(d, key)), 'unknown')
  })

  test('and wanted on three nodes at once is compiled by one of them', async () => {
    const { mesh, clock, a, c, d, key } = bench()
    let compiles = 0
    const build = async (node: BenchNode) => {
      const found = await find(node, key)
      if (found.kind !== 'unknown') return told(found)
      compiles += 1
      await clock.sleep(700)
      await mesh.make(node, key)
      node.cache.share(key, undefined)
      return 'compiled'
    }
    const builds = Promise.all([a, c, d].map(build))
    await clock.run(2_000)
    assert.equal((await builds).filter((word) => word !== 'compiled').length, 2)
    assert.equal(compiles, 1)
  })
})

test('a stopped cache asks and sends nothing more', async () => {
  const { mesh, clock, a, c, key } = bench()
  await mesh.make(c, key)
  a.serve = () => new Promise(() => undefined)
  c.cache.share(key, undefined)
  await clock.run(1)
  await c.cache.stop()
  c.cache.share(key, undefined)
  c.cache.end(key)
  await clock.run(60_000)
  assert.equal(a.shelf.known.size, 0)
})

suite('a home that is asked in another way', () => {
  test('is the only one, in a mesh of two', () => {
    const two = new MeshCacheBench('a', 'b')
    assert.equal(two.node('a').cache.soleHome(two.keyAt('a', 'b')), 'b')
    assert.equal(two.node('a').cache.soleHome(two.keyAt('b', 'a')), 'b')
    const { a, d, key } = bench()
    assert.deepEqual([a.cache.soleHome(key), d.cache.soleHome(key)], [undefined, undefined])
    const alone = new MeshCacheBench('a')
    assert.equal(alone.node('a').cache.soleHome(alone.keyAt('a')), undefined)
  })

  test('is not asked, and told nothing; others of this node still wait', async () => {
    const mesh = new MeshCacheBench('a', 'b')
    const [a, b] = [mesh.node('a'), mesh.node('b')]
    for (const key of [mesh.keyAt('a', 'b'), mesh.keyAt('b', 'a')]) {
      assert.equal((await a.cache.find(key, writesMain, NEVER, b.id)).kind, 'unknown')
      a.cache.end(key)
      await mesh.clock.run(1)
    }
    assert.equal(b.opened, 0)
    const key = mesh.keyAt('a', 'b')
    await a.cache.find(key, writesMain, NEVER, b.id)
    assert.equal(a.claims.claim(key, b.id).kind, 'running')
  })

  test('is offered nothing of what came from it', async () => {
    const mesh = new MeshCacheBench('a', 'b')
    const [a, b] = [mesh.node('a'), mesh.node('b')]
    const key = mesh.keyAt('b', 'a')
    await find(a, key)
    await mesh.make(a, key)
    const asked = b.opened
    a.cache.share(key, b.id)
    await mesh.clock.run(1)
    assert.deepEqual([b.opened, b.shelf.known.has(key)], [asked, false])
  })
})
