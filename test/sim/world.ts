import type { PeerId } from '../../src/protocols/mesh.ts'
import { SimClock } from './clock.ts'
import type { Neighbours } from './mesh.ts'
import { SimNetwork } from './network.ts'
import { SimNode, type SimNodeInit } from './node.ts'
import { SimRandom } from './random.ts'

/** Nodes are started so far apart, so that it is plain who is longest up. */
const START_GAP_MS = 100
/** Long enough for nodes on a whole network to find each other and agree. */
export const SETTLE_MS = 3_000
/** Trace lines that are shown when a scenario fails. */
const TAIL_LINES = 40

/** A simulated network with its machines; everything in it follows from the seed. */
export class World {
  readonly seed: number
  readonly clock = new SimClock()
  readonly random: SimRandom
  readonly network: SimNetwork
  readonly #neighbours: Neighbours = new Map()
  readonly #nodes = new Map<string, SimNode>()

  constructor(seed: number) {
    this.seed = seed
    this.random = new SimRandom(seed)
    this.network = new SimNetwork({ clock: this.clock, random: this.random.fork('network') })
  }

  /** The nodes that run, in the order in which they started. */
  get nodes(): readonly SimNode[] {
    return [...this.#nodes.values()]
  }

  /** Starts a node, or starts it again. */
  async start(init: SimNodeInit): Promise<SimNode> {
    const { clock, network, random } = this
    const node = new SimNode({ clock, network, random, neighbours: this.#neighbours }, init)
    this.#nodes.set(init.name, node)
    network.note(`${init.name} starts`)
    await node.start()
    await clock.run(START_GAP_MS)
    return node
  }

  /** Ends a node by force; `how` says whether its peers are told by its kernel. */
  kill(node: SimNode, how: 'crash' | 'vanish'): void {
    this.network.note(`${node.id} ${how}`)
    this.#nodes.delete(node.id)
    node[how]()
  }

  /** Whom each running node takes for the coordinator. */
  coordinators(): readonly PeerId[] {
    return this.nodes.map(({ coordinator }) => coordinator.current)
  }

  /** The one whom all running nodes take for the coordinator; undefined while they disagree. */
  get coordinator(): PeerId | undefined {
    const [first, ...others] = new Set(this.coordinators())
    return others.length === 0 ? first : undefined
  }

  /** Appended to the message of every failure: how to see it again, and how it came to it. */
  story(): string {
    const views = this.nodes.map((node) => `${node.id} sees [${node.sees()}], elects ${node.coordinator.current}`)
    return [`seed ${this.seed}`, ...views, ...this.network.trace.slice(-TAIL_LINES)].join('\n  ')
  }
}

/** A mesh of idle nodes that know each other. */
export async function mesh<const T extends readonly SimNodeInit[]>(
  seed: number,
  ...inits: T
): Promise<{ world: World; nodes: { [K in keyof T]: SimNode } }> {
  const world = new World(seed)
  const nodes: SimNode[] = []
  for (const init of inits) nodes.push(await world.start(init))
  await world.clock.run(SETTLE_MS)
  return { world, nodes: nodes as { [K in keyof T]: SimNode } }
}
