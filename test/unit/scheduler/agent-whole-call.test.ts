import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ActionKey } from '../../../src/cache/digest.ts'
import type { PeerId } from '../../../src/protocols/mesh.ts'
import type { CompileResult } from '../../../src/scheduler/compile-cache.ts'
import { SimClock } from '../../sim/clock.ts'
import { agentBench, PI } from './agent-bench.ts'
import { FakeHand } from './fake-hand.ts'
import { REQUEST, shipmentOf } from './worker-bench.ts'

const CWD = '/home/ada/project'
const LINK = ['-o', 'conftest', 'conftest.c'] as const
const NO_CLOCKS = { usesDate: false, usesTime: false, usesTimestamp: false }
const PROGRAM: CompileResult = {
  outputs: new Map([['conftest', Buffer.from('PROGRAM')]]),
  stdout: new Uint8Array(),
  stderr: new Uint8Array(),
}

function treeOf(text = 'int main(void) { return 0; }\n') {
  const shipment = shipmentOf({ [`${CWD}/conftest.c`]: text })
  return {
    request: { ...REQUEST, outputs: ['conftest'] },
    shipment,
    clocks: NO_CLOCKS,
    changes: () => [],
    travels: true,
  }
}

/** A cache that is only looked into; `from`: the peer that knows what is `known`, if it is not this node. */
function cacheWith(known?: CompileResult, from?: PeerId) {
  const looked: ('here' | 'mesh')[] = []
  const kept: CompileResult[] = []
  return {
    looked,
    kept,
    seek: () => assert.fail('nobody waits for a configure test'),
    look: async (_key: ActionKey, _outputs: readonly string[], where: 'here' | 'mesh') => {
      looked.push(where)
      const missed = known === undefined || (from !== undefined && where === 'here')
      return missed ? undefined : ({ kind: 'known', result: known, from } as const)
    },
    storeLarge: () => assert.fail('no peer compiled it'),
    keep: () => assert.fail('nobody waits for a configure test to be kept'),
    keepLater: async (_key: ActionKey, result: CompileResult) => {
      kept.push(result)
    },
  }
}

const nobodyCompiles = () => assert.fail('a configure test never leaves this machine')

test('a known configure test is answered, link and all, without a compiler', async () => {
  const agent = agentBench({ tree: treeOf(), cache: cacheWith(PROGRAM), compileOn: nobodyCompiles })
  const hand = new FakeHand(LINK, ['HG_BUILD=b', 'HG_QUIET=1'])
  await agent.serve(hand)
  assert.deepEqual(hand.verbs, ['write conftest PROGRAM', 'exit 0'])
  assert.deepEqual(hand.rights, [0o777], 'a program can be run')
  const totals = agent.jobs.build('b')
  assert.deepEqual([totals?.compiles, totals?.cached, totals?.compilesCached], [1, 1, 1])
})

test('what a peer knows of a configure test is taken from it', async () => {
  const cache = cacheWith(PROGRAM, PI)
  const hand = new FakeHand(LINK)
  await agentBench({ tree: treeOf(), cache, compileOn: nobodyCompiles }).serve(hand)
  assert.deepEqual(cache.looked, ['here', 'mesh'])
  assert.ok(hand.verbs.includes('write conftest PROGRAM'))
})

test('with --no-remote the mesh is not asked', async () => {
  const cache = cacheWith(PROGRAM, PI)
  await agentBench({ tree: treeOf(), cache }).serve(new FakeHand(LINK, ['HG_REMOTE=off']))
  assert.deepEqual(cache.looked, ['here'])
})

/** A test that has to run here, its source written a moment before; `trees` are found one after the other. */
async function unknown(trees = [treeOf(), treeOf()]) {
  const cache = cacheWith()
  const clock = new SimClock()
  await clock.run(BETWEEN_SECONDS_MS)
  const agent = agentBench({ tree: treeOf(), cache, compileOn: nobodyCompiles, clock })
  const { treeFiles: files } = agent
  const changes = () => {
    const stat = files.stat(`${CWD}/conftest.c`)
    return typeof stat === 'object' ? [stat] : undefined
  }
  const packWhole = async () => {
    const tree = trees.shift()
    return tree && { ...tree, changes }
  }
  Object.assign(agent.components.treeWay, { packWhole })
  const now = clock.wallTime()
  files.now = now - 8
  files.write(`${CWD}/conftest.c`, 'int main(void) { return 0; }\n')
  const hand = new FakeHand(LINK, ['HG_QUIET=1'], () => {
    files.now = now + 40
    files.write(`${CWD}/conftest`, 'PROGRAM')
    return { exitCode: 0 }
  })
  return { agent, cache, hand, files, now }
}

