import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CACHE_FIND_UNPROVEN_MS, CACHE_HOMES_ASKED, CACHE_WAIT_MS } from '../../../src/base/limits.ts'
import type { ActionKey } from '../../../src/cache/digest.ts'
import { CACHE_PROTOCOL } from '../../../src/protocols/cache.ts'
import { encodeCacheReply } from '../../../src/protocols/cache-codec.ts'
import { keyOf } from '../../unit/cache/actions.ts'
import { type Built, CachingNode, objectOf } from '../caching-node.ts'
import { SETTLE_MS, World } from '../world.ts'

const SEED = 8412
/** What a compile takes here, if nothing else is said. */
const COMPILE_MS = 300
/** Looking everywhere in vain, and what a LAN and this simulation add. */
const LOOKED_MS = CACHE_HOMES_ASKED * CACHE_FIND_UNPROVEN_MS + 10
const KEYS = Array.from({ length: 60 }, (_, at) => keyOf(`source ${at}`))

/** A mesh of caching nodes that know each other. */
async function mesh(seed: number, ...names: readonly string[]): Promise<{ world: World; nodes: CachingNode[] }> {
  const world = new World(seed)
  const nodes: CachingNode[] = []
  for (const name of names) nodes.push(await join(world, name))
  await world.clock.run(SETTLE_MS)
  return { world, nodes }
}

async function join(world: World, name: string, cacheBytes = 1000): Promise<CachingNode> {
  return new CachingNode(await world.start({ name, cacheBytes }))
}

/** A node that knows nothing and keeps nothing for others, once it knows the others. */
async function reader(world: World, name: string): Promise<CachingNode> {
  const node = await join(world, name, 0)
  await world.clock.run(SETTLE_MS)
  return node
}

/** Builds all keys on one node at once. */
function build(world: World, node: CachingNode, keys = KEYS): Promise<readonly Built[]> {
  return buildOn(world, [node], keys)
}

/** Builds all keys on all of these nodes at once. */
async function buildOn(
  world: World,
  nodes: readonly CachingNode[],
  keys: readonly ActionKey[] = KEYS,
): Promise<readonly Built[]> {
  let built: readonly Built[] | undefined
  void Promise.all(nodes.flatMap((node) => keys.map((key) => node.build(key, COMPILE_MS)))).then((all) => {
    built = all
  })
  await world.clock.runUntil(() => built !== undefined, CACHE_WAIT_MS + 10_000)
  assert.ok(built, `a build hangs: ${world.story()}`)
  for (const { key, object } of built) assert.equal(object, objectOf(key), world.story())
  await world.clock.run(1_000) // What is stored in the background is stored.
  return built
}

function compiles(...nodes: readonly CachingNode[]): number {
  return nodes.reduce((sum, { compiled }) => sum + compiled.length, 0)
}

test('what one node compiled, no other compiles', async () => {
  const { world, nodes } = await mesh(SEED, 'a', 'b', 'c', 'd', 'e')
  for (const node of nodes) await build(world, node)
  assert.equal(compiles(...nodes), KEYS.length, world.story())
})

test('each result lies at two homes, and they share the load', async () => {
  const { world, nodes } = await mesh(SEED, 'a', 'b', 'c', 'd', 'e')
  const [a, ...others] = nodes as [CachingNode, ...CachingNode[]]
  await build(world, a)
  const copies = others.map(({ shelf }) => shelf.known.size)
  // Two copies of each, some of them with a itself.
  assert.ok(copies.reduce((sum, count) => sum + count, 0) >= KEYS.length, copies.join())
  assert.ok(Math.min(...copies) > 0 && Math.max(...copies) < KEYS.length, copies.join())
})

for (const how of ['stop', 'crash', 'vanish'] as const) {
  test(`when a node goes away (${how}), what it was a home of is still found`, async () => {
    const { world, nodes } = await mesh(SEED, 'a', 'b', 'c', 'd', 'e')
    const [a, b] = nodes as [CachingNode, CachingNode]
    await build(world, a)
    const fresh = await join(world, 'f')
    await world.clock.run(SETTLE_MS)
    if (how === 'stop') await b.stop()
    else world.kill(b.node, how)
    await build(world, fresh)
    assert.equal(compiles(fresh), 0, world.story())
  })
}

test('what is looked up after a loss has two homes again: the next loss costs nothing, either', async () => {
  const { world, nodes } = await mesh(SEED, 'a', 'b', 'c', 'd', 'e')
  const [a, b, c, d] = nodes as [CachingNode, CachingNode, CachingNode, CachingNode]
  await build(world, a)
  for (const gone of [a, b, c]) {
    world.kill(gone.node, 'crash')
    await world.clock.run(SETTLE_MS)
    const fresh = await reader(world, `after ${gone.id}`)
    await build(world, fresh)
    assert.equal(compiles(fresh), 0, world.story())
  }
  await build(world, d)
  assert.equal(compiles(d), 0, world.story())
})

