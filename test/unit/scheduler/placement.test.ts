import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sha256 } from '../../../src/base/digest.ts'
import { PEER_QUIET_MS } from '../../../src/base/limits.ts'
import type { ToolchainId } from '../../../src/compiler/toolchain.ts'
import type { PeerId } from '../../../src/protocols/mesh.ts'
import { capacity, type PlacementPeer, place } from '../../../src/scheduler/placement.ts'
import { SimRandom } from '../../sim/random.ts'

const GCC = sha256('gcc') as ToolchainId
const CLANG = sha256('clang') as ToolchainId
const JOB = { toolchain: GCC, costMs: 200, beforeMs: 0, tried: new Set<PeerId>() }
const BUSY_HERE = { freeCores: 0, pace: 1 }
const FREE_HERE = { freeCores: 2, pace: 1 }
const SLOW_HERE = { freeCores: 2, pace: 0.2 }

function peer(id: string, facts: Partial<Omit<PlacementPeer, 'id'>> = {}): PlacementPeer {
  return {
    id: id as PeerId,
    toolchains: new Set([GCC]),
    slots: 4,
    running: 0,
    queued: 0,
    loadByOthers: 0,
    inFlight: 0,
    aheadMs: 0,
    pace: 1,
    latencyMs: 1,
    silentMs: 0,
    failures: 0,
    ...facts,
  }
}

/** A peer that has as many as it takes, for so long. */
const full = (id: string, aheadMs: number, facts: Partial<PlacementPeer> = {}) =>
  peer(id, { running: 4, inFlight: 4, aheadMs, ...facts })
const tried = (...ids: string[]) => ({ ...JOB, tried: new Set(ids as PeerId[]) })
const to = (id: string) => ({ to: 'peer', peer: id })
const here = (reason: string) => ({ to: 'local', reason })
const WAIT = { to: 'wait' }

type Story = readonly [string, typeof JOB, readonly PlacementPeer[], typeof FREE_HERE, unknown]
const STORIES: readonly Story[] = [
  ['without peers a job runs here', JOB, [], BUSY_HERE, here('no-peers')],
  ['a peer that fell silent is none', JOB, [peer('a', { silentMs: PEER_QUIET_MS })], BUSY_HERE, here('no-peers')],
  [
    'a compiler that no peer has runs here',
    JOB,
    [peer('a', { toolchains: new Set([CLANG]) })],
    BUSY_HERE,
    here('no-toolchain'),
  ],
  ['a job that all failed runs here', tried('a'), [peer('a')], FREE_HERE, here('peers-lost')],
  ['a job whose last peer has left meanwhile runs here', tried('a'), [], FREE_HERE, here('peers-lost')],
  ['a free peer goes before free cores here', JOB, [peer('a')], FREE_HERE, to('a')],
  ['a peer that failed the job is passed over', tried('a'), [peer('a'), peer('b', { running: 3 })], FREE_HERE, to('b')],
  ['the least loaded is taken', JOB, [peer('a', { running: 2 }), peer('b', { running: 1 })], FREE_HERE, to('b')],
  [
    'load is measured by size',
    JOB,
    [peer('a', { running: 1 }), peer('b', { running: 3, slots: 16 })],
    FREE_HERE,
    to('b'),
  ],
  [
    'jobs that are not announced yet count',
    JOB,
    [peer('a', { inFlight: 2 }), peer('b', { running: 1 })],
    FREE_HERE,
    to('b'),
  ],
  ['jobs that are announced are not counted twice', JOB, [peer('a', { running: 3, inFlight: 3 })], FREE_HERE, to('a')],
  [
    'cores that others use are left to them',
    JOB,
    [peer('a', { loadByOthers: 2, running: 2, inFlight: 2, aheadMs: 400 })],
    FREE_HERE,
    here('peers-busy'),
  ],
  ['a peer whose people use all cores still has one for us', JOB, [peer('a', { loadByOthers: 4 })], FREE_HERE, to('a')],
  ['when all peers are full a free core here is used', JOB, [full('a', 400)], FREE_HERE, here('peers-busy')],
  [
    'when nothing is free one job may stand behind a full peer',
    JOB,
    [peer('a', { running: 4, inFlight: 4 })],
    BUSY_HERE,
    to('a'),
  ],
  ['but no more than one', JOB, [peer('a', { running: 4, queued: 1, inFlight: 5 })], BUSY_HERE, WAIT],
  ['a client with nothing there may always queue one', JOB, [peer('a', { running: 4, queued: 6 })], BUSY_HERE, to('a')],
  ['unless the queue is full', JOB, [peer('a', { running: 4, queued: 64 })], BUSY_HERE, WAIT],
  ['a peer that offers nothing is not waited for', JOB, [peer('a', { slots: 0 })], BUSY_HERE, here('peers-busy')],
  [
    'nor does it stand before one that failed lately',
    JOB,
    [peer('a', { slots: 0 }), peer('b', { failures: 1 })],
    BUSY_HERE,
    to('b'),
  ],
  [
    'a peer that failed lately is avoided',
    JOB,
    [peer('a', { failures: 1 }), peer('b', { running: 3 })],
    FREE_HERE,
    to('b'),
  ],
  ['but is better than none', JOB, [peer('a', { failures: 3 })], FREE_HERE, to('a')],
  ['even for a free core here', JOB, [peer('a', { failures: 1 }), full('b', 400)], FREE_HERE, here('peers-busy')],
  ['rivals make a peer full, too', JOB, [peer('a', { running: 4, aheadMs: 400 })], FREE_HERE, here('peers-busy')],
  [
    'what waits here before a job makes a slow core worth it',
    { ...JOB, beforeMs: 8_000 },
    [full('a', 400, { inFlight: 5 })],
    SLOW_HERE,
    here('peers-busy'),
  ],
  ['a core here that is slow is none, when a peer is soon free', JOB, [full('a', 400)], SLOW_HERE, to('a')],
  ['a long wait is worth a slow core', JOB, [full('a', 8_000)], SLOW_HERE, here('peers-busy')],
  ['but not for a long compile', { ...JOB, costMs: 4_000 }, [full('a', 8_000)], SLOW_HERE, WAIT],
  ['a job goes behind those that end first', JOB, [full('a', 2_000), full('b', 400)], BUSY_HERE, to('b')],
  ['and where compiles are fast', JOB, [full('a', 800, { pace: 0.5 }), full('b', 800)], BUSY_HERE, to('b')],
  ['behind long compiles it does not queue', JOB, [full('a', 20_000), full('b', 20_000)], BUSY_HERE, WAIT],
  [
    'a fast peer goes before a slow one',
    JOB,
    [peer('a', { pace: 0.3 }), peer('b', { running: 3 })],
    FREE_HERE,
    to('b'),
  ],
  ['a slow one before a queue', JOB, [peer('a', { pace: 0.3 }), full('b', 8_000)], BUSY_HERE, to('a')],
  ['but not before one that is soon over', JOB, [peer('a', { pace: 0.3 }), full('b', 100)], BUSY_HERE, to('b')],
  ['and before a free core here', JOB, [peer('a', { pace: 0.3 }), full('b', 8_000)], FREE_HERE, to('a')],
  [
    'which is none where a peer has room, too slow or not',
    JOB,
    [peer('a', { pace: 0.3 }), full('b', 400)],
    FREE_HERE,
    to('b'),
  ],
  [
    'a long compile rather waits for a fast peer',
    { ...JOB, costMs: 4_000 },
    [peer('a', { pace: 0.3 }), full('b', 8_000)],
    BUSY_HERE,
    WAIT,
  ],
  [
    'and does not go behind another at a slow one meanwhile',
    { ...JOB, costMs: 4_000 },
    [full('a', 100, { pace: 0.3 }), full('b', 8_000)],
    BUSY_HERE,
    WAIT,
  ],
]

