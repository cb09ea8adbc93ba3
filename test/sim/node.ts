import type { Clock } from '../../src/base/clock.ts'
import { sha256 } from '../../src/base/digest.ts'
import { ATTEMPTS_MAX } from '../../src/base/limits.ts'
import { silentLog } from '../../src/base/log.ts'
import type { ToolchainId } from '../../src/compiler/toolchain.ts'
import type { Announcement } from '../../src/protocols/announcement.ts'
import type { PeerId } from '../../src/protocols/mesh.ts'
import { Announcer } from '../../src/scheduler/announcer.ts'
import { Dispatcher } from '../../src/scheduler/dispatcher.ts'
import { Coordinator } from '../../src/scheduler/election.ts'
import { JobCosts } from '../../src/scheduler/job-costs.ts'
import { Paces } from '../../src/scheduler/paces.ts'
import { PeerTable } from '../../src/scheduler/peer-table.ts'
import { RecentClients } from '../../src/scheduler/recent-clients.ts'
import { Slots } from '../../src/scheduler/slots.ts'
import { HostClock, type SimClock } from './clock.ts'
import {
  BusyError,
  compileHere,
  compileOn,
  FAKE_COMPILE_PROTOCOL,
  type FakeJob,
  fakeCompileHandler,
} from './fake-compile.ts'
import { type Neighbours, SimMesh } from './mesh.ts'
import type { SimNetwork } from './network.ts'
import type { SimRandom } from './random.ts'

export interface SimNodeComponents {
  readonly clock: SimClock
  readonly network: SimNetwork
  readonly neighbours: Neighbours
  readonly random: SimRandom
}

export interface SimNodeInit {
  readonly name: string
  readonly slots?: number
  readonly coordinatorRole?: boolean
  /** How wrong the host's date is. */
  readonly skewMs?: number
  readonly windowBytes?: number
  /** What it gives for results of the mesh. */
  readonly cacheBytes?: number
}

/** The compiler that all simulated nodes have. */
export const TOOLCHAIN = sha256('a compiler') as ToolchainId
/** A peer that holds a fake job so long is given up. */
const JOB_MAX_MS = 30_000

/** A machine of the simulated mesh: our real scheduler over simulated time, chance and network. */
export class SimNode {
  readonly id: PeerId
  readonly slots: Slots
  readonly peers: PeerTable
  readonly coordinator: Coordinator
  readonly mesh: SimMesh
  /** Who has jobs here, or had some a moment ago. */
  readonly clients: RecentClients
  readonly #clock: HostClock
  readonly #startedAt: number
  readonly #began: number
  readonly #init: SimNodeInit
  readonly #announcer: Announcer
  readonly #dispatcher: Dispatcher

