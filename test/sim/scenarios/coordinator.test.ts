import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mesh, SETTLE_MS } from '../world.ts'

const SEED = 1977
const HOUR_MS = 3_600_000
const names = <const T extends readonly string[]>(...all: T) =>
  all.map((name) => ({ name })) as { [K in keyof T]: { readonly name: string } }

/** A lost coordinator is replaced in this time, however it was lost. */
const REPLACED_WITHIN_MS = 5_000

test('all agree on the node that is longest up', async () => {
  const { world } = await mesh(SEED, ...names('d', 'c', 'b', 'a'))
  assert.equal(world.coordinator, 'd', world.story())
})

test('all agree even where dates are hours apart', async () => {
  const { world } = await mesh(SEED, { name: 'a', skewMs: HOUR_MS }, { name: 'b' }, { name: 'c', skewMs: -HOUR_MS })
  assert.notEqual(world.coordinator, undefined, world.story())
})

test('a newcomer accepts the coordinator, even one that seems longer up', async () => {
  const { world } = await mesh(SEED, ...names('a', 'b', 'c'))
  await world.start({ name: 'd', skewMs: -HOUR_MS })
  await world.clock.run(SETTLE_MS)
  assert.equal(world.coordinator, 'a', world.story())
})

for (const how of ['crash', 'vanish'] as const) {
  test(`when the coordinator dies (${how}), another is there within 5 s`, async () => {
    const { world, nodes } = await mesh(SEED, ...names('a', 'b', 'c', 'd'))
    world.kill(nodes[0], how)
    const replaced = await world.clock.runUntil(() => world.coordinator === 'b', REPLACED_WITHIN_MS)
    assert.ok(replaced, world.story())
  })
}

test('a coordinator that comes back is a node like others', async () => {
  const { world, nodes } = await mesh(SEED, ...names('a', 'b', 'c'))
  world.kill(nodes[0], 'crash')
  await world.clock.run(REPLACED_WITHIN_MS)
  await world.start({ name: 'a' })
  await world.clock.run(SETTLE_MS)
  assert.equal(world.coordinator, 'b', world.story())
})

test('a cut network has one coordinator on each side, and one again when it heals', async () => {
  const { world, nodes } = await mesh(SEED, ...names('a', 'b', 'c', 'd', 'e'))
  const [a, b, c, d, e] = nodes
  const heal = world.network.partition([a.id, b.id], [c.id, d.id, e.id])
  await world.clock.run(15_000)
  assert.deepEqual(world.coordinators(), ['a', 'a', 'c', 'c', 'c'], world.story())
  heal()
  await world.clock.run(SETTLE_MS)
  assert.equal(world.coordinator, 'c', `the larger half keeps its own: ${world.story()}`)
})

test('two equal halves come to one coordinator when the network heals', async () => {
  const { world, nodes } = await mesh(SEED, ...names('a', 'b', 'c', 'd'))
  const [a, b, c, d] = nodes
  const heal = world.network.partition([a.id, c.id], [b.id, d.id])
  await world.clock.run(15_000)
  assert.deepEqual(world.coordinators(), ['a', 'b', 'a', 'b'], world.story())
  heal()
  await world.clock.run(SETTLE_MS)
  assert.equal(world.coordinator, 'a', world.story())
})

test('a node with the role takes over, and keeps it while it lives', async () => {
  const { world } = await mesh(SEED, ...names('a', 'b'))
  const holder = await world.start({ name: 'r', coordinatorRole: true })
  await world.clock.run(SETTLE_MS)
  assert.equal(world.coordinator, 'r', world.story())
  await world.start({ name: 's', coordinatorRole: true, skewMs: -HOUR_MS })
  await world.clock.run(SETTLE_MS)
  assert.equal(world.coordinator, 'r', `a second one with the role changes nothing: ${world.story()}`)
  world.kill(holder, 'crash')
  await world.clock.run(REPLACED_WITHIN_MS)
  assert.equal(world.coordinator, 's', world.story())
})

test('an election is quiet: once agreed, nobody changes its mind', async () => {
  const { world } = await mesh(SEED, ...names('a', 'b', 'c', 'd', 'e', 'f'))
  const before = world.network.trace.length
  await world.clock.run(60_000)
  const elections = world.network.trace.slice(before).filter((line) => line.includes('elects'))
  assert.deepEqual(elections, [], world.story())
})
