import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PEERS_MAX, REDIAL_FOR_MS, REDIAL_MAX_MS, REDIAL_MIN_MS } from '../../../src/base/limits.ts'
import { silentLog } from '../../../src/base/log.ts'
import { Dialer, redialDelayMs } from '../../../src/node/discovery-dialer.ts'
import { mdnsServiceTag, searchIntervalMs } from '../../../src/node/discovery-mdns.ts'
import type { PeerId } from '../../../src/protocols/mesh.ts'
import { SimClock } from '../../sim/clock.ts'
import { SimRandom } from '../../sim/random.ts'

const SELF = 'm' as PeerId
/** Has the smaller id, so it is we who wait for its call. */
const ELDER = 'a' as PeerId
/** Has the larger id: we call at once. */
const YOUNGER = 'z' as PeerId
const HERE = ['/ip4/10.0.0.9/tcp/9000']

/** A node and the calls that it makes; those to peers that are `up` succeed. */
function node() {
  const clock = new SimClock()
  const connected = new Set<PeerId>()
  const up = new Map<string, PeerId>()
  const calls: { readonly at: number; readonly addresses: readonly string[] }[] = []
  const dialer = new Dialer({
    clock,
    random: new SimRandom(1),
    log: silentLog,
    self: SELF,
    connected: (peer) => connected.has(peer),
    dial: async (addresses, peer) => {
      calls.push({ at: clock.now(), addresses })
      const there = addresses.map((address) => up.get(address)).find((each) => each !== undefined)
      if (there === undefined || (peer !== undefined && there !== peer)) throw new Error('no answer')
      connected.add(there)
      return there
    },
  })
  return { clock, dialer, connected, up, calls }
}

test('a peer that is found is called once per sighting', async () => {
  const { clock, dialer, calls } = node()
  dialer.found(YOUNGER, HERE)
  await clock.run(60_000)
  assert.deepEqual(calls, [{ at: 0, addresses: HERE }])
  dialer.found(YOUNGER, HERE)
  await clock.run(60_000)
  assert.equal(calls.length, 2)
})

test('of two that find each other the one with the smaller id calls first, so that one connection is made', async () => {
  const { clock, dialer, connected, calls } = node()
  dialer.found(ELDER, HERE)
  await clock.run(1_000)
  connected.add(ELDER) // It was faster.
  await clock.run(10_000)
  assert.deepEqual(calls, [])
})

test('this node, a connected peer, and one without addresses are not called', async () => {
  const { clock, dialer, connected, calls } = node()
  connected.add(YOUNGER)
  dialer.found(SELF, HERE)
  dialer.found(YOUNGER, HERE)
  dialer.found(ELDER, [])
  await clock.run(10_000)
  assert.deepEqual(calls, [])
})

test('a peer that vanished is called at its last addresses until it is back', async () => {
  const { clock, dialer, connected, up, calls } = node()
  dialer.remember(YOUNGER, HERE)
  dialer.lost(YOUNGER)
  await clock.run(60_000)
  const before = calls.length
  assert.ok(before >= 60_000 / (1.25 * REDIAL_MAX_MS), `${before} calls in a minute`)
  up.set(HERE[0] ?? '', YOUNGER)
  await clock.run(2 * REDIAL_MAX_MS)
  assert.ok(connected.has(YOUNGER))
  const then = calls.length
  await clock.run(60_000)
  assert.equal(calls.length, then)
})

test('a peer that does not come back is given up after REDIAL_FOR_MS', async () => {
  const { clock, dialer, calls } = node()
  dialer.remember(YOUNGER, HERE)
  dialer.lost(YOUNGER)
  await clock.run(REDIAL_FOR_MS + 2 * REDIAL_MAX_MS)
  const before = calls.length
  await clock.run(REDIAL_FOR_MS)
  assert.equal(calls.length, before)
  assert.equal(clock.pending, 0)
})

