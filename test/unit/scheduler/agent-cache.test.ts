import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { systemClock } from '../../../src/base/clock.ts'
import type { ActionKey } from '../../../src/cache/digest.ts'
import type { PeerId } from '../../../src/protocols/mesh.ts'
import type { CompileCache, CompileResult, StoredOutputs } from '../../../src/scheduler/compile-cache.ts'
import type { MemoryFiles } from '../compiler/includes/memory-files.ts'
import { type AgentWorld, agentBench, BOX, COMPILE, compiled, PI, preprocessed, refusal } from './agent-bench.ts'
import { FakeHand } from './fake-hand.ts'
import { REQUEST, shipmentOf } from './worker-bench.ts'

const CWD = '/home/ada/project'
const NO_CLOCKS = { usesDate: false, usesTime: false, usesTimestamp: false }

/** A cache that keeps in a map, and what it was asked. */
function memoryCache(known?: CompileResult, from?: PeerId) {
  const kept: { readonly key: ActionKey; readonly result: CompileResult }[] = []
  const sought: ActionKey[] = []
  const ended: number[] = []
  const looked: string[] = []
  const later: Parameters<CompileCache['keepLater']>[] = []
  return {
    kept,
    sought,
    ended,
    seek: async (key: ActionKey) => {
      sought.push(key)
      return known === undefined
        ? ({ kind: 'unknown', end: () => ended.push(kept.length) } as const)
        : ({ kind: 'known', result: known, from } as const)
    },
    /** Where this node was asked to look without claiming anything. */
    looked,
    look: async (_key: ActionKey, _outputs: readonly string[], where: 'here' | 'mesh') => {
      looked.push(where)
      return known === undefined || (where === 'here' && from !== undefined)
        ? undefined
        : ({ kind: 'known', result: known, from } as const)
    },
    /** What is not to be kept before there is time. */
    later,
    keepLater: async (...wanted: Parameters<CompileCache['keepLater']>) => void later.push(wanted),
    /** Now there is. */
    keepAll: () => {
      for (const [key, result] of later.splice(0)) kept.push({ key, result })
    },
    storeLarge: async (result: CompileResult) => result,
    keep: async (key: ActionKey, result: CompileResult) => {
      kept.push({ key, result })
    },
  }
}

function treeOf(text = 'int main(void) { return 0; }\n') {
  const shipment = shipmentOf({ [`${CWD}/main.c`]: text })
  return { request: REQUEST, shipment, clocks: NO_CLOCKS, changes: () => [], travels: true }
}

/** main.o as a file of the cache, and what it was told. */
function storedMain(): StoredOutputs & { readonly told: string[] } {
  const told: string[] = []
  const files = new Map([['main.o', { path: '/cache/main', crc32: 1 }]])
  return { told, files, doubt: () => told.push('doubt'), release: () => told.push('release') }
}

const KNOWN: CompileResult = {
  outputs: new Map([['main.o', Buffer.from('KNOWN')]]),
  stdout: new Uint8Array(),
  stderr: Buffer.from('main.c:1: warning'),
}

test('a large output that is kept is copied from where it is kept', async () => {
  const stored = storedMain()
  const cache = { ...memoryCache(), storeLarge: async (result: CompileResult) => ({ ...result, stored }) }
  const hand = new FakeHand(COMPILE)
  await agentBench({ tree: treeOf(), cache }).serve(hand)
  assert.deepEqual([hand.copied, stored.told], [['/cache/main'], ['release']])
})

test('a known object whose file has rotted is sent from memory, and the file is looked at again', async () => {
  const stored = storedMain()
  const hand = new FakeHand(COMPILE)
  hand.writeResults.push(false)
  const cache = memoryCache({ ...KNOWN, stored })
  await agentBench({ tree: treeOf(), cache, compileOn: () => assert.fail('nothing is compiled') }).serve(hand)
  assert.deepEqual([hand.copied, stored.told], [['/cache/main'], ['doubt', 'release']])
  assert.equal(hand.verbs.filter((verb) => verb === 'write main.o KNOWN').length, 2)
})

test('so is a new one', async () => {
  const stored = storedMain()
  const cache = { ...memoryCache(), storeLarge: async (result: CompileResult) => ({ ...result, stored }) }
  const hand = new FakeHand(COMPILE)
  hand.writeResults.push(false)
  await agentBench({ tree: treeOf(), cache }).serve(hand)
  assert.deepEqual([hand.copied, stored.told], [['/cache/main'], ['doubt', 'release']])
  assert.equal(hand.verbs.at(-1), 'exit 0')
})

