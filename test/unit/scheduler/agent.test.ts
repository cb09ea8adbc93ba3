import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../../src/base/clock.ts'
import { type Sha256Hex, sha256 } from '../../../src/base/digest.ts'
import { silentLog } from '../../../src/base/log.ts'
import { systemRandom } from '../../../src/base/random.ts'
import type { Toolchain, ToolchainId } from '../../../src/compiler/toolchain.ts'
import { MeshError, type PeerId } from '../../../src/protocols/mesh.ts'
import { type AgentComponents, serveLauncher } from '../../../src/scheduler/agent.ts'
import { JobLog } from '../../../src/scheduler/job-log.ts'
import type { ChildRequest, ChildResult } from '../../../src/scheduler/launcher-hand.ts'
import { RemoteError, type RemoteResult } from '../../../src/scheduler/remote-result.ts'
import { Slots } from '../../../src/scheduler/slots.ts'
import type { PackedTree } from '../../../src/scheduler/tree-way.ts'
import { MemoryFiles } from '../compiler/includes/memory-files.ts'
import { FakeHand } from './fake-hand.ts'

const GCC: Toolchain = {
  id: sha256('gcc') as Sha256Hex & ToolchainId,
  family: 'gcc',
  version: 'gcc 12.2.0',
  target: 'x86_64-linux-gnu',
  driver: '/usr/bin/gcc',
}
const PI = 'pi' as PeerId
const BOX = 'box' as PeerId
const COMPILE = ['-c', 'main.c', '-o', 'main.o']

/** What gcc says with `-E -fdirectives-only`, as far as it matters. */
function preprocessed({ argv }: ChildRequest): Partial<ChildResult> | undefined {
  if (!argv.includes('-E')) return { exitCode: 0 }
  return { stdout: Buffer.from('# 0 "<command-line>"\n# 1 "main.c"\nint main(void) { return 0; }\n') }
}

function compiled(changes: Partial<RemoteResult> = {}): RemoteResult {
  const none = new Uint8Array()
  return {
    exitCode: 0,
    signal: undefined,
    stdout: none,
    stderr: none,
    outputs: new Map([['main.o', Buffer.from('OBJECT')]]),
    usage: { wallMs: 1, userMs: 1, systemMs: 0, maxRssBytes: 0 },
    queuedMs: 0,
    ...changes,
  }
}

interface Mesh {
  /** Peers with room, in the order in which they are chosen. */
  readonly peers?: readonly PeerId[]
  readonly compileOn?: AgentComponents['compileOn']
  readonly tree?: PackedTree
  readonly files?: MemoryFiles
  readonly cache?: AgentComponents['cache']
}

const NO_CACHE: AgentComponents['cache'] = {
  seek: async () => ({ kind: 'unknown', end: () => undefined }),
  keep: async () => undefined,
}

function agentWith({
  peers = [PI],
  compileOn = async () => compiled(),
  tree,
  files = new MemoryFiles(),
  cache = NO_CACHE,
}: Mesh = {}) {
  const jobs = new JobLog()
  const localSlots = new Slots(2)
  const lightSlots = new Slots(2)
  const blamed: PeerId[] = []
  const components: AgentComponents = {
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    files: { read: () => undefined, isRegularOrMissing: () => true, exists: () => false },
    toolchains: { byDriver: async () => GCC },
    localSlots,
    lightSlots,
    jobs,
    temporaryFolder: '/tmp',
    dispatcher: {
      look: () => (peers[0] === undefined ? { to: 'local', reason: 'no-peers' } : { to: 'peer', peer: peers[0] }),
      acquire: async (_toolchain, tried) => {
        const peer = peers.find((each) => !tried.has(each))
        return peer === undefined
          ? { to: 'local', reason: 'peers-lost' }
          : { to: 'peer', peer, release: () => undefined }
      },
    },
    reputation: { succeeded: () => undefined, busy: () => undefined, failed: (peer) => blamed.push(peer) },
    nameOf: (peer) => peer,
    compileOn,
    treeWay: { pack: async () => tree, mayGoTo: () => tree !== undefined, refusedBy: () => undefined },
    treeFiles: files,
    cache,
  }
  return { components, jobs, localSlots, lightSlots, blamed }
}

async function serve(hand: FakeHand, mesh?: Mesh) {
  const agent = agentWith(mesh)
  await serveLauncher(agent.components, hand)
  assert.equal(agent.localSlots.used + agent.lightSlots.used, 0, 'no slot is kept')
  return agent
}

test('a compile is preprocessed here, compiled there, and written by the launcher', async () => {
  const hand = new FakeHand(COMPILE, ['HG_BUILD=b1'], preprocessed)
  const { jobs } = await serve(hand)
  assert.match(hand.verbs[0] ?? '', /^run \/usr\/bin\/gcc -E .*main\.c$/)
  assert.deepEqual(hand.verbs.slice(1), ['write main.o OBJECT', 'print stderr [remote pi]', 'exit 0'])
  assert.equal(jobs.build('b1')?.byPeer.get('pi'), 1)
})

test('with HG_QUIET nothing is said about the place', async () => {
  const hand = new FakeHand(COMPILE, ['HG_QUIET=1'], preprocessed)
  await serve(hand)
  assert.equal(
    hand.verbs.some((verb) => verb.startsWith('print')),
    false,
  )
})

