import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkBuilt, checkSlots, type Outcome } from './checkers.ts'
import { type FakeJob, jobs } from './fake-compile.ts'
import type { SimNodeInit } from './node.ts'
import type { SimRandom } from './random.ts'
import { World } from './world.ts'

/** Seeds to run: a few by default; `HG_SEEDS=8412` runs that one, `HG_SEEDS=1-500` all of these. */
const SEEDS = seedsOf(process.env['HG_SEEDS'] ?? '1-12')
/** After the last fault, everything is as it should be within this time: silence is noticed, connections are made. */
const QUIET_MS = 30_000
/** Every job has ended by then, even if all end up in the client's own slots. */
const ALL_SETTLED_MS = 600_000

for (const seed of SEEDS) {
  test(`whatever happens, all jobs end once and the mesh is whole again (seed ${seed})`, async () => {
    const world = new World(seed)
    const chaos = world.random.fork('chaos')
    const inits = drawNodes(chaos)
    for (const init of inits) await world.start(init)
    world.clock.watch(() => checkSlots(world))

    // Safety: while things break, nothing is promised but that jobs end right.
    const all = jobs(chaos.integer(10, 60), chaos)
    const outcomes = build(world, all)
    const heals: (() => void)[] = []
    for (let faults = chaos.integer(1, 10); faults > 0; faults -= 1) {
      await world.clock.run(chaos.integer(10, 6_000))
      const heal = await disturb(world, inits, chaos)
      heals.push(heal)
    }

    // Liveness: with the faults gone, all is well before long.
    for (const heal of heals) heal()
    for (const init of inits) if (!isRunning(world, init)) await world.start(init)
    await world.clock.runUntil(() => outcomes.length === all.length, ALL_SETTLED_MS)
    await world.clock.run(QUIET_MS)
    checkBuilt(world, all, outcomes)
    assert.notEqual(world.coordinator, undefined, `one coordinator: ${world.story()}`)
    for (const node of world.nodes) {
      assert.equal(node.sees().length, inits.length - 1, `${node.id} sees all: ${world.story()}`)
      assert.deepEqual([node.slots.used, node.waiting], [0, 0], `${node.id} is idle: ${world.story()}`)
    }
  })
}

function drawNodes(chaos: SimRandom): readonly SimNodeInit[] {
  return Array.from({ length: chaos.integer(2, 8) }, (_, index) => ({
    name: `n${index}`,
    slots: chaos.integer(1, 8),
    coordinatorRole: chaos.float() < 0.15,
    skewMs: chaos.integer(-3_600_000, 3_600_000),
    windowBytes: chaos.pick([256, 64 * 1024]),
  }))
}

/** The first node is the client; it is cut off like others, but never dies. */
function build(world: World, all: readonly FakeJob[]): readonly Outcome[] {
  const outcomes: Outcome[] = []
  const [client] = world.nodes
  for (const job of all) void client?.build(job).then((end) => outcomes.push({ name: job.name, ...end }))
  return outcomes
}

/** One fault; returns what undoes it. */
async function disturb(world: World, inits: readonly SimNodeInit[], chaos: SimRandom): Promise<() => void> {
  const [client, ...others] = world.nodes
  const init = chaos.pick(inits)
  if (!isRunning(world, init)) {
    await world.start(init)
    return () => undefined
  }
  const kind = chaos.pick(['crash', 'vanish', 'partition', 'one way'] as const)
  const victim = others.find(({ id }) => id === init.name)
  if (kind === 'crash' || kind === 'vanish') {
    if (victim !== undefined) world.kill(victim, kind)
    return () => undefined
  }
  const ids = [client, ...others].flatMap((node) => node?.id ?? [])
  const these = ids.filter(() => chaos.float() < 0.5)
  const those = ids.filter((id) => !these.includes(id))
  return kind === 'partition' ? world.network.partition(these, those) : world.network.partitionOneWay(these, those)
}

function isRunning(world: World, { name }: SimNodeInit): boolean {
  return world.nodes.some(({ id }) => id === name)
}

function seedsOf(text: string): readonly number[] {
  const [first = 1, last = first] = text.split('-').map(Number)
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