test('what is not kept is sent', async () => {
  const cache = { ...memoryCache(), storeLarge: () => assert.fail('nothing is kept') }
  const hand = new FakeHand(COMPILE)
  await agentBench({ tree: { ...treeOf(), clocks: { ...NO_CLOCKS, usesTime: true } }, cache }).serve(hand)
  assert.deepEqual([hand.copied, hand.verbs.includes('write main.o OBJECT')], [[], true])
})

test('a known result is written and printed, and nothing runs', async () => {
  const cache = memoryCache(KNOWN)
  const agent = agentBench({ tree: treeOf(), cache, compileOn: () => assert.fail('nothing is compiled') })
  const hand = new FakeHand(COMPILE, ['HG_BUILD=b'])
  await agent.serve(hand)
  assert.deepEqual(hand.verbs, [
    'write main.o KNOWN',
    'print stderr main.c:1: warning',
    'print stderr [cache local]',
    'exit 0',
  ])
  assert.equal(agent.jobs.build('b')?.byCache.get('local'), 1)
})

test('what another node knew is told with its name', async () => {
  const agent = agentBench({ tree: treeOf(), cache: memoryCache(KNOWN, PI) })
  const hand = new FakeHand(COMPILE, ['HG_BUILD=b'])
  await agent.serve(hand)
  assert.ok(hand.verbs.includes('print stderr [cache pi]'))
  assert.equal(agent.jobs.build('b')?.byCache.get('pi'), 1)
})

test('a known result that cannot be written sends the compile home', async () => {
  const hand = new FakeHand(COMPILE)
  hand.writeResults.push(false)
  const agent = agentBench({ tree: treeOf(), cache: memoryCache(KNOWN) })
  await agent.serve(hand)
  assert.equal(hand.verbs.at(-1), `exec /usr/bin/gcc ${COMPILE.join(' ')}`)
})

test('what a peer compiled in a tree is kept, under the name by which it is sought', async () => {
  const cache = memoryCache()
  const agent = agentBench({ tree: treeOf(), cache })
  await agent.serve(new FakeHand(COMPILE))
  assert.equal(cache.kept.length, 1)
  assert.equal(cache.kept[0]?.key, cache.sought[0])
  assert.deepEqual(cache.kept[0]?.result.outputs, compiled().outputs)
  assert.deepEqual(cache.ended, [1], 'those who wait are told once it is kept')
})

test('another source is another name', async () => {
  const cache = memoryCache()
  for (const text of ['int a;\n', 'int b;\n', 'int a;\n']) {
    await agentBench({ tree: treeOf(text), cache }).serve(new FakeHand(COMPILE))
  }
  const [first, second, third] = cache.sought
  assert.notEqual(first, second)
  assert.equal(first, third)
})

test('a miss is told with what changed since the last time', async () => {
  const agent = agentBench({ cache: memoryCache() })
  const misses: unknown[] = []
  for (const text of ['int a;\n', 'int b;\n', 'int b;\n']) {
    Object.assign(agent.components.treeWay, { pack: async () => treeOf(text) })
    await agent.serve(new FakeHand(COMPILE))
    misses.push(agent.jobs.latest(1)[0]?.miss?.code)
  }
  assert.deepEqual(misses, ['first-time', 'source-changed', 'expired'])
  assert.equal(agent.jobs.totals.byMiss.get('first-time'), 1)
})

for (const [why, changes] of [
  ['the time of day', { usesTime: true }],
  ['the age of its source', { usesTimestamp: true }],
] as const) {
  test(`a compile that may tell ${why} is neither sought nor kept`, async () => {
    const cache = memoryCache()
    const tree = { ...treeOf(), clocks: { ...NO_CLOCKS, ...changes } }
    await agentBench({ tree, cache }).serve(new FakeHand(COMPILE))
    assert.deepEqual([cache.sought, cache.kept], [[], []])
  })
}

test('with --no-cache nothing is sought or kept', async () => {
  const cache = memoryCache(KNOWN)
  const hand = new FakeHand(COMPILE, ['HG_CACHE=off'])
  await agentBench({ tree: treeOf(), cache }).serve(hand)
  assert.deepEqual([cache.sought, cache.kept], [[], []])
  assert.ok(hand.verbs.includes('write main.o OBJECT'))
})

test('what failed elsewhere is not kept, and those who wait for it are let go', async () => {
  const cache = memoryCache()
  const compileOn = async () => compiled({ exitCode: 1, outputs: new Map() })
  const agent = agentBench({ tree: treeOf(), cache, compileOn })
  await agent.serve(new FakeHand(COMPILE, [], () => ({ exitCode: 1, stderr: Buffer.from('error') })))
  assert.deepEqual([cache.kept, cache.ended], [[], [0]])
})