for (const [story, job, peers, local, expected] of STORIES) {
  test(story, () => assert.deepEqual(place(job, peers, local, new SimRandom(1)), expected))
}

test('equals share the work, and the nearer get more of it', () => {
  const random = new SimRandom(5)
  const peers = [
    peer('near', { latencyMs: 0.2 }),
    peer('far', { latencyMs: 5 }),
    peer('unknown', { latencyMs: undefined }),
  ]
  const counts = new Map<string, number>()
  for (let round = 0; round < 900; round += 1) {
    const placement = place(JOB, peers, FREE_HERE, random)
    if (placement.to === 'peer') counts.set(placement.peer, (counts.get(placement.peer) ?? 0) + 1)
  }
  const [near = 0, far = 0, unknown = 0] = peers.map(({ id }) => counts.get(id))
  assert.ok(near > far && far > unknown && unknown > 50, `near ${near}, far ${far}, unknown ${unknown}`)
})

test('queues of equal length are drawn from', () => {
  const random = new SimRandom(7)
  const peers = [full('a', 400), full('b', 400), full('c', 400)]
  const drawn = new Set<string>()
  for (let round = 0; round < 60; round += 1) {
    const placement = place(JOB, peers, BUSY_HERE, random)
    if (placement.to === 'peer') drawn.add(placement.peer)
  }
  assert.equal(drawn.size, 3)
})

test('a burst fills all peers by their size and leaves the rest to wait', () => {
  const random = new SimRandom(3)
  const inFlight = new Map([
    ['small', 0],
    ['large', 0],
  ])
  const peers = () => [
    peer('small', { slots: 2, inFlight: inFlight.get('small') ?? 0 }),
    peer('large', { slots: 8, inFlight: inFlight.get('large') ?? 0 }),
  ]
  let waiting = 0
  for (let job = 0; job < 30; job += 1) {
    const placement = place(JOB, peers(), BUSY_HERE, random)
    if (placement.to === 'peer') inFlight.set(placement.peer, (inFlight.get(placement.peer) ?? 0) + 1)
    else waiting += 1
  }
  assert.deepEqual(
    [[...inFlight], waiting],
    [
      [
        ['small', 3],
        ['large', 9],
      ],
      18,
    ],
  )
})

test('capacity is whole, at least one, and nothing where nothing is offered', () => {
  const of = (slots: number, loadByOthers: number) => capacity({ slots, loadByOthers })
  assert.deepEqual([of(4, 0), of(4, 0.3), of(4, 1.6), of(4, 9), of(0, 0)], [4, 4, 2, 1, 0])
})
