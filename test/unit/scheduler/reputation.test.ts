import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PEERS_MAX } from '../../../src/base/limits.ts'
import type { PeerId } from '../../../src/protocols/mesh.ts'
import { REPUTATION_HALF_LIFE_MS, Reputation } from '../../../src/scheduler/reputation.ts'

const PEER = 'peer' as PeerId

test('a peer of which nothing is known has a good name', () => {
  assert.equal(new Reputation().failures(PEER, 0), 0)
})

test('failures add up, and each counts half after a half-life', () => {
  const reputation = new Reputation()
  reputation.failed(PEER, 0)
  assert.equal(reputation.failures(PEER, 0), 1)
  reputation.failed(PEER, REPUTATION_HALF_LIFE_MS)
  assert.equal(reputation.failures(PEER, REPUTATION_HALF_LIFE_MS), 1.5)
  assert.equal(reputation.failures(PEER, 2 * REPUTATION_HALF_LIFE_MS), 0.75)
})

test('a job well done makes up for half of what was held against the peer, and earns nothing in advance', () => {
  const reputation = new Reputation()
  reputation.succeeded(PEER, 0)
  reputation.failed(PEER, 0)
  reputation.failed(PEER, 0)
  reputation.succeeded(PEER, 0)
  assert.equal(reputation.failures(PEER, 0), 1)
})

test('a slip is forgotten whole at last', () => {
  const reputation = new Reputation()
  reputation.failed(PEER, 0)
  assert.equal(reputation.failures(PEER, 10 * REPUTATION_HALF_LIFE_MS), 0)
})

test('the worst peer is tried again within a minute, however often it failed', () => {
  const reputation = new Reputation()
  for (let failure = 0; failure < 10_000; failure++) reputation.failed(PEER, 0)
  const avoided = 0.5 // By placement: more than that, and a peer gets work only if there is no better.
  assert.ok(reputation.failures(PEER, 0) > avoided)
  assert.ok(reputation.failures(PEER, 60_000) < avoided)
})

test('strangers who come, fail and go take no memory without end; the latest are remembered', () => {
  const reputation = new Reputation()
  for (let peer = 0; peer <= PEERS_MAX; peer++) reputation.failed(`peer-${peer}` as PeerId, 0)
  assert.equal(reputation.failures('peer-0' as PeerId, 0), 0)
  assert.equal(reputation.failures('peer-1' as PeerId, 0), 1)
  assert.equal(reputation.failures(`peer-${PEERS_MAX}` as PeerId, 0), 1)
})
