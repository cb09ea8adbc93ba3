import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PEER_GONE_MS, PEER_QUIET_MS, PEER_RECONNECT_MS, PEERS_MAX } from '../../../src/base/limits.ts'
import type { PeerId } from '../../../src/protocols/mesh.ts'
import { PeerTable } from '../../../src/scheduler/peer-table.ts'
import { REPUTATION_HALF_LIFE_MS } from '../../../src/scheduler/reputation.ts'
import { SimClock } from '../../sim/clock.ts'
import { announcementOf } from './announcements.ts'

const A = 'a' as PeerId
const B = 'b' as PeerId

/** A table that knows `peers`, and what it told of them since. */
function tableOf(...peers: PeerId[]) {
  const clock = new SimClock()
  const table = new PeerTable({ clock })
  for (const peer of peers) {
    table.connected(peer)
    table.heard(peer, announcementOf())
  }
  const told: string[] = []
  table.subscribe({
    joined: (peer) => told.push(`joined ${peer}`),
    changed: (peer) => told.push(`changed ${peer}`),
    left: (peer) => told.push(`left ${peer}`),
  })
  return { clock, table, told }
}

const ids = (peers: readonly { readonly id: PeerId }[]) => peers.map(({ id }) => id)

test('a peer is in the mesh once it is heard, not when it connects', () => {
  const { table, told } = tableOf()
  table.connected(A)
  assert.deepEqual([table.alive(), told], [[], []])
  table.heard(A, announcementOf())
  assert.deepEqual([ids(table.alive()), told], [['a'], ['joined a']])
})

test('peers are listed by id, however they came', () => {
  const { table } = tableOf(B, A)
  assert.deepEqual(ids(table.alive()), ['a', 'b'])
})

test('what a peer announced last is what counts', () => {
  const { table, told } = tableOf(A)
  table.heard(A, announcementOf({ running: 3 }))
  assert.deepEqual([table.get(A)?.announcement.running, told], [3, ['changed a']])
})

test('a peer that is silent for a while gets no new work', async () => {
  const { clock, table } = tableOf(A)
  await clock.run(PEER_QUIET_MS - 1)
  assert.deepEqual(ids(table.schedulable()), ['a'])
  await clock.run(1)
  assert.deepEqual([ids(table.schedulable()), ids(table.alive())], [[], ['a']])
})

test('a peer that is silent for long is gone, without any timer', async () => {
  const { clock, table } = tableOf(A)
  await clock.run(PEER_GONE_MS - 1)
  assert.deepEqual(ids(table.alive()), ['a'])
  await clock.run(1)
  assert.deepEqual([table.alive(), table.get(A)], [[], undefined])
})

test('a peer whose connection breaks gets no work, and is gone unless it is restored', async () => {
  const { clock, table } = tableOf(A, B)
  table.disconnected(A)
  table.disconnected(B)
  assert.deepEqual([ids(table.schedulable()), ids(table.alive())], [[], ['a', 'b']])
  await clock.run(PEER_RECONNECT_MS - 1)
  table.connected(B)
  await clock.run(1)
  assert.deepEqual([ids(table.alive()), ids(table.schedulable())], [['b'], ['b']])
})

test('a connection that is restored is a sign of life', async () => {
  const { clock, table } = tableOf(A)
  await clock.run(PEER_GONE_MS - 1)
  table.disconnected(A)
  table.connected(A)
  await clock.run(1_000)
  assert.deepEqual(ids(table.alive()), ['a'])
})

test('a peer that is known to be lost is gone at once', () => {
  const { table, told } = tableOf(A)
  table.lost(A)
  table.lost(A)
  assert.deepEqual([table.alive(), told], [[], ['left a']])
})

test('the sweep tells of peers that fall quiet and of those that are gone, once each', async () => {
  const { clock, table, told } = tableOf(A)
  await table.start()
  await clock.run(PEER_QUIET_MS + 1_000)
  assert.deepEqual(told, ['changed a'])
  await clock.run(PEER_GONE_MS)
  assert.deepEqual(told, ['changed a', 'left a'])
  await table.stop()
  assert.equal(clock.pending, 0)
})

