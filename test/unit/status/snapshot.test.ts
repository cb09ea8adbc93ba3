import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { PeerId } from '../../../src/protocols/mesh.ts'
import type { JobRecord } from '../../../src/scheduler/job-log.ts'
import { JobLog } from '../../../src/scheduler/job-log.ts'
import { isJobList, isStats, jobList, stats } from '../../../src/status/job-listing.ts'
import {
  buildSummary,
  isBuildSummary,
  isMeshStatus,
  isNodeStatus,
  isWorkerList,
  meshStatus,
  type NodeFacts,
  nodeStatus,
  type SeenMesh,
  workerList,
} from '../../../src/status/snapshot.ts'
import { announcementOf } from '../scheduler/announcements.ts'

const FACTS: NodeFacts = {
  id: 'a',
  version: '0.1.0',
  pid: 7,
  home: '/state',
  startedAt: 1,
  port: 9000,
  httpHost: '127.0.0.1',
  meshOpen: true,
  mdns: true,
  sandboxMissing: null,
}

const MESH: SeenMesh = {
  self: { id: 'a', announcement: announcementOf({ name: 'me', slots: 8, running: 3, queued: 1 }), latencyMs: 9 },
  peers: [
    { id: 'z', announcement: announcementOf({ name: 'pi', slots: 4, running: 1 }), latencyMs: 0.4567 },
    { id: 'b', announcement: announcementOf({ name: 'box', slots: 16, running: 0 }), latencyMs: undefined },
  ],
  coordinator: 'z',
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

suite('what a node shows of the mesh', () => {
  test('itself comes first, the others by name', () => {
    const workers = workerList(MESH)
    assert.deepEqual(
      workers.map(({ name, self }) => [name, self]),
      [
        ['me', true],
        ['box', false],
        ['pi', false],
      ],
    )
  })

  test('latency is of others only, and null before it was measured', () => {
    assert.deepEqual(
      workerList(MESH).map(({ latencyMs }) => latencyMs),
      [null, null, 0.46],
    )
  })

  test('one node has the role of coordinator; who may have it is another matter', () => {
    assert.deepEqual(
      workerList(MESH).map(({ role, coordinator, coordinatorRole }) => [role, coordinator, coordinatorRole]),
      [
        ['worker', false, false],
        ['worker', false, false],
        ['coordinator', true, false],
      ],
    )
  })

  test('sums are over all nodes', () => {
    const { slots, running, queued, nodes, coordinator } = meshStatus(FACTS, MESH)
    assert.deepEqual({ slots, running, queued, nodes }, { slots: 28, running: 4, queued: 1, nodes: 3 })
    assert.deepEqual(coordinator, { id: 'z', name: 'pi' })
    const { meshSlots, peers } = nodeStatus(FACTS, MESH)
    assert.deepEqual({ meshSlots, peers }, { meshSlots: 28, peers: 2 })
  })

  test('a coordinator that is gone is none', () => {
    assert.equal(nodeStatus(FACTS, { ...MESH, coordinator: 'gone' }).coordinator, null)
    assert.equal(nodeStatus(FACTS, { ...MESH, coordinator: undefined }).coordinator, null)
  })

  test('everything shown has its own shape, also as JSON', () => {
    assert(isWorkerList(asJson(workerList(MESH))))
    assert(isNodeStatus(asJson(nodeStatus(FACTS, MESH))))
    assert(isMeshStatus(asJson(meshStatus(FACTS, MESH))))
  })

  test('a page of another shape is not taken for one', () => {
    const [worker] = workerList(MESH)
    assert(!isWorkerList([{ ...worker, slots: '8' }]))
    assert(!isWorkerList([{ ...worker, role: 'queen' }]))
    assert(!isWorkerList({ 0: worker, length: 1 }))
    assert(!isMeshStatus(null))
    assert(!isNodeStatus([]))
  })
})

suite('what a node shows of its jobs', () => {
  const record = (place: JobRecord['place'], compile = true): JobRecord => ({
    build: 'x',
    startedAt: 1000,
    subject: 'a.c',
    compile,
    place,
    phases: { totalMs: 12 },
  })
  const jobs = new JobLog()
  jobs.add(record({ at: 'peer', peer: 'z' as PeerId, name: 'pi', way: 'tree' }))
  jobs.add(record({ at: 'cache', name: 'local' }))
  jobs.add({
    ...record({ at: 'local', reason: 'peers-busy' }),
    miss: { code: 'header-changed', path: '/a-b.h', count: 3 },
  })
  jobs.add(record({ at: 'local', reason: 'not-a-compile' }, false))
  jobs.add(record({ at: 'local', reason: 'configure-test' }, false))

  test('a summary counts compiles and configure tests, but no links', () => {
    const summary = buildSummary(jobs.build('x'), 12.4)
    assert.deepEqual(summary, {
      compiles: 4,
      cached: 1,
      byPlace: { pi: 1 },
      localReasons: { 'peers-busy': 1, 'configure-test': 1 },
      ms: 12,
    })
    assert(isBuildSummary(asJson(summary)))
  })

  test('of an unknown build there is nothing to tell', () => {
    assert.deepEqual(buildSummary(jobs.build('y'), 0), { compiles: 0, cached: 0, byPlace: {}, localReasons: {}, ms: 0 })
  })

  test('jobs are listed with the place or the reason', () => {
    const listed = jobList(jobs.latest(10))
    assert.deepEqual(
      listed.map(({ peer, cache, reason }) => peer ?? cache ?? reason),
      ['pi', 'local', 'peers-busy', 'not-a-compile', 'configure-test'],
    )
    assert.equal(listed[2]?.miss, 'header-changed: /a-b.h and 2 more')
    assert(isJobList(asJson(listed)))
    assert(isStats(asJson(stats(jobs.totals))))
  })
})
