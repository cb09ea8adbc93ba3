import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MeshError, type PeerId } from '../../../src/protocols/mesh.ts'
import { type AgentWorld, agentBench, BOX, COMPILE, compiled, PI, preprocessed, refusal } from './agent-bench.ts'
import { FakeHand } from './fake-hand.ts'

async function serve(hand: FakeHand, world?: AgentWorld) {
  const agent = agentBench(world)
  await agent.serve(hand)
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
  readonly mesh?: AgentWorld
}[] = [
  { why: 'nobody is in the mesh', reason: 'no-peers', mesh: { peers: [] } },
  { why: 'it sees other files than the node', reason: 'other-files', mesh: { fileView: 'mnt:[4] 2:3' } },
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
  const busy = refusal('busy')
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
  const compileOn: NonNullable<AgentWorld['compileOn']> = (_peer, _request, _input, signal) =>
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
