import { chmodSync, mkdirSync } from 'node:fs'
import { arch as machineArch, platform, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../base/clock.ts'
import { messageOf } from '../base/errors.ts'
import { fileView } from '../base/file-view.ts'
import { ANNOUNCE_INTERVAL_MS, KEPT_LATER_MAX_BYTES, KEPT_LATER_MEMORY_SHARE } from '../base/limits.ts'
import type { Logger } from '../base/log.ts'
import { systemRandom } from '../base/random.ts'
import { createCache } from '../cache/cache.ts'
import { Claims } from '../cache/claims.ts'
import { LocalEntries } from '../cache/gateway-store.ts'
import { serveCache } from '../cache/home.ts'
import { KnownActions } from '../cache/known-actions.ts'
import { MeshCache } from '../cache/mesh-cache.ts'
import { systemDisk } from '../cache/system-disk.ts'
import { systemSyncFiles } from '../compiler/includes/system-sync-files.ts'
import { localFiles } from '../compiler/local-files.ts'
import { NativeTuning } from '../compiler/native-tuning.ts'
import { createSandboxRunner } from '../compiler/sandbox/sandbox-runner.ts'
import { toolchainProcesses } from '../compiler/toolchain-process.ts'
import { ToolchainRegistry } from '../compiler/toolchain-registry.ts'
import { MemoryKeeper, readMemory } from '../compiler/trees/memory-keeper.ts'
import { mayBeShown } from '../compiler/trees/shown-folders.ts'
import { createTreeBuilder } from '../compiler/trees/tree-builder.ts'
import type { Announcement } from '../protocols/announcement.ts'
import type { PeerId } from '../protocols/mesh.ts'
import { SessionPool } from '../protocols/session-pool.ts'
import { STATUS_PROTOCOL } from '../protocols/status.ts'
import { serveLauncher } from '../scheduler/agent.ts'
import { Announcer } from '../scheduler/announcer.ts'
import { AskingLuck } from '../scheduler/asking-luck.ts'
import { cacheMembers } from '../scheduler/cache-members.ts'
import { CompileCache } from '../scheduler/compile-cache.ts'
import { Dispatcher } from '../scheduler/dispatcher.ts'
import { Coordinator } from '../scheduler/election.ts'
import { JobCosts } from '../scheduler/job-costs.ts'
import { JobLog } from '../scheduler/job-log.ts'
import { MeshEntries } from '../scheduler/mesh-entries.ts'
import { Paces } from '../scheduler/paces.ts'
import { PeerTable } from '../scheduler/peer-table.ts'
import { QuietTimes } from '../scheduler/quiet-times.ts'
import { RecentClients } from '../scheduler/recent-clients.ts'
import { createRemoteCompile } from '../scheduler/remote-compile.ts'
import { Slots } from '../scheduler/slots.ts'
import { TreeWay } from '../scheduler/tree-way.ts'
import { createWorker } from '../scheduler/worker.ts'
import { WorkerCache } from '../scheduler/worker-cache.ts'
import { type MeshPage, meshPage, statusHandler } from '../status/forward.ts'
import { gateway } from '../status/gateway/gateway.ts'
import { startStatusServer } from '../status/http.ts'
import type { OwnPages } from '../status/pages.ts'
import { meshStatus, type NodeFacts, type SeenMesh, workerList } from '../status/snapshot.ts'
import { AgentServer } from './agent-server.ts'
import { answers } from './answers.ts'
import { createLibp2pMesh, type Libp2pMesh } from './libp2p-mesh.ts'
import { machineCpu } from './machine-cpu.ts'
import { MachineLoad } from './machine-load.ts'
import { readMeshKey } from './mesh-key.ts'
import { MeshStartError } from './mesh-start-error.ts'
import type { Settings } from './settings-table.ts'

export interface NodeInit {
  /** State folder: identity, socket, logs. Exists. */
  readonly home: string
  readonly log: Logger
  /** Path of the native sandbox helper; it may be absent. */
  readonly sandboxHelper: string
  readonly version: string
}

/** A node while it runs. */
export interface RunningNode {
  readonly id: string
  readonly name: string
  /** Port for other nodes, and of the status pages; they differ from the wanted ones when those were taken. */
  readonly port: number
  readonly httpPort: number
  /** Resolves when the node was asked to end, or has had nothing to do for as long as it was told. */
  readonly idle: Promise<void>
  /** Ends all that runs. Safe to call twice. */
  stop(): Promise<void>
}

/** Short work of a build's own machine (preprocessing) may overlap: a core is seldom kept busy by one alone. */
const LIGHT_SLOTS_EXTRA = 1
/** One compile more than cores at home, so that a core does not stand still while one ends and the next begins. */
const LOCAL_SLOTS_EXTRA = 1

/** The composition root: makes every part, gives each what it needs, and starts them in order. */
export async function startNode(
  settings: Settings,
  { home, log, sandboxHelper, version }: NodeInit,
): Promise<RunningNode> {
  const clock = systemClock
  const random = systemRandom
  const startedAt = clock.wallTime()
  const cpu = machineCpu(clock)
  const { cores } = cpu

  const cache = createCache(
    { clock, random, log, disk: systemDisk },
    { folder: join(home, 'cache'), maxBytes: settings.cacheSize },
  )
  makeContentFolder(cache.blobs.folder)
  await cache.start()
  const runner = await createSandboxRunner(
    { clock, random, log },
    { helper: sandboxHelper, workFolder: join(home, 'work'), contentFolder: cache.blobs.folder },
  )
  const toolchains = new ToolchainRegistry({ clock, log }, { cacheFile: join(home, 'toolchains.json') })
  const mesh = await startMesh(settings, home, log)
  const sessions = new SessionPool({ clock, mesh })
  const peers = new PeerTable({ clock })

  const slots = new Slots(settings.slots)
  const localSlots = new Slots(cores + LOCAL_SLOTS_EXTRA)
  const lightSlots = new Slots(cores + LIGHT_SLOTS_EXTRA)
  const files = systemSyncFiles()
  const trees = { contents: cache.blobs, files }
  const { signatures } = mesh
  const members = () => cacheMembers(mesh.self, settings.cacheSize, peers)
  const claims = new Claims({ clock })
  const cacheParts = { clock, log, self: mesh.self, members, shelf: cache, claims, signatures }
  serveCache({ ...cacheParts, mesh })
  const meshCache = new MeshCache({ ...cacheParts, sessions })
  peers.subscribe({ joined: (peer) => meshCache.greet(peer), left: (peer) => claims.drop(peer) })
  const quiet = new QuietTimes({ clock })
  const laterMaxBytes = Math.min(KEPT_LATER_MAX_BYTES, KEPT_LATER_MEMORY_SHARE * totalmem())
  const shelved = { clock, log, quiet, laterMaxBytes, shelf: cache, mesh: meshCache, signatures, producer: mesh.self }
  const compileCache = new CompileCache(shelved)
  const local = new LocalEntries({ clock, ...cache, signatures, producer: mesh.self }, { maxBytes: settings.cacheSize })
  const entries = new MeshEntries({ shelf: cache, local, mesh: meshCache })
  const workerCache = new WorkerCache({ clock, self: mesh.self, members, claims, cache: compileCache })
  const clients = new RecentClients({ clock })
  const worker = createWorker({ clock, log, mesh, runner, toolchains, slots, trees, cache: workerCache, clients })
  const jobs = new JobLog()
  const machine = new MachineLoad(
    { clock, cpu, running: () => worker.running + localSlots.used },
    { slots: settings.slots },
  )

  let httpPort = 0
  const describe = (): Announcement => ({
    name: settings.name,
    arch: machineArch(),
    os: platform(),
    slots: machine.slots,
    running: worker.running + localSlots.used,
    queued: worker.queued,
    loadByOthers: machine.loadByOthers,
    freeMemoryBytes: machine.freeMemoryBytes,
    toolchains: toolchains.all().map(({ id, version, target }) => ({ id, version, target })),
    sandboxed: runner.sandbox.kind !== 'none',
    takesTrees: runner.takesTrees && settings.trees,
    coordinatorRole: settings.coordinatorRole,
    coordinator: coordinator.current,
    startedAt,
    upMs: clock.wallTime() - startedAt,
    cacheBytes: settings.cacheSize,
    httpPort,
  })
  const self = { id: mesh.self, coordinatorRole: settings.coordinatorRole, startedAt }
  const coordinator = new Coordinator({ peers, self })
  const announcer = new Announcer({ clock, log, mesh, peers, clients, describe })
  coordinator.subscribe(() => announcer.changed())
  slots.subscribe(() => announcer.loadChanged())
  localSlots.subscribe(() => announcer.loadChanged())

  const seen = (): SeenMesh => ({
    self: { id: mesh.self, announcement: describe(), latencyMs: undefined },
    peers: peers.alive().map(({ id, announcement }) => ({ id, announcement, latencyMs: mesh.latencyMs(id) })),
    coordinator: coordinator.current,
  })
  const facts: NodeFacts = {
    id: mesh.self,
    version,
    pid: process.pid,
    home,
    startedAt,
    port: portOf(mesh),
    httpHost: settings.httpHost,
    meshOpen: settings.meshKey === undefined,
    mdns: settings.mdns,
    sandboxMissing: runner.sandbox.kind === 'none' ? runner.sandbox.why : null,
  }
  const own: OwnPages = { '/status': () => meshStatus(facts, seen()), '/workers': () => workerList(seen()) }
  mesh.handle(STATUS_PROTOCOL, statusHandler({ clock, own }))
  const page = (path: keyof OwnPages): Promise<MeshPage> =>
    meshPage(
      { clock, log, sessions, own, coordinator: () => (coordinator.serving ? undefined : coordinator.current) },
      path,
    )

  const costs = new JobCosts()
  const paces = new Paces({ clock })
  peers.subscribe({ left: (peer) => paces.forget(peer) })
  // Guests do not count: the machine's own people come first.
  const freeCores = () => Math.round(cores - machine.loadByOthers) - localSlots.used
  const latencyMs = (peer: PeerId) => mesh.latencyMs(peer)
  const dispatcher = new Dispatcher({ clock, random, peers, freeCores, paces, costs, latencyMs })
  localSlots.subscribe(() => dispatcher.localSlotFreed())
  const nameOf = (peer: (typeof mesh)['self']) => peers.get(peer)?.announcement.name ?? peer
  const memoryFile = { file: join(home, 'files.json'), version }
  const treeBuilder = createTreeBuilder({
    clock,
    files,
    processes: toolchainProcesses,
    mayBeShown,
    saved: readMemory(memoryFile),
  })
  const memory = new MemoryKeeper({ clock, log, trees: treeBuilder }, memoryFile)
  const agent = {
    clock,
    random,
    log,
    files: localFiles,
    fileView: fileView(),
    toolchains,
    nativeTuning: new NativeTuning({ processes: toolchainProcesses }),
    localSlots,
    lightSlots,
    jobs,
    dispatcher,
    costs,
    paces,
    reputation: peers,
    nameOf,
    temporaryFolder: tmpdir(),
    treeFiles: files,
    cache: compileCache,
    knownActions: new KnownActions(),
    askingLuck: new AskingLuck(),
    compileLuck: new AskingLuck(),
    quiet,
    compileOn: createRemoteCompile({ clock, sessions }),
    treeWay: new TreeWay({
      clock,
      trees: treeBuilder,
      takesTrees: (peer) => peers.get(peer)?.announcement.takesTrees ?? false,
      timeZone: process.env['TZ'],
    }),
  }
  const ending = Promise.withResolvers<void>()
  const questions = answers({ facts: () => facts, mesh: seen, jobs, cache, stop: () => ending.resolve() })
  const server = new AgentServer(
    {
      clock,
      log,
      serveLauncher: (hand) => serveLauncher(agent, hand),
      answer: async (name, args) => questions.get(name)?.(args),
    },
    { home },
  )

  const services = [peers, machine, coordinator, announcer, memory, server]
  for (const service of services) await service.start()
  let entriesUsedAt = clock.now()
  const used = () => {
    entriesUsedAt = clock.now()
  }
  const also = settings.cacheHttp === 'off' ? [] : [gateway({ entries, used }, { access: settings.cacheHttp })]
  const pages = await startStatusServer({ page, also }, { host: settings.httpHost, port: settings.httpPort })
  httpPort = pages.port
  const discovering = toolchains
    .discover()
    .then(() => announcer.changed())
    .catch((error: unknown) => log.warn('the compilers of this machine could not be listed', { why: messageOf(error) }))

  const stopping = new AbortController()
  const leaving = leaveWhenIdle()
  async function leaveWhenIdle(): Promise<void> {
    if (settings.idleExitMs === 0) return
    let usedAt = clock.now()
    while (!stopping.signal.aborted && clock.now() - usedAt < settings.idleExitMs) {
      await clock.sleep(ANNOUNCE_INTERVAL_MS, stopping.signal).catch(() => undefined) // Stopped: the condition ends the loop.
      usedAt = server.busy > 0 || worker.running > 0 ? clock.now() : Math.max(usedAt, entriesUsedAt)
    }
    ending.resolve()
  }

  return {
    id: mesh.self,
    name: settings.name,
    port: facts.port,
    httpPort,
    idle: ending.promise,
    stop: async () => {
      stopping.abort()
      ending.resolve()
      entries.stop()
      await pages.stop()
      for (const service of services.toReversed()) await service.stop()
      await worker.stop()
      await meshCache.stop()
      await sessions.stop()
      await Promise.all([mesh.stop(), runner.stop(), discovering, leaving])
      await toolchains.saved()
      await compileCache.stop()
      await cache.stop()
    },
  }
}

/** Compiles run as another user and read contents from here, whatever umask the node was started with; the state folder is closed all the same. */
function makeContentFolder(folder: string): void {
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o755)
}

/** A taken port is not an error: peers learn the one that was taken instead. */
async function startMesh(settings: Settings, home: string, log: Logger): Promise<Libp2pMesh> {
  const components = { clock: systemClock, random: systemRandom, log }
  const init = {
    keyFile: join(home, 'identity.key'),
    host: '0.0.0.0',
    port: settings.port,
    mdns: settings.mdns,
    peers: settings.peers,
    meshKey: settings.meshKey === undefined ? undefined : await readMeshKey(settings.meshKey),
  }
  const mesh = await createLibp2pMesh(components, init)
  try {
    await mesh.start()
    return mesh
  } catch (error) {
    if (!(error instanceof MeshStartError) || error.reason.code !== 'MESH_PORT_TAKEN') throw error
    log.warn('the port for other nodes is taken, using another', { port: settings.port })
    const other = await createLibp2pMesh(components, { ...init, port: 0 })
    await other.start()
    return other
  }
}

/** The TCP port in `/ip4/192.168.1.5/tcp/9000`. */
function portOf(mesh: Libp2pMesh): number {
  for (const address of mesh.addresses()) {
    const port = /\/tcp\/(\d+)/.exec(address)?.[1]
    if (port !== undefined) return Number(port)
  }
  return 0
}
