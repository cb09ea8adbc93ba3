import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkBuilt, checkSlots, type Outcome } from '../checkers.ts'
import { type FakeJob, jobs } from '../fake-compile.ts'
import type { SimNode } from '../node.ts'
import type { SimRandom } from '../random.ts'
import { mesh, type World } from '../world.ts'

const SEEDS = [1, 2, 3, 5, 8, 13, 21, 34]
/** Every job is over by then, however unlucky: 120 jobs of at most 3 s in two slots. */
const ALL_SETTLED_MS = 300_000
/** Without faults the mesh is whole again after so long. */
const QUIET_MS = 30_000

const WORKERS = [
  { name: 'w1', slots: 2 },
  { name: 'w2', slots: 4 },
  { name: 'w3', slots: 8 },
]

/** Gives all jobs to `client` at once, like `make -j`; outcomes are added as jobs end. */
function buildAll(client: SimNode, all: readonly FakeJob[]): Outcome[] {
  const outcomes: Outcome[] = []
  for (const job of all) void client.build(job).then((end) => outcomes.push({ name: job.name, ...end }))
  return outcomes
}

test('a client without peers builds at home, in its own slots', async () => {
  const { world, nodes } = await mesh(SEEDS[0] ?? 1, { name: 'client', slots: 2 })
  world.clock.watch(() => checkSlots(world))
  const all = jobs(20, world.random)
  const outcomes = buildAll(nodes[0], all)
  await world.clock.runUntil(() => outcomes.length === all.length, ALL_SETTLED_MS)
  checkBuilt(world, all, outcomes)
})

test('a build is spread over the mesh by slots, and is soon over', async () => {
  const { world, nodes } = await mesh(SEEDS[0] ?? 1, { name: 'client', slots: 2 }, ...WORKERS)
  world.clock.watch(() => checkSlots(world))
  const all = jobs(200, world.random)
  const outcomes = buildAll(nodes[0], all)
  const began = world.clock.now()
  await world.clock.runUntil(() => outcomes.length === all.length, ALL_SETTLED_MS)
  checkBuilt(world, all, outcomes)
  const idealMs = all.reduce((sum, { durationMs }) => sum + durationMs, 0) / 16
  const tookMs = world.clock.now() - began
  assert.ok(tookMs < 1.25 * idealMs, `took ${tookMs} ms where ${idealMs} are ideal: ${world.story()}`)
})

test('two clients share the workers, and neither is kept out', async () => {
  const { world, nodes } = await mesh(3, { name: 'c1', slots: 1 }, { name: 'c2', slots: 1 }, ...WORKERS)
  world.clock.watch(() => checkSlots(world))
  const all = jobs(150, world.random)
  const [first, second] = [buildAll(nodes[0], all), buildAll(nodes[1], all)]
  await world.clock.runUntil(() => first.length === all.length || second.length === all.length, ALL_SETTLED_MS)
  const behind = Math.min(first.length, second.length)
  assert.ok(behind > all.length / 2, `${first.length} and ${second.length} are done: ${world.story()}`)
  await world.clock.runUntil(() => first.length + second.length === 2 * all.length, ALL_SETTLED_MS)
  checkBuilt(world, all, first)
  checkBuilt(world, all, second)
})

for (const seed of SEEDS) {
  test(`every job ends exactly once while peers crash and come back (seed ${seed})`, async () => {
    const { world, nodes } = await mesh(seed, { name: 'client', slots: 2 }, ...WORKERS)
    const [client] = nodes
    world.clock.watch(() => checkSlots(world))
    const chaos = world.random.fork('chaos')
    const all = jobs(120, world.random.fork('jobs'))
    const outcomes = buildAll(client, all)
    for (let round = 0; round < 6; round += 1) {
      await world.clock.run(chaos.integer(200, 3_000))
      await disturb(world, client, chaos)
    }
    for (const init of WORKERS) if (!world.nodes.some(({ id }) => id === init.name)) await world.start(init)
    await world.clock.runUntil(() => outcomes.length === all.length, ALL_SETTLED_MS)
    await world.clock.run(QUIET_MS)
    checkBuilt(world, all, outcomes)
    assert.deepEqual([client.waiting, ...world.nodes.map(({ slots }) => slots.used)], [0, 0, 0, 0, 0], world.story())
    assert.notEqual(world.coordinator, undefined, world.story())
    assert.ok(
      world.nodes.every((node) => node.sees().length === WORKERS.length),
      world.story(),
    )
  })
}

/** One fault: a worker dies one way or the other, or is cut off for some time; dead ones come back. */
async function disturb(world: World, client: SimNode, chaos: SimRandom): Promise<void> {
  for (const init of WORKERS) {
    const running = world.nodes.find(({ id }) => id === init.name)
    if (running === undefined) await world.start(init)
    else if (chaos.float() < 0.5) continue
    else if (chaos.float() < 0.7) world.kill(running, chaos.pick(['crash', 'vanish'] as const))
    else {
      const heal = world.network.partition([client.id], [running.id])
      world.clock.schedule(chaos.integer(500, 20_000), heal)
    }
  }
}

test('a machine that goes down with the whole build leaves the rest to the client', async () => {
  const { world, nodes } = await mesh(2, { name: 'client', slots: 2 }, { name: 'w', slots: 16 })
  const all = jobs(16, world.random)
  const outcomes = buildAll(nodes[0], all)
  await world.clock.run(10)
  world.kill(nodes[1], 'vanish')
  await world.clock.runUntil(() => outcomes.length === all.length, ALL_SETTLED_MS)
  checkBuilt(world, all, outcomes)
  assert.deepEqual(new Set(outcomes.map(({ at }) => at)), new Set(['client']), world.story())
})
