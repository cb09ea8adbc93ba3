import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CACHE_WEIGHT_MAX_BYTES, PEER_QUIET_MS } from '../../../src/base/limits.ts'
import type { PeerId } from '../../../src/protocols/mesh.ts'
import { cacheMembers } from '../../../src/scheduler/cache-members.ts'
import { PeerTable } from '../../../src/scheduler/peer-table.ts'
import { SimClock } from '../../sim/clock.ts'
import { announcementOf } from './announcements.ts'

const ME = 'me' as PeerId
const PI = 'pi' as PeerId
const LIAR = 'liar' as PeerId

test('all nodes weigh each other alike, by what they announce, and a boast counts only so much', () => {
  const peers = new PeerTable({ clock: new SimClock() })
  peers.connected(PI)
  peers.heard(PI, announcementOf({ cacheBytes: 5 }))
  peers.heard(LIAR, announcementOf({ cacheBytes: Number.MAX_SAFE_INTEGER }))
  assert.deepEqual(cacheMembers(ME, 7, peers), [
    { id: ME, weight: 7 },
    { id: LIAR, weight: CACHE_WEIGHT_MAX_BYTES },
    { id: PI, weight: 5 },
  ])
})

test('a peer that is quiet for a moment keeps its keys', async () => {
  const clock = new SimClock()
  const peers = new PeerTable({ clock })
  peers.connected(PI)
  peers.heard(PI, announcementOf({ cacheBytes: 5 }))
  await clock.run(PEER_QUIET_MS + 1)
  assert.deepEqual(peers.schedulable(), [])
  assert.equal(cacheMembers(ME, 7, peers).length, 2)
})