test('a node that joins is sent nothing, and takes over its share as results are asked for', async () => {
  const { world, nodes } = await mesh(SEED, 'a', 'b', 'c')
  const [a, b] = nodes as [CachingNode, CachingNode]
  await build(world, a)
  const joined = await join(world, 'd')
  await world.clock.run(60_000)
  assert.equal(joined.shelf.known.size, 0)
  const fresh = await reader(world, 'e')
  await build(world, fresh)
  assert.equal(compiles(fresh), 0, world.story())
  assert.ok(joined.shelf.known.size > 0, world.story())
  assert.ok(joined.shelf.known.size < KEYS.length, world.story())
  assert.equal(compiles(b), 0)
})

test('cut off from each other, both halves build, and agree again when the network heals', async () => {
  const { world, nodes } = await mesh(SEED, 'a', 'b', 'c', 'd')
  const [a, b, c, d] = nodes as [CachingNode, CachingNode, CachingNode, CachingNode]
  const heal = world.network.partition([a.node.id, b.node.id], [c.node.id, d.node.id])
  const [here, there] = [await build(world, a), await build(world, c)]
  for (const { tookMs } of [...here, ...there]) assert.ok(tookMs <= COMPILE_MS + LOOKED_MS, `${tookMs} ms`)
  heal()
  await world.clock.run(SETTLE_MS + 10_000)
  const fresh = await reader(world, 'e')
  await build(world, fresh)
  assert.equal(compiles(fresh), 0, world.story())
})

test('a home that is slow costs its budget, not more, and others are found without it', async () => {
  const { world, nodes } = await mesh(SEED, 'a', 'b', 'c', 'd')
  const [a, b, , d] = nodes as [CachingNode, CachingNode, CachingNode, CachingNode]
  await build(world, a)
  world.network.addRule('b is slow', ({ from }) => (from === b.node.id ? { deliverAfterMs: 500 } : 'pass'))
  const built = await build(world, d)
  assert.equal(compiles(d), 0, world.story())
  for (const { tookMs } of built) assert.ok(tookMs <= LOOKED_MS, `${tookMs} ms: ${world.story()}`)
})

test('a home that hands out something else is not believed', async () => {
  const { world, nodes } = await mesh(SEED, 'a', 'b', 'c', 'd')
  const [a, b, , d] = nodes as [CachingNode, CachingNode, CachingNode, CachingNode]
  await build(world, a)
  b.lies = true
  await build(world, d)
  assert.equal(compiles(d), 0, world.story())
})

test('a home that has everybody wait for nothing does so once', async () => {
  const { world, nodes } = await mesh(SEED, 'a', 'b')
  const [a, b] = nodes as [CachingNode, CachingNode]
  b.node.mesh.handle(CACHE_PROTOCOL, async (session) => {
    await session.read(1024 * 1024)
    await session.write(encodeCacheReply({ status: 'running' }))
    await new Promise((resolve) => session.closed.addEventListener('abort', resolve))
  })
  await build(world, a)
  const built = await build(
    world,
    a,
    Array.from({ length: 20 }, (_, at) => keyOf(`more ${at}`)),
  )
  for (const { tookMs } of built) assert.ok(tookMs <= COMPILE_MS + LOOKED_MS, `${tookMs} ms`)
})

test('the same asked for twenty times on each of three nodes at once is compiled once', async () => {
  const { world, nodes } = await mesh(SEED, 'a', 'b', 'c', 'd')
  for (const key of KEYS.slice(0, 10)) {
    const before = compiles(...nodes)
    await buildOn(
      world,
      nodes.slice(0, 3),
      Array.from({ length: 20 }, () => key),
    )
    assert.equal(compiles(...nodes) - before, 1, world.story())
  }
})

for (const how of ['crash', 'vanish'] as const) {
  test(`a claimant that goes away (${how}) leaves nobody waiting`, async () => {
    const { world, nodes } = await mesh(SEED, 'a', 'b', 'c')
    const [a, b, c] = nodes as [CachingNode, CachingNode, CachingNode]
    for (const key of KEYS) void a.build(key, COMPILE_MS)
    await world.clock.run(COMPILE_MS / 2)
    world.clock.schedule(COMPILE_MS / 4, () => world.kill(a.node, how))
    await buildOn(world, [b, c])
    assert.ok(compiles(b, c) >= KEYS.length, 'all were compiled by those who are left')
  })
}
