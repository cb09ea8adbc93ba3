import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PEER_GONE_MS, PEER_RECONNECT_MS } from '../../../src/base/limits.ts'
import { mesh } from '../world.ts'

const SEED = 8412
const A = { name: 'a' }
const B = { name: 'b' }
const C = { name: 'c' }

test('nodes find each other', async () => {
  const { world, nodes } = await mesh(SEED, A, B, C)
  const [a, b, c] = nodes
  assert.deepEqual(
    [a.sees(), b.sees(), c.sees()],
    [
      ['b', 'c'],
      ['a', 'c'],
      ['a', 'b'],
    ],
    world.story(),
  )
})

test('a cut-off node is forgotten, and comes back when the network heals', async () => {
  const { world, nodes } = await mesh(SEED, A, B, C)
  const [a, b, c] = nodes
  const heal = world.network.partition([a.id, b.id], [c.id])
  await world.clock.run(PEER_GONE_MS + 1_000)
  assert.deepEqual([a.sees(), b.sees(), c.sees()], [['b'], ['a'], []], world.story())
  heal()
  const back = await world.clock.runUntil(() => world.nodes.every((node) => node.sees().length === 2), 5_000)
  assert.ok(back, `c is found again within 5 s: ${world.story()}`)
})

test('a cut-off node gets no new work long before it is forgotten', async () => {
  const { world, nodes } = await mesh(SEED, A, B)
  const [a, b] = nodes
  world.network.partition([a.id], [b.id])
  await world.clock.run(4_500)
  assert.deepEqual([a.sees(), a.peers.schedulable()], [['b'], []], world.story())
})

test('a cable pulled for a moment costs nobody its place', async () => {
  const { world, nodes } = await mesh(SEED, A, B)
  const [a, b] = nodes
  const left: string[] = []
  a.peers.subscribe({ left: (peer) => left.push(peer) })
  const heal = world.network.partition([a.id], [b.id])
  await world.clock.run(2_500)
  heal()
  await world.clock.run(500)
  assert.deepEqual([left, a.peers.schedulable().length], [[], 1], world.story())
})

test('a node that crashes is gone at once, and one that starts again is found again', async () => {
  const { world, nodes } = await mesh(SEED, A, B)
  const [a, b] = nodes
  world.kill(b, 'crash')
  await world.clock.run(PEER_RECONNECT_MS + 500)
  assert.deepEqual(a.sees(), [], world.story())
  await world.start(B)
  await world.clock.run(2_000)
  assert.deepEqual(a.sees(), ['b'], world.story())
})

test('a node that lost power and starts again is found again, though nobody saw it go', async () => {
  const { world, nodes } = await mesh(SEED, A, B, C)
  const [a, b] = nodes
  world.kill(b, 'vanish')
  await world.clock.run(1_000)
  const again = await world.start(B)
  await world.clock.run(3_000)
  assert.deepEqual(
    [a.sees(), again.sees()],
    [
      ['b', 'c'],
      ['a', 'c'],
    ],
    world.story(),
  )
})

test('where only one way is cut, the deaf node gives up and the other follows', async () => {
  const { world, nodes } = await mesh(SEED, A, B)
  const [a, b] = nodes
  world.network.partitionOneWay([a.id], [b.id])
  await world.clock.run(2 * PEER_GONE_MS)
  assert.deepEqual([a.sees(), b.sees()], [[], []], world.story())
})

test('a node that takes no announcements does not delay those of others', async () => {
  const { world, nodes } = await mesh(
    SEED,
    { ...A, windowBytes: 1 },
    { ...B, windowBytes: 1 },
    { ...C, windowBytes: 1 },
  )
  const [a, b, c] = nodes
  world.network.partitionOneWay([a.id], [b.id])
  await world.clock.run(2_000)
  assert.ok((c.peers.get(a.id)?.silentMs ?? Number.POSITIVE_INFINITY) <= 1_100, world.story())
  assert.ok((c.peers.get(b.id)?.silentMs ?? Number.POSITIVE_INFINITY) <= 1_100, world.story())
})

test('who gives a node work knows at once how busy it is, not at the next beat', async () => {
  const { world, nodes } = await mesh(SEED, A, B)
  const [a, b] = nodes
  a.clients.began(b.id)
  await a.slots.acquire(new AbortController().signal)
  await world.clock.run(60)
  assert.equal(b.peers.get(a.id)?.announcement.running, 1, world.story())
})

test('a node that stops leaves no timer behind', async () => {
  const { world, nodes } = await mesh(SEED, A, B)
  for (const node of nodes) await node.stop()
  await world.clock.run(1_000)
  assert.equal(world.clock.pending, 0, world.story())
})
