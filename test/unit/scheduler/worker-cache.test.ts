import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CACHE_WAIT_MS } from '../../../src/base/limits.ts'
import { actionKey } from '../../../src/cache/action-key.ts'
import { Claims } from '../../../src/cache/claims.ts'
import type { ActionKey } from '../../../src/cache/digest.ts'
import type { Member } from '../../../src/cache/rendezvous.ts'
import type { RunResult } from '../../../src/compiler/runner.ts'
import type { CacheWish } from '../../../src/protocols/compile.ts'
import type { PeerId } from '../../../src/protocols/mesh.ts'
import type { CompileResult } from '../../../src/scheduler/compile-cache.ts'
import { WorkerCache } from '../../../src/scheduler/worker-cache.ts'
import { SimClock } from '../../sim/clock.ts'
import { compiled, REQUEST, shipmentOf, workerBench } from './worker-bench.ts'

const SELF = 'worker' as PeerId
const ADA = 'ada' as PeerId
const NEVER = new AbortController().signal
const SHIPMENT = shipmentOf({ '/home/ada/project/main.c': 'int main(void) { return 0; }\n' })

/** The key that a client looks for. */
const KEY = actionKey({
  ...REQUEST,
  compiler: SHIPMENT.compiler,
  tree: SHIPMENT.tree,
  date: undefined,
  usesTimestamp: false,
})

/** A worker that keeps what is at home with it in a map. */
function keepingWorker({
  members = [SELF, ADA],
  run = async (): Promise<RunResult> => compiled(),
}: {
  readonly members?: readonly PeerId[]
  readonly run?: () => Promise<RunResult>
} = {}) {
  const clock = new SimClock()
  const claims = new Claims({ clock })
  const shelf = new Map<ActionKey, CompileResult>()
  const kept: number[] = []
  const cache = new WorkerCache({
    clock,
    self: SELF,
    members: () => members.map((id): Member<PeerId> => ({ id, weight: 1 })),
    claims,
    cache: {
      look: async (key) => {
        const result = shelf.get(key)
        return result && { kind: 'known', result, from: undefined }
      },
      keepHere: async (key, result, costMs) => {
        shelf.set(key, result)
        kept.push(costMs)
      },
    },
  })
  const bench = workerBench({ cache, run })
  const compile = async (wish?: CacheWish) => {
    const result = await bench.client(ADA)(SELF, { ...REQUEST, ...(wish && { cache: wish }) }, SHIPMENT, NEVER)
    await clock.run(1) // It is kept when the reply has left.
    return result
  }
  return { ...bench, clock, claims, shelf, kept, compile }
}

test('a worker keeps what is at home with it, by the key that it made itself, and says so', async () => {
  const { compile, shelf, kept, runs } = keepingWorker()
  const { kept: told, cached } = await compile('keep')
  assert.deepEqual({ told, cached }, { told: true, cached: false })
  assert.deepEqual([...shelf.keys()], [KEY])
  assert.deepEqual(shelf.get(KEY)?.outputs, new Map([['main.o', Buffer.from('OBJECT')]]))
  assert.deepEqual(kept, [1], 'what it took is kept, too')
  await compile('keep')
  assert.equal(runs.length, 2, 'who has asked already is not answered from the cache')
})

test('what it knows it answers at once, when the client wishes to know', async () => {
  const { compile, runs } = keepingWorker()
  await compile('keep')
  const { outputs, cached, kept, usage } = await compile('find')
  assert.equal(Buffer.from(outputs.get('main.o') ?? []).toString(), 'OBJECT')
  assert.deepEqual({ cached, kept, exitCode: 0 }, { cached: true, kept: true, exitCode: 0 })
  assert.equal(usage.userMs, 0, 'nobody told what it had taken')
  assert.equal(runs.length, 1)
})

test('without a wish it neither looks nor keeps', async () => {
  const { compile, shelf } = keepingWorker()
  assert.equal((await compile()).kept, false)
  assert.equal(shelf.size, 0)
})

test('nor for who is no member, nor what is at home elsewhere', async () => {
  const stranger = keepingWorker({ members: [SELF] })
  const others = ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n'] as PeerId[]
  const elsewhere = keepingWorker({ members: [SELF, ADA, ...others] })
  for (const { compile, shelf } of [stranger, elsewhere]) {
    assert.deepEqual([(await compile('find')).kept, shelf.size], [false, 0])
  }
})

for (const [what, result] of [
  ['that failed', compiled({ exitCode: 1 })],
  ['that a signal ended', compiled({ exitCode: undefined, signal: 9 })],
  ['without an object', compiled({ outputs: [] })],
] as const) {
  test(`a compile ${what} is not kept, and nobody waits for it any longer`, async () => {
    const { compile, shelf, claims } = keepingWorker({ run: async () => result })
    assert.equal((await compile('find')).kept, false)
    assert.equal(shelf.size, 0)
    assert.equal(claims.claim(KEY, SELF).kind, 'yours')
  })
}

test('whoever asks while it compiles waits until it is kept', async () => {
  const ran = Promise.withResolvers<RunResult>()
  const { compile, runs, claims, shelf } = keepingWorker({ run: () => ran.promise })
  const compiling = compile('find')
  while (runs.length === 0) await new Promise(setImmediate)
  const claimed = claims.claim(KEY, SELF)
  assert.equal(claimed.kind, 'running')
  ran.resolve(compiled())
  await compiling
  if (claimed.kind === 'running') await claimed.ended
  assert.ok(shelf.has(KEY))
})

test('it waits itself for whoever is at it, and compiles when nothing comes of that', async () => {
  const { compile, runs, claims, clock } = keepingWorker()
  claims.claim(KEY, SELF)
  const compiling = compile('find')
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate)
  assert.equal(runs.length, 0)
  await clock.run(CACHE_WAIT_MS)
  assert.equal((await compiling).cached, false)
  assert.equal(runs.length, 1)
})

test('a client that goes away while its compile runs keeps nobody waiting', async () => {
  const { client, runs, claims } = keepingWorker({ run: () => new Promise(() => undefined) })
  const gone = new AbortController()
  const compiling = client(ADA)(SELF, { ...REQUEST, cache: 'find' }, SHIPMENT, gone.signal)
  while (runs.length === 0) await new Promise(setImmediate)
  gone.abort(new Error('interrupted'))
  await assert.rejects(compiling)
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate)
  assert.equal(claims.claim(KEY, SELF).kind, 'yours')
})
