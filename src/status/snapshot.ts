import { PEERS_MAX, TOOLCHAINS_MAX } from '../base/limits.ts'
import type { LocalReason } from '../compiler/local-reason.ts'
import type { Announcement } from '../protocols/announcement.ts'
import { counts, fields, flag, list, nullable, number, type Shaped, text, word } from './shape.ts'

// What `hg` and the HTTP service show. Each shape is both the check of an answer and, by `Shaped`, its type.
// Absent values are null, so that every field is there in the JSON.

/** One node of the mesh, as the answering node sees it. `/workers` and `hg peers` are lists of these. */
export const isWorkerStatus = fields({
  name: text,
  id: text,
  arch: text,
  os: text,
  /** Compiles it runs at once, runs now, and holds back. */
  slots: number,
  running: number,
  queued: number,
  /** Cores in use by anything but our compiles. */
  load: number,
  freeMemoryBytes: number,
  toolchains: list(fields({ id: text, version: text, target: text }), TOOLCHAINS_MAX),
  /** What it is at present; `coordinatorRole` is what it was started for. */
  role: word('coordinator', 'worker'),
  coordinator: flag,
  coordinatorRole: flag,
  sandboxed: flag,
  /** Round trip from the answering node; null for itself and before it was measured. */
  latencyMs: nullable(number),
  upMs: number,
  cacheBytes: number,
  /** Whether it is the answering node. */
  self: flag,
})
export type WorkerStatus = Shaped<typeof isWorkerStatus>

/** The node that answers, and itself one of them. */
export const isWorkerList = list(isWorkerStatus, PEERS_MAX + 1)

/** What `hg node status` shows of the node on this machine. */
export const isNodeStatus = fields({
  name: text,
  id: text,
  version: text,
  pid: number,
  home: text,
  /** Milliseconds since 1970. */
  startedAt: number,
  /** Port for other nodes, and of the status pages; 0 where there is none. */
  port: number,
  httpPort: number,
  httpHost: text,
  slots: number,
  running: number,
  queued: number,
  /** Nobody needs a key to join. */
  meshOpen: flag,
  mdns: flag,
  /** Why compiles for peers are not confined; null when they are. */
  sandboxMissing: nullable(text),
  coordinator: nullable(fields({ id: text, name: text })),
  /** Other nodes in the mesh, and the slots of all nodes together. */
  peers: number,
  meshSlots: number,
})
export type NodeStatus = Shaped<typeof isNodeStatus>

/** What `/status` shows of the mesh. */
export const isMeshStatus = fields({
  node: fields({ id: text, name: text, version: text }),
  coordinator: nullable(fields({ id: text, name: text })),
  nodes: number,
  slots: number,
  running: number,
  queued: number,
})
export type MeshStatus = Shaped<typeof isMeshStatus>

/** How the compiles of one `hgbuild` ended. */
export const isBuildSummary = fields({
  compiles: number,
  /** Compiles by the name of the peer that did them. */
  /** Those that were not compiled, because their result was known. */
  cached: number,
  byPlace: counts,
  /** Compiles that stayed here, by reason. */
  localReasons: counts,
  /** Milliseconds from its first call until the question. */
  ms: number,
})
export type BuildSummary = Shaped<typeof isBuildSummary>

/** What a node knows about itself that is not in its announcement. */
export type NodeFacts = Pick<
  NodeStatus,
  'id' | 'version' | 'pid' | 'home' | 'startedAt' | 'port' | 'httpHost' | 'meshOpen' | 'mdns' | 'sandboxMissing'
>

/** One node and its announcement. */
export interface SeenNode {
  readonly id: string
  readonly announcement: Announcement
  readonly latencyMs: number | undefined
}

/** The mesh as one node sees it: itself first, the elected coordinator if there is one. */
export interface SeenMesh {
  readonly self: SeenNode
  readonly peers: readonly SeenNode[]
  readonly coordinator: string | undefined
}