test('what the sweep tells it tells when it is so', async () => {
  const { clock, table, told } = tableOf(A)
  const at: number[] = []
  const began = clock.now()
  const note = () => at.push(clock.now() - began)
  await clock.run(600)
  await table.start()
  await clock.run(900)
  table.connected(B)
  table.heard(B, announcementOf())
  table.disconnected(B)
  told.length = 0
  table.subscribe({ changed: note, left: note })
  await clock.run(PEER_GONE_MS)
  assert.deepEqual(told, ['changed a', 'left b', 'left a'])
  assert.deepEqual(at, [PEER_QUIET_MS, 1_500 + PEER_RECONNECT_MS, PEER_GONE_MS])
  await table.stop()
})

test('a peer that was gone joins again when it is heard', async () => {
  const { clock, table, told } = tableOf(A)
  await clock.run(PEER_GONE_MS)
  table.sweep()
  table.heard(A, announcementOf())
  assert.deepEqual([told, ids(table.alive())], [['left a', 'joined a'], ['a']])
})

test('when this process stood still, the silence is not held against its peers', async () => {
  const { table, wake, jump } = stoppedTable()
  await table.start()
  jump(60_000)
  await wake()
  assert.deepEqual(ids(table.alive()), ['a'])
  await table.stop()
})

test('nor when somebody asks before the table has looked around', async () => {
  const { table, jump } = stoppedTable()
  await table.start()
  jump(60_000)
  assert.ok(table.silentMs(A) < PEER_QUIET_MS)
  table.sweep()
  assert.deepEqual(ids(table.schedulable()), ['a'])
  await table.stop()
})

/** A table whose process is stopped between two sweeps. */
function stoppedTable() {
  const clock = new SimClock()
  let jumpedMs = 0
  const jumping = {
    now: () => clock.now() + jumpedMs,
    wallTime: () => clock.wallTime(),
    sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms, signal),
  }
  const table = new PeerTable({ clock: jumping })
  table.connected(A)
  table.heard(A, announcementOf())
  const jump = (ms: number) => {
    jumpedMs += ms
  }
  return { table, jump, wake: () => clock.run(1_000) }
}

test('when the table is full, newcomers are refused and those who came first stay', () => {
  const { table, told } = tableOf()
  for (let index = 0; index < PEERS_MAX; index += 1) assert.ok(table.connected(`p${index}` as PeerId))
  assert.deepEqual([table.connected(A), table.heard(B, announcementOf()), told], [false, false, []])
})

test('a full table takes newcomers in place of those who are gone', async () => {
  const { clock, table } = tableOf()
  for (let index = 0; index < PEERS_MAX; index += 1) table.heard(`p${index}` as PeerId, announcementOf())
  await clock.run(PEER_GONE_MS)
  assert.ok(table.connected(A))
})

test('a failure is held against a peer, less and less', async () => {
  const { clock, table } = tableOf(A)
  const failures = () => table.get(A)?.failures ?? Number.NaN
  assert.equal(failures(), 0)
  table.failed(A)
  table.failed(A)
  assert.equal(failures(), 2)
  await clock.run(REPUTATION_HALF_LIFE_MS)
  table.heard(A, announcementOf())
  assert.equal(failures(), 1)
  table.succeeded(A)
  assert.equal(failures(), 0.5)
})

test('a peer does not clear its name by leaving and coming again', () => {
  const { table } = tableOf(A)
  table.failed(A)
  table.lost(A)
  table.heard(A, announcementOf())
  assert.equal(table.get(A)?.failures, 1)
})

test('a bad name is forgotten in the end', async () => {
  const { clock, table } = tableOf(A)
  for (let count = 0; count < 1_000; count += 1) table.failed(A)
  await clock.run(12 * REPUTATION_HALF_LIFE_MS)
  table.heard(A, announcementOf())
  assert.equal(table.get(A)?.failures, 0)
})

test('a peer that refused because it is full counts as full until it announces anew', () => {
  const { table } = tableOf(A)
  table.busy(A)
  assert.deepEqual([table.get(A)?.announcement.running, table.get(A)?.announcement.queued], [4, 4])
  table.heard(A, announcementOf())
  assert.equal(table.get(A)?.announcement.running, 1)
})
