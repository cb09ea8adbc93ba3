import assert from 'node:assert/strict'
import { type Clock, systemClock } from '../../../src/base/clock.ts'
import { silentLog } from '../../../src/base/log.ts'
import { systemRandom } from '../../../src/base/random.ts'
import { KnownActions } from '../../../src/cache/known-actions.ts'
import type { WorkerRefusal } from '../../../src/protocols/compile.ts'
import type { PeerId } from '../../../src/protocols/mesh.ts'
import { type AgentComponents, serveLauncher } from '../../../src/scheduler/agent.ts'
import { AskingLuck } from '../../../src/scheduler/asking-luck.ts'
import { JobCosts } from '../../../src/scheduler/job-costs.ts'
import { JobLog } from '../../../src/scheduler/job-log.ts'
import type { ChildRequest, ChildResult } from '../../../src/scheduler/launcher-hand.ts'
import { Paces } from '../../../src/scheduler/paces.ts'
import { QuietTimes } from '../../../src/scheduler/quiet-times.ts'
import { RemoteError, type RemoteResult } from '../../../src/scheduler/remote-result.ts'
import { Slots } from '../../../src/scheduler/slots.ts'
import type { PackedTree } from '../../../src/scheduler/tree-way.ts'
import { MemoryFiles } from '../compiler/includes/memory-files.ts'
import { type FakeHand, FILE_VIEW } from './fake-hand.ts'
import { GCC } from './worker-bench.ts'

export const PI = 'pi' as PeerId
export const BOX = 'box' as PeerId
export const COMPILE = ['-c', 'main.c', '-o', 'main.o']

/** What gcc says with `-E -fdirectives-only`, as far as it matters. */
export function preprocessed({ argv }: ChildRequest): Partial<ChildResult> | undefined {
  if (!argv.includes('-E')) return { exitCode: 0 }
  return { stdout: Buffer.from('# 0 "<command-line>"\n# 1 "main.c"\nint main(void) { return 0; }\n') }
}

/** What a peer made of it. */
export function compiled(changes: Partial<RemoteResult> = {}): RemoteResult {
  const none = new Uint8Array()
  return {
    exitCode: 0,
    signal: undefined,
    stdout: none,
    stderr: none,
    outputs: new Map([['main.o', Buffer.from('OBJECT')]]),
    usage: { wallMs: 1, userMs: 1, systemMs: 0, maxRssBytes: 0 },
    queuedMs: 0,
    cached: false,
    kept: false,
    ...changes,
  }
}

/** A peer's no. */
export function refusal(code: WorkerRefusal): RemoteError {
  return new RemoteError({ code: 'REMOTE_REFUSED', refusal: code }, `the peer refused: ${code}`)
}

/** The mesh around an agent. */
export interface AgentWorld {
  /** Peers with room, in the order in which they are chosen. */
  readonly peers?: readonly PeerId[]
  readonly compileOn?: AgentComponents['compileOn']
  /** The tree that every compile has; without one it goes as text. */
  readonly tree?: PackedTree
  readonly cache?: AgentComponents['cache']
  /** Whether the mesh knew nothing of the compiles before, so that only who compiles is asked. */
  readonly unlucky?: boolean
  /** The node's, where it is not the launcher's. */
  readonly fileView?: string
  /** The machine's, unless a test is about times. */
  readonly clock?: Clock
}

const NO_CACHE: AgentComponents['cache'] = {
  seek: async () => ({ kind: 'unknown', end: () => undefined }),
  look: async () => undefined,
  storeLarge: async (result) => result,
  keep: async () => undefined,
  keepLater: async () => undefined,
}

/** An agent in such a mesh, with what it leaves behind. */
export function agentBench({
  peers = [PI],
  compileOn = async () => compiled(),
  tree,
  cache = NO_CACHE,
  clock = systemClock,
  unlucky = false,
  fileView = FILE_VIEW,
}: AgentWorld = {}) {
  const jobs = new JobLog()
  const localSlots = new Slots(2)
  const lightSlots = new Slots(2)
  const blamed: PeerId[] = []
  const refusedTrees = new Set<PeerId>()
  const treeFiles = new MemoryFiles()
  const berths: PeerId[] = []
  const compileLuck = new AskingLuck()
  for (let vain = 0; unlucky && vain < 10; vain += 1) compileLuck.note(false)
  const components: AgentComponents = {
    clock,
    random: systemRandom,
    log: silentLog,
    files: { read: () => undefined, mayBeReplaced: () => true, exists: () => false },
    fileView,
    toolchains: { byDriver: async () => GCC, startsOthers: () => false },
    nativeTuning: { concrete: ({ args }) => args },
    localSlots,
    lightSlots,
    jobs,
    temporaryFolder: '/tmp',
    dispatcher: {
      look: () => (peers[0] === undefined ? { to: 'local', reason: 'no-peers' } : { to: 'peer', peer: peers[0] }),
      reserve: (_job, peer) => {
        if (!peers.includes(peer)) return undefined
        berths.push(peer)
        return { to: 'peer', peer, release: () => berths.splice(berths.indexOf(peer), 1) }
      },
      acquire: async (_job, tried) => {
        const peer = peers.find((each) => !tried.has(each))
        return peer === undefined
          ? { to: 'local', reason: 'peers-lost' }
          : { to: 'peer', peer, release: () => undefined }
      },
    },
    reputation: { succeeded: () => undefined, busy: () => undefined, failed: (peer) => blamed.push(peer) },
    nameOf: (peer) => peer,
    costs: new JobCosts(),
    paces: new Paces({ clock }),
    compileOn,
    treeWay: {
      pack: async () => tree,
      packWhole: async () => tree,
      mayGoTo: (peer) => !refusedTrees.has(peer),
      refusedBy: (peer) => refusedTrees.add(peer),
    },
    treeFiles,
    cache,
    knownActions: new KnownActions(),
    askingLuck: new AskingLuck(),
    compileLuck,
    quiet: new QuietTimes({ clock }),
  }
  /** Serves one launcher to its end. */
  const serve = async (hand: FakeHand) => {
    await serveLauncher(components, hand)
    assert.equal(localSlots.used + lightSlots.used, 0, 'no slot is kept')
    assert.deepEqual(berths, [], 'no place is kept')
  }
  return { components, serve, jobs, blamed, refusedTrees, treeFiles }
}