test('a program from one source is compiled there and linked here', async () => {
  const hand = new FakeHand(['main.c', '-o', 'main', '-lm'], [], preprocessed)
  await serve(hand)
  assert.deepEqual(hand.verbs.slice(1), [
    'temporary /tmp/hg-X.o',
    'write /tmp/hg-X.o OBJECT',
    'commit',
    hand.verbs[4] ?? '',
    'print stderr [remote pi]',
    'exit 0',
  ])
  assert.match(hand.verbs[4] ?? '', /^run \/usr\/bin\/gcc \/tmp\/hg-\w+\.o -o main -lm$/)
})

const EXECUTED = `exec /usr/bin/gcc ${COMPILE.join(' ')}`

const LOCAL_CASES: readonly {
  readonly why: string
  readonly reason: string
  readonly hand?: () => FakeHand
  readonly mesh?: Mesh
}[] = [
  { why: 'nobody is in the mesh', reason: 'no-peers', mesh: { peers: [] } },
  { why: 'remote is off', reason: 'remote-off', hand: () => new FakeHand(COMPILE, ['HG_REMOTE=off'], preprocessed) },
  {
    why: 'the preprocessor fails',
    reason: 'preprocess-failed',
    hand: () => new FakeHand(COMPILE, [], () => ({ exitCode: 1, stderr: Buffer.from('main.c:1: error') })),
  },
  {
    why: 'the preprocessor warns',
    reason: 'preprocess-failed',
    hand: () => new FakeHand(COMPILE, [], () => ({ stderr: Buffer.from('main.c:1: warning') })),
  },
  {
    why: 'the compile fails there: the local compiler has the last word',
    reason: 'remote-failed',
    mesh: { compileOn: async () => compiled({ exitCode: 1, outputs: new Map() }) },
  },
  {
    why: 'the compiler there printed something',
    reason: 'remote-printed',
    mesh: { compileOn: async () => compiled({ stderr: Buffer.from('warning') }) },
  },
  {
    why: 'the object is missing in the reply',
    reason: 'remote-failed',
    mesh: { compileOn: async () => compiled({ outputs: new Map() }) },
  },
  {
    why: 'every peer is lost',
    reason: 'peers-lost',
    mesh: { peers: [PI, BOX], compileOn: async (peer) => Promise.reject(lost(peer)) },
  },
]

for (const { why, reason, hand = () => new FakeHand(COMPILE, [], preprocessed), mesh = {} } of LOCAL_CASES) {
  test(`the local compiler runs, once, when ${why}`, async () => {
    const launcher = hand()
    const { jobs } = await serve(launcher, mesh)
    assert.deepEqual(launcher.verbs.slice(-2), [`print stderr [local ${reason}]`, EXECUTED])
    assert.equal(launcher.verbs.filter((verb) => verb.startsWith('write')).length, 0)
    assert.deepEqual(jobs.latest(1)[0]?.place, { at: 'local', reason })
  })
}

test('a lost peer is blamed and the next one is asked', async () => {
  const hand = new FakeHand(COMPILE, [], preprocessed)
  const compileOn = async (peer: PeerId) => (peer === PI ? Promise.reject(lost(peer)) : compiled())
  const { blamed } = await serve(hand, { peers: [PI, BOX], compileOn })
  assert.deepEqual(blamed, [PI])
  assert.ok(hand.verbs.includes('print stderr [remote box]'))
})

test('a busy peer is not blamed', async () => {
  const hand = new FakeHand(COMPILE, [], preprocessed)
  const busy = new RemoteError({ code: 'REMOTE_REFUSED', refusal: 'busy' }, 'busy')
  const compileOn = async (peer: PeerId) => (peer === PI ? Promise.reject(busy) : compiled())
  const { blamed } = await serve(hand, { peers: [PI, BOX], compileOn })
  assert.deepEqual(blamed, [])
})

test('outputs that cannot be written are left to the local compiler, which says why', async () => {
  const hand = new FakeHand(COMPILE, [], preprocessed)
  hand.writeResults.push(false)
  await serve(hand)
  assert.deepEqual(hand.verbs.slice(-3), ['exit 0', 'print stderr [local write-failed]', EXECUTED])
})

test('--no-fallback says why instead of compiling here', async () => {
  const hand = new FakeHand(COMPILE, ['HG_FALLBACK=off'], preprocessed)
  await serve(hand, { peers: [] })
  assert.match(hand.verbs.at(-3) ?? '', /error: not compiled in the mesh: .*\(no-peers\)/)
  assert.equal(hand.verbs.at(-1), 'exit 111')
})

test('--no-fallback still lets the local compiler report an error, and link', async () => {
  const failing = new FakeHand(COMPILE, ['HG_FALLBACK=off'], preprocessed)
  await serve(failing, { compileOn: async () => compiled({ exitCode: 1 }) })
  assert.equal(failing.verbs.at(-1), EXECUTED)
  const linking = new FakeHand(['a.o', 'b.o', '-o', 'ab'], ['HG_FALLBACK=off'])
  await serve(linking)
  assert.equal(linking.verbs.at(-1), 'exec /usr/bin/gcc a.o b.o -o ab')
})

test('Ctrl-C cancels the compile of the peer, and no other place is sought', async () => {
  const hand = new FakeHand(COMPILE, [], preprocessed)
  let cancelled = false
  const compileOn: AgentComponents['compileOn'] = (_peer, _request, _input, signal) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        cancelled = true
        reject(signal.reason)
      })
      hand.interrupt()
    })
  const { jobs } = await serve(hand, { compileOn })
  assert.equal(cancelled, true)
  assert.deepEqual(jobs.latest(1), [])
})

function lost(peer: PeerId): MeshError {
  return new MeshError({ code: 'MESH_SESSION_LOST', peer }, 'lost')
}