  constructor({ clock, network, neighbours, random }: SimNodeComponents, init: SimNodeInit) {
    const { name, slots = 4, coordinatorRole = false, skewMs = 0, windowBytes } = init
    this.id = name as PeerId
    this.#init = init
    this.#clock = new HostClock(clock, { skewMs })
    this.#startedAt = this.#clock.wallTime()
    this.#began = this.#clock.now()
    const components = { clock: this.#clock, log: silentLog }
    const meshInit = windowBytes === undefined ? { self: this.id } : { self: this.id, windowBytes }
    this.mesh = new SimMesh({ clock: this.#clock, network, neighbours }, meshInit)
    this.slots = new Slots(slots)
    this.peers = new PeerTable(components)
    const self = { id: this.id, coordinatorRole, startedAt: this.#startedAt }
    this.coordinator = new Coordinator({ peers: this.peers, self })
    const describe = () => this.#describe()
    this.clients = new RecentClients(components)
    this.#announcer = new Announcer({
      ...components,
      mesh: this.mesh,
      peers: this.peers,
      clients: this.clients,
      describe,
    })
    this.#dispatcher = new Dispatcher({
      clock: this.#clock,
      random: random.fork(`${name} ${clock.now()}`),
      peers: this.peers,
      freeCores: () => this.slots.free,
      paces: new Paces({ clock: this.#clock }),
      costs: new JobCosts(),
      latencyMs: (peer) => this.mesh.latencyMs(peer),
    })
    this.slots.subscribe(() => {
      this.#announcer.loadChanged()
      this.#dispatcher.localSlotFreed()
    })
    this.coordinator.subscribe((elected) => {
      network.note(`${name} elects ${elected}`)
      this.#announcer.changed()
    })
  }

  async start(): Promise<void> {
    this.mesh.handle(FAKE_COMPILE_PROTOCOL, fakeCompileHandler(this.#clock, this.slots, this.clients))
    await this.peers.start()
    await this.coordinator.start()
    await this.#announcer.start()
    this.mesh.start()
  }

  /** Leaves in good order. */
  async stop(): Promise<void> {
    await this.#announcer.stop()
    await this.coordinator.stop()
    await this.peers.stop()
    this.mesh.stop()
  }

  /** The process dies. */
  crash(): void {
    this.mesh.crash()
    this.#clock.halt()
  }

  /** The machine loses power: its peers hear nothing more, not even that. */
  vanish(): void {
    this.mesh.vanish()
    this.#clock.halt()
  }

  /** This host's time: it stops when the host crashes. */
  get clock(): Clock {
    return this.#clock
  }

  get cacheBytes(): number {
    return this.#init.cacheBytes ?? 0
  }

  /** Ids of the other nodes that this one takes for alive. */
  sees(): readonly PeerId[] {
    return this.peers.alive().map(({ id }) => id)
  }

  /** Jobs that wait here for a place. */
  get waiting(): number {
    return this.#dispatcher.waiting
  }

  /** One job from beginning to end, as a client does it: on up to ATTEMPTS_MAX peers, then here. */
  async build(job: FakeJob): Promise<{ readonly object: string; readonly at: PeerId }> {
    const forever = new AbortController().signal
    const tried = new Set<PeerId>()
    while (tried.size < ATTEMPTS_MAX) {
      const berth = await this.#dispatcher.acquire({ toolchain: TOOLCHAIN, costMs: job.durationMs }, tried, forever)
      if (berth.to === 'local') break
      try {
        const object = await this.#remote(berth.peer, job)
        this.peers.succeeded(berth.peer)
        return { object, at: berth.peer }
      } catch (error) {
        if (error instanceof BusyError) this.peers.busy(berth.peer)
        else this.peers.failed(berth.peer)
        tried.add(berth.peer)
      } finally {
        berth.release()
      }
    }
    return { object: await compileHere(this.#clock, this.slots, job, forever), at: this.id }
  }

  /** Given up after JOB_MAX_MS, or as soon as the peer is gone. */
  async #remote(peer: PeerId, job: FakeJob): Promise<string> {
    const over = new AbortController()
    const giveUp = () => over.abort(new Error('given up'))
    const unsubscribe = this.peers.subscribe({ left: (gone) => (gone === peer ? giveUp() : undefined) })
    const timer = new AbortController()
    this.#clock.sleep(JOB_MAX_MS, timer.signal).then(giveUp, () => undefined)
    try {
      return await compileOn(this.mesh, peer, job, over.signal)
    } finally {
      unsubscribe()
      timer.abort()
    }
  }

  #describe(): Announcement {
    const { name, coordinatorRole = false } = this.#init
    return {
      name,
      arch: 'x64',
      os: 'linux',
      slots: this.slots.total,
      running: this.slots.used,
      queued: this.slots.waiting,
      loadByOthers: 0,
      freeMemoryBytes: 8 * 1024 ** 3,
      toolchains: [{ id: TOOLCHAIN, version: 'cc 1.0', target: 'x86_64-linux-gnu' }],
      sandboxed: true,
      takesTrees: true,
      coordinatorRole,
      coordinator: this.coordinator.current,
      startedAt: this.#startedAt,
      upMs: this.#clock.now() - this.#began,
      cacheBytes: this.cacheBytes,
      httpPort: 0,
    }
  }
}
