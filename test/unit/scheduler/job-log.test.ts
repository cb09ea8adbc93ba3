import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PEERS_MAX } from '../../../src/base/limits.ts'
import type { PeerId } from '../../../src/protocols/mesh.ts'
import { JobLog, type JobPlace, type JobRecord } from '../../../src/scheduler/job-log.ts'

const HERE: JobPlace = { at: 'local', reason: 'peers-busy' }

function on(name: string): JobPlace {
  return { at: 'peer', peer: `id of ${name}` as PeerId, name, way: 'text' }
}

function record(facts: Partial<JobRecord> = {}): JobRecord {
  return {
    build: 'b',
    startedAt: 0,
    subject: 'a.c',
    compile: true,
    place: HERE,
    phases: { totalMs: 1 },
    ...facts,
  }
}

test('calls are counted by place and reason, compiles apart from links and the like', () => {
  const log = new JobLog()
  log.add(record({ place: on('pi') }))
  log.add(record({ place: on('pi') }))
  log.add(record({ place: { at: 'cache', name: 'attic' } }))
  log.add(record())
  log.add(record({ compile: false, place: { at: 'local', reason: 'not-a-compile' } }))
  const { calls, compiles, remote, cached, byPeer, byCache, byReason, compilesByReason } = log.totals
  assert.deepEqual({ calls, compiles, remote, cached }, { calls: 5, compiles: 4, remote: 2, cached: 1 })
  assert.deepEqual([...byPeer], [['pi', 2]])
  assert.deepEqual([...byCache], [['attic', 1]])
  assert.deepEqual(Object.fromEntries(byReason), { 'peers-busy': 1, 'not-a-compile': 1 })
  assert.deepEqual(Object.fromEntries(compilesByReason), { 'peers-busy': 1 })
})

test('a build is counted by itself; single compiles belong to none', () => {
  const log = new JobLog()
  log.add(record({ build: 'mine' }))
  log.add(record({ build: 'yours', place: on('pi') }))
  log.add(record({ build: undefined }))
  assert.deepEqual([log.build('mine')?.calls, log.build('mine')?.remote], [1, 0])
  assert.deepEqual([log.build('yours')?.calls, log.build('yours')?.remote], [1, 1])
  assert.equal(log.build('theirs'), undefined)
  assert.equal(log.totals.calls, 3)
})

test('the latest records come oldest first, as many as there are', () => {
  const log = new JobLog()
  for (const subject of ['a.c', 'b.c', 'c.c']) log.add(record({ subject }))
  const subjects = (count: number) => log.latest(count).map(({ subject }) => subject)
  assert.deepEqual(
    [subjects(2), subjects(9), subjects(0), subjects(-1)],
    [['b.c', 'c.c'], ['a.c', 'b.c', 'c.c'], [], []],
  )
})

test('a node that runs for years keeps the records of the last large build', () => {
  const log = new JobLog()
  for (let job = 0; job < 30_000; job++) log.add(record({ subject: `${job}.c`, build: undefined }))
  const kept = log.latest(Number.MAX_SAFE_INTEGER)
  assert.ok(kept.length >= 9_000 && kept.length <= 10_000, `${kept.length} are kept`)
  assert.equal(kept.at(-1)?.subject, '29999.c')
  assert.equal(log.totals.calls, 30_000)
})

test('a long build keeps its count while hundreds of short ones come and go, and those are forgotten', () => {
  const log = new JobLog()
  for (let build = 0; build < 500; build++) {
    log.add(record({ build: 'long' }))
    log.add(record({ build: `short ${build}` }))
  }
  assert.equal(log.build('long')?.calls, 500)
  assert.equal(log.build('short 0'), undefined)
  assert.equal(log.build('short 499')?.calls, 1)
})

test('a peer that takes a new name for each job fills no memory, and is counted all the same', () => {
  const log = new JobLog()
  for (let job = 0; job < 3 * PEERS_MAX; job++) log.add(record({ place: on(`name ${job}`) }))
  const { byPeer, remote } = log.totals
  assert.ok(byPeer.size <= PEERS_MAX + 1, `${byPeer.size} names`)
  assert.equal(remote, 3 * PEERS_MAX)
  assert.equal(
    [...byPeer.values()].reduce((sum, count) => sum + count),
    remote,
  )
})
