import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CACHE_FIND_UNPROVEN_MS,
  CACHE_HOMES_ASKED,
  CACHE_TRANSFER_MAX_MS,
  CACHE_WAIT_MS,
} from '../../src/base/limits.ts'
import type { ActionKey } from '../../src/cache/digest.ts'
import { keyOf } from '../unit/cache/actions.ts'
import type { MemoryShelf } from '../unit/cache/memory-shelf.ts'
import { type Built, CachingNode, objectOf } from './caching-node.ts'
import type { SimRandom } from './random.ts'
import { World } from './world.ts'

/** Seeds to run: a few by default; `HG_SEEDS=8412` runs that one, `HG_SEEDS=1-500` all of these. */
const SEEDS = seedsOf(process.env['HG_SEEDS'] ?? '1-12')
const COMPILE_MS = 300
/** What one build may take in a mesh that breaks, or lies: one wait and each home's transfer in vain, then the compile. */
const BUILD_MAX_MS =
  CACHE_WAIT_MS + CACHE_HOMES_ASKED * (CACHE_FIND_UNPROVEN_MS + CACHE_TRANSFER_MAX_MS) + COMPILE_MS + 1_000
const QUIET_MS = 90_000

for (const seed of SEEDS) {
  test(`whatever happens, builds end soon and right, and in the end nothing is compiled twice (seed ${seed})`, async () => {
    const world = new World(seed)
    const chaos = world.random.fork('chaos')
    const mesh = new Mesh(world)
    const names = Array.from({ length: chaos.integer(2, 6) }, (_, at) => `n${at}`)
    for (const name of names) await mesh.start(name)
    const keys = Array.from({ length: chaos.integer(5, 30) }, (_, at) => keyOf(`source ${at}`))

    // Safety: while things break, every build that does not die with its node ends in time and gives what it should.
    const heals: (() => void)[] = []
    for (let round = chaos.integer(3, 12); round > 0; round -= 1) {
      mesh.buildSome(keys, chaos)
      await world.clock.run(chaos.integer(5, 4_000))
      heals.push(await disturb(mesh, names, chaos))
    }
    for (const heal of heals) heal()
    for (const name of names) if (!mesh.nodes.has(name)) await mesh.start(name)
    await world.clock.run(BUILD_MAX_MS)
    mesh.checkAll()

    // Liveness: with the faults gone, what one compiles is compiled for all.
    await world.clock.run(QUIET_MS)
    const fresh = keys.map((_, at) => keyOf(`fresh ${at}`))
    const before = mesh.compiles
    for (const node of mesh.nodes.values()) {
      mesh.build(node, fresh)
      await world.clock.run(5_000)
    }
    mesh.checkAll()
    assert.equal(mesh.compiles - before, fresh.length, world.story())
  })
}

/** Caching nodes that die and come back with what is on their disk, and the builds that they were given. */
class Mesh {
  readonly world: World
  readonly nodes = new Map<string, CachingNode>()
  readonly #shelves = new Map<string, MemoryShelf>()
  readonly #builds: { readonly node: CachingNode; readonly key: ActionKey; built?: Built }[] = []
  compiles = 0

  constructor(world: World) {
    this.world = world
  }

  async start(name: string): Promise<void> {
    const node = new CachingNode(await this.world.start({ name, cacheBytes: 1000 }), this.#shelves.get(name))
    this.nodes.set(name, node)
    this.#shelves.set(name, node.shelf)
  }

  kill(name: string, how: 'crash' | 'vanish'): void {
    const node = this.nodes.get(name)
    this.nodes.delete(name)
    if (node !== undefined) this.world.kill(node.node, how)
  }

  /** The disk is gone with all that was on it, and the machine gets a new one. */
  loseDisk(name: string): void {
    const shelf = this.#shelves.get(name)
    shelf?.known.clear()
    shelf?.stored.clear()
  }

  /** The node hands out something else than it has, until it dies or that is undone. */
  lie(name: string): () => void {
    const node = this.nodes.get(name)
    const setTo = (lies: boolean) => node !== undefined && Object.assign(node, { lies })
    setTo(true)
    return () => setTo(false)
  }

  build(node: CachingNode, keys: readonly ActionKey[]): void {
    for (const key of keys) {
      const build: { node: CachingNode; key: ActionKey; built?: Built } = { node, key }
      this.#builds.push(build)
      void node.build(key, COMPILE_MS).then((built) => {
        build.built = built
        if (built.from === undefined) this.compiles += 1
      })
    }
  }

  buildSome(keys: readonly ActionKey[], chaos: SimRandom): void {
    for (const node of this.nodes.values()) {
      this.build(
        node,
        keys.filter(() => chaos.float() < 0.4),
      )
    }
  }

  checkAll(): void {
    const alive = new Set(this.nodes.values())
    for (const { node, key, built } of this.#builds.splice(0)) {
      if (built === undefined && !alive.has(node)) continue
      assert.ok(built, `a build hangs on ${node.id}: ${this.world.story()}`)
      assert.equal(built.object, objectOf(key), this.world.story())
      assert.ok(built.tookMs <= BUILD_MAX_MS, `${built.tookMs} ms on ${node.id}: ${this.world.story()}`)
    }
  }
}

/** One fault; returns what undoes it. */
async function disturb(mesh: Mesh, names: readonly string[], chaos: SimRandom): Promise<() => void> {
  const { network } = mesh.world
  const victim = chaos.pick(names)
  const nothing = () => undefined
  if (!mesh.nodes.has(victim)) {
    await mesh.start(victim)
    return nothing
  }
  const kind = chaos.pick(['crash', 'vanish', 'partition', 'one way', 'slow', 'lie', 'lose disk'] as const)
  network.note(`${kind} ${victim}`)
  const ids = [...mesh.nodes.values()].map(({ node }) => node.id)
  const these = ids.filter(() => chaos.float() < 0.5)
  const those = ids.filter((id) => !these.includes(id))
  switch (kind) {
    case 'crash':
    case 'vanish':
      mesh.kill(victim, kind)
      return nothing
    case 'partition':
      return network.partition(these, those)
    case 'one way':
      return network.partitionOneWay(these, those)
    case 'slow': {
      const deliverAfterMs = chaos.integer(10, 400)
      return network.addRule(`${victim} is slow`, ({ from }) => (from === victim ? { deliverAfterMs } : 'pass'))
    }
    case 'lie':
      return mesh.lie(victim)
    case 'lose disk':
      mesh.loseDisk(victim)
      return nothing
  }
}

function seedsOf(text: string): readonly number[] {
  const [first = 1, last = first] = text.split('-').map(Number)
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