/** The mesh as `/workers` lists it: the answering node first, the others by name. */
export function workerList({ self, peers, coordinator }: SeenMesh): readonly WorkerStatus[] {
  const others = peers.toSorted((a, b) => compare(a.announcement.name, b.announcement.name) || compare(a.id, b.id))
  return [self, ...others].map((node) => ({
    name: node.announcement.name,
    id: node.id,
    arch: node.announcement.arch,
    os: node.announcement.os,
    slots: node.announcement.slots,
    running: node.announcement.running,
    queued: node.announcement.queued,
    load: round(node.announcement.loadByOthers, 2),
    freeMemoryBytes: node.announcement.freeMemoryBytes,
    toolchains: node.announcement.toolchains.map(({ id, version, target }) => ({ id, version, target })),
    role: node.id === coordinator ? 'coordinator' : 'worker',
    coordinator: node.id === coordinator,
    coordinatorRole: node.announcement.coordinatorRole,
    sandboxed: node.announcement.sandboxed,
    latencyMs: node === self || node.latencyMs === undefined ? null : round(node.latencyMs, 2),
    upMs: Math.round(node.announcement.upMs),
    cacheBytes: node.announcement.cacheBytes,
    self: node === self,
  }))
}

/** What `hg node status` shows. */
export function nodeStatus(facts: NodeFacts, mesh: SeenMesh): NodeStatus {
  const { name, slots, running, queued, httpPort } = mesh.self.announcement
  return {
    ...facts,
    name,
    slots,
    running,
    queued,
    httpPort,
    coordinator: coordinatorOf(mesh),
    peers: mesh.peers.length,
    meshSlots: sum([mesh.self, ...mesh.peers], 'slots'),
  }
}

/** What `/status` shows. */
export function meshStatus({ id, version }: Pick<NodeFacts, 'id' | 'version'>, mesh: SeenMesh): MeshStatus {
  const nodes = [mesh.self, ...mesh.peers]
  return {
    node: { id, name: mesh.self.announcement.name, version },
    coordinator: coordinatorOf(mesh),
    nodes: nodes.length,
    slots: sum(nodes, 'slots'),
    running: sum(nodes, 'running'),
    queued: sum(nodes, 'queued'),
  }
}

/** The part of a job log's totals that a summary is made from. */
export interface BuildTotals {
  readonly compiles: number
  readonly compilesCached: number
  readonly byPeer: ReadonlyMap<string, number>
  /** All calls that stayed here, and those among them that are compiles. */
  readonly byReason: ReadonlyMap<LocalReason, number>
  readonly compilesByReason: ReadonlyMap<LocalReason, number>
}

/**
 * What `hgbuild` tells at its end; of a build that nothing is known of, zeros. Links and questions to the compiler are
 * no compiles; the tests of a configure script are, though they never leave the machine.
 */
export function buildSummary(totals: BuildTotals | undefined, ms: number): BuildSummary {
  if (totals === undefined) return { compiles: 0, cached: 0, byPlace: {}, localReasons: {}, ms: Math.round(ms) }
  const { compiles, compilesCached, byPeer, byReason, compilesByReason } = totals
  const counted = compilesByReason.get('configure-test') ?? 0
  const tests = byReason.get('configure-test') ?? 0
  const localReasons = new Map(compilesByReason)
  if (tests > 0) localReasons.set('configure-test', tests)
  return {
    compiles: compiles + tests - counted,
    cached: compilesCached,
    byPlace: Object.fromEntries(byPeer),
    localReasons: Object.fromEntries(localReasons),
    ms: Math.round(ms),
  }
}

function coordinatorOf({ self, peers, coordinator }: SeenMesh): { readonly id: string; readonly name: string } | null {
  const node = [self, ...peers].find(({ id }) => id === coordinator)
  return node === undefined ? null : { id: node.id, name: node.announcement.name }
}

function sum(nodes: readonly SeenNode[], field: 'slots' | 'running' | 'queued'): number {
  return nodes.reduce((total, { announcement }) => total + announcement[field], 0)
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

/** By code units: the same order on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