/** When main.c was last changed. */
function changesOf(files: MemoryFiles) {
  const stat = files.stat(`${CWD}/main.c`)
  return typeof stat === 'object' ? [stat] : undefined
}

/** A compile that has to run here, over files that were at rest long before. */
function alone(options: { readonly objectTime?: 'fresh' | 'stale'; readonly changes?: boolean } = {}) {
  const { objectTime = 'fresh', changes = false } = options
  const cache = memoryCache()
  const agent = agentBench({ peers: [], cache })
  const { treeFiles: files } = agent
  Object.assign(agent.components.treeWay, { pack: async () => ({ ...treeOf(), changes: () => changesOf(files) }) })
  const now = systemClock.wallTime()
  files.now = now - 60_000
  files.write(`${CWD}/main.c`, 'int main(void) { return 0; }\n')
  if (objectTime === 'stale') files.write(`${CWD}/main.o`, 'OLD')
  const hand = new FakeHand(COMPILE, [], () => {
    files.now = now + 1_000
    if (objectTime === 'fresh') files.write(`${CWD}/main.o`, 'HERE')
    if (changes) files.write(`${CWD}/main.c`, 'int main(void) { return 1; }\n')
    return { exitCode: 0, stderr: Buffer.from('main.c:1: warning') }
  })
  /** Serves it, and waits for what goes on once the launcher has ended. */
  const serve = async () => {
    await agent.serve(hand)
    await setImmediate()
  }
  return { agent, cache, hand, serve }
}

test('what was compiled here is kept too, with what it printed', async () => {
  const { cache, hand, serve } = alone()
  await serve()
  assert.deepEqual(hand.verbs, [
    'print stderr [local no-peers]',
    `run /usr/bin/gcc ${COMPILE.join(' ')}`,
    'print stderr main.c:1: warning',
    'exit 0',
  ])
  assert.equal(cache.kept.length, 0, 'a build without peers does not wait for that')
  cache.keepAll()
  const [kept] = cache.kept
  assert.equal(Buffer.from(kept?.result.outputs.get('main.o') ?? '').toString(), 'HERE')
  assert.equal(Buffer.from(kept?.result.stderr ?? '').toString(), 'main.c:1: warning')
})

test('but not when a source changed meanwhile', async () => {
  const { cache, serve } = alone({ changes: true })
  await serve()
  cache.keepAll()
  assert.deepEqual(cache.kept, [])
})

test('nor when one of its sources is gone', async () => {
  const { agent, cache, hand, serve } = alone()
  const run = hand.run.bind(hand)
  hand.run = (request) => {
    agent.treeFiles.remove(`${CWD}/main.c`)
    return run(request)
  }
  await serve()
  cache.keepAll()
  assert.deepEqual(cache.kept, [])
})

test('nor when its assembler became another meanwhile', async () => {
  const { agent, cache, hand, serve } = alone()
  const run = hand.run.bind(hand)
  hand.run = (request) => {
    Object.assign(agent.components.toolchains, { startsOthers: () => true })
    return run(request)
  }
  await serve()
  cache.keepAll()
  assert.deepEqual(cache.kept, [])
})

test('with another assembler in PATH a compile is done here, and nothing is sought or kept', async () => {
  const { agent, cache, hand, serve } = alone()
  Object.assign(agent.components.toolchains, { startsOthers: () => true })
  await serve()
  cache.keepAll()
  assert.deepEqual(hand.verbs, ['print stderr [local other-programs]', `exec /usr/bin/gcc ${COMPILE.join(' ')}`])
  assert.deepEqual([cache.sought, cache.kept], [[], []])
})

test('what had to be compiled here among peers is kept at once: they may ask for it', async () => {
  const { agent, cache, serve } = alone()
  Object.assign(agent.components.dispatcher, { look: () => ({ to: 'local', reason: 'peers-busy' }) })
  await serve()
  assert.deepEqual([cache.kept.length, cache.later], [1, []])
})

test('nor when the object is from before', async () => {
  const { cache, serve } = alone({ objectTime: 'stale' })
  await serve()
  assert.deepEqual([cache.kept, cache.later], [[], []])
})

test('on a terminal the compiler itself speaks', async () => {
  const { cache, hand, serve } = alone()
  Object.assign(hand.hello, { stderrIsTerminal: true })
  await serve()
  assert.equal(hand.verbs.at(-1), `exec /usr/bin/gcc ${COMPILE.join(' ')}`)
  assert.deepEqual([cache.kept, cache.later], [[], []])
})