test('a sighting cuts a wait short, but floods of them do not drive the calls', async () => {
  const { clock, dialer, calls } = node()
  dialer.remember(YOUNGER, HERE)
  dialer.lost(YOUNGER)
  await clock.run(30_000)
  const before = calls.length
  for (let flood = 0; flood < 1_000; flood++) {
    dialer.found(YOUNGER, HERE)
    await clock.run(10)
  }
  assert.ok(calls.length - before <= 10_000 / REDIAL_MIN_MS + 1, `${calls.length - before} calls in ten seconds`)
})

test('a named peer is called until it answers, for ever, and again whenever it is lost', async () => {
  const { clock, dialer, connected, up } = node()
  const [address = ''] = HERE
  dialer.keep(address)
  await clock.run(2 * REDIAL_FOR_MS)
  up.set(address, YOUNGER)
  await clock.run(2 * REDIAL_MAX_MS)
  assert.ok(connected.has(YOUNGER))
  connected.delete(YOUNGER)
  dialer.lost(YOUNGER)
  await clock.run(2 * REDIAL_MAX_MS)
  assert.ok(connected.has(YOUNGER))
})

test('a named peer that is this node itself is called once', async () => {
  const { clock, dialer, up, calls } = node()
  const [address = ''] = HERE
  up.set(address, SELF)
  dialer.keep(address)
  await clock.run(60_000)
  assert.equal(calls.length, 1)
})

test('strangers that are seen and never answer make room for others', async () => {
  const { clock, dialer, calls } = node()
  for (let peer = 0; peer < PEERS_MAX; peer++) dialer.found(`z-${peer}` as PeerId, HERE)
  await clock.run(10)
  dialer.found('z-late' as PeerId, HERE)
  await clock.run(10)
  assert.equal(calls.length, PEERS_MAX + 1)
})

test('a dialer that has stopped calls nobody', async () => {
  const { clock, dialer, calls } = node()
  dialer.remember(YOUNGER, HERE)
  dialer.lost(YOUNGER)
  dialer.keep('/ip4/10.0.0.8/tcp/9000')
  await clock.run(1_000)
  const before = calls.length
  const stopping = dialer.stop()
  await clock.run(0)
  await stopping
  await dialer.stop()
  dialer.found(ELDER, HERE)
  dialer.lost(YOUNGER)
  await clock.run(60_000)
  assert.equal(calls.length, before)
})

test('waits are doubled up to a bound, and spread by a quarter to both sides', () => {
  const least = { float: () => 0 }
  const most = { float: () => 1 }
  assert.equal(redialDelayMs(0, least), 0.75 * REDIAL_MIN_MS)
  assert.equal(redialDelayMs(1, most), 1.25 * 2 * REDIAL_MIN_MS)
  assert.equal(redialDelayMs(1_000_000, most), 1.25 * REDIAL_MAX_MS)
})

test('meshes of different keys look for each other under different names, which do not tell the key', () => {
  const [open, one, other] = [undefined, Buffer.alloc(32, 1), Buffer.alloc(32, 2)].map(mdnsServiceTag)
  assert.equal(new Set([open, one, other]).size, 3)
  assert.equal(mdnsServiceTag(Buffer.alloc(32, 1)), one)
  assert.match(open ?? '', /^_hg-[0-9a-f]{12}\._udp\.local$/)
})

test('a small mesh is searched often; in a large one all together ask twice a second', () => {
  assert.equal(searchIntervalMs(0, 0), 5_000)
  assert.equal(searchIntervalMs(10, 0), 5_000)
  assert.equal(searchIntervalMs(100, 0), 50_000)
  assert.equal(searchIntervalMs(1_000_000, 0), searchIntervalMs(PEERS_MAX, 0))
})

test('a mesh in which all is as it was is searched ever more seldom, but not by who is alone', () => {
  assert.equal(searchIntervalMs(4, 1), 10_000)
  assert.equal(searchIntervalMs(4, 2), 20_000)
  assert.equal(searchIntervalMs(4, 1_000), 80_000)
  assert.equal(searchIntervalMs(0, 1_000), 5_000)
})