/** Stamps of about then are not those of a file system that knows but seconds. */
const BETWEEN_SECONDS_MS = 500

test('an unknown configure test runs here and is kept, its source written a moment ago', async () => {
  const { agent, cache, hand } = await unknown()
  await agent.serve(hand)
  assert.deepEqual(hand.verbs, [`run /usr/bin/gcc ${LINK.join(' ')}`, 'exit 0'])
  assert.deepEqual(cache.kept, [PROGRAM])
})

test('its inputs are compared before its launcher ends: the script takes them away then', async () => {
  const trees = [treeOf(), treeOf()]
  const { agent, hand } = await unknown(trees)
  const exit = hand.exit.bind(hand)
  let left: number | undefined
  hand.exit = (code) => {
    left = trees.length
    return exit(code)
  }
  await agent.serve(hand)
  assert.equal(left, 0)
})

test('it is not kept when its source is another afterwards', async () => {
  const { agent, cache, hand } = await unknown([treeOf('int a;\n'), treeOf('int b;\n')])
  await agent.serve(hand)
  assert.deepEqual([hand.verbs.at(-1), cache.kept], ['exit 0', []])
})

test('it is not kept when its source was written while it ran, though with the same content', async () => {
  const { agent, cache, hand, files, now } = await unknown()
  const run = hand.run.bind(hand)
  hand.run = (request) => {
    files.now = now + 20
    files.write(`${CWD}/conftest.c`, 'int main(void) { return 0; }\n')
    return run(request)
  }
  await agent.serve(hand)
  assert.deepEqual([hand.verbs.at(-1), cache.kept], ['exit 0', []])
})

test('it is not kept when its compiler became another while it ran', async () => {
  const { agent, cache, hand } = await unknown()
  const run = hand.run.bind(hand)
  hand.run = (request) => {
    Object.assign(agent.components.toolchains, { byDriver: async () => undefined })
    return run(request)
  }
  await agent.serve(hand)
  assert.deepEqual([hand.verbs.at(-1), cache.kept], ['exit 0', []])
})

test('with another assembler in PATH it is left to the compiler', async () => {
  const cache = cacheWith(PROGRAM)
  const agent = agentBench({ tree: treeOf(), cache })
  Object.assign(agent.components.toolchains, { startsOthers: () => true })
  const hand = new FakeHand(LINK)
  await agent.serve(hand)
  assert.deepEqual(hand.verbs, ['print stderr [local configure-test]', `exec /usr/bin/gcc ${LINK.join(' ')}`])
  assert.deepEqual(cache.looked, [])
})

test('a configure test that fails is not kept', async () => {
  const cache = cacheWith()
  const hand = new FakeHand(LINK, [], () => ({ exitCode: 1, stderr: Buffer.from('conftest.c:1: error') }))
  await agentBench({ tree: treeOf(), cache }).serve(hand)
  assert.deepEqual(hand.verbs.slice(-2), ['print stderr conftest.c:1: error', 'exit 1'])
  assert.deepEqual(cache.kept, [])
})

test('a configure test whose inputs cannot be told is left to the compiler', async () => {
  const hand = new FakeHand(LINK, ['HG_QUIET=1'])
  await agentBench({ cache: cacheWith(PROGRAM) }).serve(hand)
  assert.deepEqual(hand.verbs, [`exec /usr/bin/gcc ${LINK.join(' ')}`])
})

test('with --no-cache a configure test is left to the compiler', async () => {
  const cache = cacheWith(PROGRAM)
  const hand = new FakeHand(LINK, ['HG_CACHE=off', 'HG_QUIET=1'])
  await agentBench({ tree: treeOf(), cache }).serve(hand)
  assert.deepEqual([hand.verbs, cache.looked], [[`exec /usr/bin/gcc ${LINK.join(' ')}`], []])
})

test('a test that fails is no reason to ask the mesh less', async () => {
  const cache = cacheWith()
  const agent = agentBench({ tree: treeOf(), cache })
  for (let time = 0; time < 10; time += 1) {
    await agent.serve(new FakeHand(LINK, [], () => ({ exitCode: 1, stderr: Buffer.from('error') })))
  }
  assert.equal(cache.looked.filter((where) => where === 'mesh').length, 10)
})

test('tests that end well and nobody knew are reason to ask it less', async () => {
  const { agent, cache } = await unknown(Array.from({ length: 40 }, () => treeOf()))
  for (let time = 0; time < 10; time += 1) await agent.serve(new FakeHand(LINK, [], () => ({ exitCode: 0 })))
  assert.equal(cache.looked.filter((where) => where === 'mesh').length, 4)
})