test('a peer that refuses the tree gets the text, and is not blamed', async () => {
  const ways: string[] = []
  const compileOn = async (_peer: unknown, _request: unknown, { kind }: { readonly kind: string }) => {
    ways.push(kind)
    if (kind === 'tree') throw refusal('tree-refused')
    return compiled()
  }
  const agent = agentBench({ tree: treeOf(), compileOn })
  await agent.serve(new FakeHand(COMPILE, ['HG_BUILD=b'], preprocessed))
  assert.deepEqual(ways, ['tree', 'text'])
  assert.deepEqual([...agent.refusedTrees], [PI])
  assert.deepEqual(agent.blamed, [])
})

test('nor when a header has come before another on the search path meanwhile', async () => {
  const { agent, cache, serve } = alone()
  const trees = [treeOf(), { ...treeOf(), shipment: shipmentOf({ [`${CWD}/main.c`]: '', [`${CWD}/new.h`]: '' }) }]
  Object.assign(agent.components.treeWay, { pack: async () => trees.shift() })
  await serve()
  cache.keepAll()
  assert.deepEqual([cache.kept, trees], [[], []])
})

/** A cache of a mesh of two, of which the other, a compiler of this one's, is the only home that could know. */
function cacheBesideHome() {
  const cache = memoryCache()
  const from: (PeerId | undefined)[] = []
  const spared: boolean[] = []
  return {
    ...cache,
    /** Whether the home was not to be asked, each time. */
    spared,
    /** Where what was kept had come from. */
    from,
    seek: async (key: ActionKey, _outputs: unknown, _signal: unknown, spares?: (peer: PeerId) => boolean) => {
      spared.push(spares?.(PI) ?? false)
      return cache.seek(key)
    },
    storeLarge: async (result: CompileResult) => result,
    keep: async (key: ActionKey, result: CompileResult, _costMs: number, peer?: PeerId) => {
      from.push(peer)
      return cache.keep(key, result)
    },
  }
}

test('a mesh that knew nothing lately is asked and told to compile in one', async () => {
  const cache = cacheBesideHome()
  const wishes: unknown[] = []
  const compileOn: AgentWorld['compileOn'] = async (_peer, { cache: wish }) => {
    wishes.push(wish)
    return compiled({ kept: true })
  }
  const agent = agentBench({ tree: treeOf(), cache, compileOn, unlucky: true })
  await agent.serve(new FakeHand(COMPILE))
  assert.deepEqual([cache.spared, wishes, cache.from], [[true], ['find'], [PI]])
  assert.equal(agent.jobs.latest(1)[0]?.place.at, 'peer')
  assert.equal(agent.jobs.latest(1)[0]?.miss?.code, 'first-time')
})

test('what the compiler knew then counts as a hit of the mesh, and the next is asked for first again', async () => {
  const cache = cacheBesideHome()
  const wishes: unknown[] = []
  const compileOn: AgentWorld['compileOn'] = async (_peer, { cache: wish }) => {
    wishes.push(wish)
    return compiled({ cached: true, kept: true })
  }
  const agent = agentBench({ tree: treeOf(), cache, compileOn, unlucky: true })
  const hand = new FakeHand(COMPILE, ['HG_BUILD=b'])
  await agent.serve(hand)
  assert.ok(hand.verbs.includes('print stderr [cache pi]'))
  assert.deepEqual(agent.jobs.latest(1)[0]?.place, { at: 'cache', name: 'pi' })
  assert.equal(agent.jobs.latest(1)[0]?.miss, undefined)
  assert.equal(cache.kept.length, 1)
  await agent.serve(new FakeHand(COMPILE))
  assert.deepEqual(
    [cache.spared, wishes],
    [
      [true, false],
      ['find', 'keep'],
    ],
  )
})

for (const [why, world, env] of [
  ['peers are not to compile', {}, ['HG_REMOTE=off']],
  ['a date comes into the key', { tree: { ...treeOf(), clocks: { ...NO_CLOCKS, usesDate: true } } }, []],
  ['the tree does not travel', { tree: { ...treeOf(), travels: false } }, []],
  ['the home has no room', { peers: [BOX] }, []],
  ['the mesh has known most so far', { unlucky: false }, []],
] as const) {
  test(`a home is asked first when ${why}`, async () => {
    const cache = cacheBesideHome()
    const agent = agentBench({ tree: treeOf(), cache, unlucky: true, ...world })
    await agent.serve(new FakeHand(COMPILE, [...env]))
    assert.deepEqual(cache.spared, [false])
  })
}
