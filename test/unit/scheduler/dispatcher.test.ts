import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ToolchainId } from '../../../src/compiler/toolchain.ts'
import type { PeerId } from '../../../src/protocols/mesh.ts'
import { type Berth, Dispatcher } from '../../../src/scheduler/dispatcher.ts'
import { Paces } from '../../../src/scheduler/paces.ts'
import type { KnownPeer, PeerTableListener } from '../../../src/scheduler/peer-table.ts'
import { type Slot, Slots } from '../../../src/scheduler/slots.ts'
import { SimClock, settle } from '../../sim/clock.ts'
import { SimRandom } from '../../sim/random.ts'
import { announcementOf } from './announcements.ts'

const GCC = 'gcc' as ToolchainId
const CLANG = 'clang' as ToolchainId
const A = 'a' as PeerId
const B = 'b' as PeerId
const NOBODY: ReadonlySet<PeerId> = new Set()
const { signal } = new AbortController()

/** A peer with gcc, heard just now. */
function peer(id: PeerId, { slots = 1, failures = 0, silentMs = 0 } = {}): KnownPeer {
  const toolchains = [{ id: GCC, version: 'gcc 12', target: 'x86_64' }]
  const announcement = announcementOf({ slots, running: 0, queued: 0, loadByOthers: 0, toolchains })
  return { id, announcement, connected: true, silentMs, failures }
}

function announcing(peer: KnownPeer, running: number): KnownPeer {
  return { ...peer, announcement: { ...peer.announcement, running } }
}

/** A client with these peers, whose own slots are all taken but `free`. */
async function client(peers: KnownPeer[], { free = 0 } = {}) {
  const clock = new SimClock()
  const listeners = new Set<PeerTableListener>()
  const localSlots = new Slots(2)
  const held: Slot[] = []
  for (let taken = free; taken < 2; taken++) held.push(await localSlots.acquire(signal))
  const subscribe = (listener: PeerTableListener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const paces = new Paces({ clock })
  const table = { schedulable: () => peers, subscribe }
  const dispatcher = new Dispatcher({
    clock,
    random: new SimRandom(1),
    peers: table,
    freeCores: () => localSlots.free,
    paces,
    costs: { typicalMs: 100 },
    latencyMs: () => undefined,
  })
  localSlots.subscribe(() => dispatcher.localSlotFreed())
  const changed = () => {
    for (const listener of listeners) listener.changed?.(A)
  }
  /** Where jobs went, in that order. */
  const placed: Berth[] = []
  const ask = async (toolchain = GCC, tried = NOBODY, until = signal, costMs = 100) => {
    const berth = await dispatcher.acquire({ toolchain, costMs }, tried, until)
    placed.push(berth)
    return berth
  }
  /** Asks for a place and tells in `served` who got one. */
  const served: string[] = []
  const askFor = (name: string, costMs: number) => {
    void ask(GCC, NOBODY, signal, costMs).then(() => served.push(name))
  }
  const ended = (at: number) => {
    const berth = placed[at]
    assert.equal(berth?.to, 'peer')
    if (berth?.to === 'peer') berth.release()
  }
  return { clock, dispatcher, held, paces, peers, changed, placed, ask, askFor, served, ended }
}

function places(placed: readonly Berth[]): readonly string[] {
  return placed.map((berth) => (berth.to === 'peer' ? berth.peer : berth.reason))
}

test('without peers, or without one that has the compiler, a job runs here, and is told why', async () => {
  assert.deepEqual(await (await client([])).ask(), { to: 'local', reason: 'no-peers' })
  assert.deepEqual(await (await client([peer(A)])).ask(CLANG), { to: 'local', reason: 'no-toolchain' })
})

test('a job goes to a peer with room, and not again to one that failed it', async () => {
  const { ask } = await client([peer(A), peer(B)])
  const first = await ask(GCC, new Set([A]))
  assert.equal(first.to === 'peer' && first.peer, B)
  assert.deepEqual(await ask(GCC, new Set([A, B])), { to: 'local', reason: 'peers-lost' })
})

test('a job that has ended no longer counts, though its peer has not yet said so', async () => {
  for (let round = 0; round < 4; round++) {
    const { clock, peers, ask, ended } = await client([peer(A, { slots: 4 }), peer(B, { slots: 4 })])
    const at = [await ask(), await ask(), await ask(), await ask()]
    const heard = (silentMs: number) => {
      peers.splice(0, 2, ...[A, B].map((id) => announcing(peer(id, { slots: 4, silentMs }), 2)))
    }
    heard(0)
    await clock.run(400)
    heard(400)
    ended(round % 4)
    assert.deepEqual(places([await ask()]), [places(at)[round % 4]])
  }
})

test('looking takes no place', async () => {
  const { dispatcher, ask } = await client([peer(A)])
  for (let looks = 0; looks < 3; looks++)
    assert.deepEqual(dispatcher.look({ toolchain: GCC, costMs: 100 }), { to: 'peer', peer: A })
  assert.equal((await ask()).to, 'peer')
})

test('a burst of jobs fills peers to one beyond their slots, and the rest waits here', async () => {
  const { dispatcher, placed, ask } = await client([peer(A), peer(B)])
  for (let job = 0; job < 7; job++) void ask()
  await settle()
  assert.deepEqual(places(placed).toSorted(), ['a', 'a', 'b', 'b'])
  assert.equal(dispatcher.waiting, 3)
})

test('when a job ends the one that has waited for longest takes its place', async () => {
  const { dispatcher, placed, ask, ended } = await client([peer(A)])
  for (let job = 0; job < 4; job++) void ask()
  await settle()
  ended(0)
  await settle()
  assert.deepEqual([placed.length, dispatcher.waiting], [3, 1])
})

test('of those who wait the costliest is served first', async () => {
  const { askFor, served, ended } = await client([peer(A)])
  askFor('runs', 100)
  askFor('queues', 100)
  for (const costMs of [200, 3_000, 50]) askFor(`${costMs}`, costMs)
  await settle()
  ended(0)
  await settle()
  assert.deepEqual(served, ['runs', 'queues', '3000'])
  ended(1)
  ended(2)
  await settle()
  assert.deepEqual(served, ['runs', 'queues', '3000', '200', '50'])
})

test('but who has waited for long goes before who has just come', async () => {
  const { clock, askFor, served, ended } = await client([peer(A)])
  askFor('runs', 100)
  askFor('queues', 100)
  askFor('cheap', 50)
  await clock.run(5_000)
  askFor('dear', 3_000)
  await settle()
  ended(0)
  ended(1)
  await settle()
  assert.deepEqual(served, ['runs', 'queues', 'cheap', 'dear'])
})

test('what rivals have at a peer does not turn the costliest into the last', async () => {
  const rivals = announcing(peer(A, { slots: 4 }), 5)
  const { clock, peers, askFor, served, ended } = await client([rivals])
  askFor('first', 100)
  for (const costMs of [200, 4_000]) askFor(`${costMs}`, costMs)
  await settle()
  await clock.run(10)
  peers.splice(0, 1, announcing(peer(A, { slots: 4 }), 4))
  ended(0)
  await settle()
  assert.deepEqual(served.slice(0, 2), ['first', '4000'])
})

test('with peers that offer nothing a job runs here, whatever else runs here', async () => {
  const { placed, ask } = await client([peer(A, { slots: 0 })])
  void ask()
  await settle()
  assert.deepEqual(places(placed), ['peers-busy'])
})

test('a peer that works at something long gets nothing to queue', async () => {
  const { clock, dispatcher, placed, ask, askFor, ended } = await client([peer(A), peer(B)])
  askFor('long', 10_000)
  await settle()
  void ask()
  void ask()
  void ask()
  await settle()
  const [long, ...short] = places(placed)
  const other = long === 'a' ? 'b' : 'a'
  assert.deepEqual(short, [other, other])
  await clock.run(9_800)
  assert.equal(dispatcher.waiting, 1, 'not even when it is nearly done, as far as one can know')
  ended(0)
  await settle()
  assert.equal(places(placed).at(-1), long)
})

test('a compile that takes longer than was thought is not taken to be nearly done', async () => {
  const { clock, placed, ask } = await client([peer(A)])
  void ask()
  await settle()
  await clock.run(20_000)
  void ask()
  await settle()
  assert.equal(placed.length, 1)
})

test('a place given back twice is given back once', async () => {
  const { placed, ask, ended } = await client([peer(A)])
  for (let job = 0; job < 5; job++) void ask()
  await settle()
  ended(0)
  ended(0)
  await settle()
  assert.equal(placed.length, 3)
})

test('a job that waits goes to a peer that comes, and home when all peers are lost', async () => {
  const { peers, changed, placed, ask } = await client([peer(A)])
  for (let job = 0; job < 4; job++) void ask()
  await settle()
  peers.push(peer(B))
  changed()
  await settle()
  assert.deepEqual(places(placed), ['a', 'a', 'b', 'b'])
  void ask()
  await settle()
  peers.length = 0
  changed()
  await settle()
  assert.deepEqual(places(placed).at(-1), 'no-peers')
})

test('a peer that falls silent without a word is noticed by those who wait', async () => {
  const { clock, peers, placed, ask } = await client([peer(A)])
  for (let job = 0; job < 3; job++) void ask()
  await settle()
  peers.length = 0
  await clock.run(1_000)
  assert.deepEqual(places(placed), ['a', 'a', 'no-peers'])
})

test('nothing looks around when nobody waits', async () => {
  const { clock, ask } = await client([peer(A)])
  await ask()
  await clock.run(1_000)
  assert.equal(clock.pending, 0)
})

test('who stops waiting gets the reason, and takes no place from others', async () => {
  const { dispatcher, placed, ask, ended } = await client([peer(A)])
  for (let job = 0; job < 2; job++) void ask()
  const controller = new AbortController()
  const given = ask(GCC, NOBODY, controller.signal)
  void ask()
  await settle()
  controller.abort(new Error('the launcher is gone'))
  await assert.rejects(given, /the launcher is gone/)
  assert.equal(dispatcher.waiting, 1)
  ended(0)
  await settle()
  assert.equal(placed.length, 3)
})

test('who has stopped before it asks is not served', async () => {
  const { dispatcher, ask } = await client([peer(A)])
  await assert.rejects(ask(GCC, NOBODY, AbortSignal.abort(new Error('the launcher is gone'))), /the launcher is gone/)
  assert.equal(dispatcher.waiting, 0)
})

test('busy peers and one core free here: one job of a burst is sent home, not all', async () => {
  const { placed, ask } = await client([peer(A)], { free: 1 })
  for (let job = 0; job < 4; job++) void ask()
  await settle()
  assert.deepEqual(places(placed), ['a', 'peers-busy', 'a'])
})

test('a core that was promised and not taken is offered again a moment later', async () => {
  const { clock, placed, ask } = await client([peer(A)], { free: 1 })
  for (let job = 0; job < 4; job++) void ask()
  await clock.run(100)
  assert.deepEqual(places(placed), ['a', 'peers-busy', 'a', 'peers-busy'])
})

test('a core that comes free here is taken by one who waits', async () => {
  const { dispatcher, held, placed, ask } = await client([peer(A)])
  for (let job = 0; job < 3; job++) void ask()
  await settle()
  assert.equal(dispatcher.waiting, 1)
  held[0]?.release()
  await settle()
  assert.deepEqual(places(placed), ['a', 'a', 'peers-busy'])
})

test('a peer that failed lately is passed over while there is another', async () => {
  const { placed, ask } = await client([peer(A, { failures: 1 }), peer(B)])
  for (let job = 0; job < 3; job++) void ask()
  await settle()
  assert.deepEqual(places(placed), ['b', 'b'])
})

test('a place is reserved where the job would go now, and counts like any other', async () => {
  const { dispatcher, ask, placed } = await client([peer(A)])
  assert.equal(dispatcher.reserve({ toolchain: GCC, costMs: 100 }, B), undefined)
  assert.equal(dispatcher.reserve({ toolchain: CLANG, costMs: 100 }, A), undefined)
  const berth = dispatcher.reserve({ toolchain: GCC, costMs: 100 }, A)
  assert.equal(berth?.peer, A)
  void ask()
  void ask()
  await settle()
  assert.deepEqual(places(placed), ['a'], 'one may queue there, the other waits')
  assert.equal(dispatcher.reserve({ toolchain: GCC, costMs: 100 }, A), undefined, 'who waits comes first')
  berth?.release()
  await settle()
  assert.deepEqual(places(placed), ['a', 'a'])
})
