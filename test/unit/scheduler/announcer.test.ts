import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ANNOUNCE_COALESCE_MS,
  ANNOUNCE_INTERVAL_MS,
  ANNOUNCE_SETTLE_MS,
  ANNOUNCE_WRITE_MS,
  ANNOUNCEMENT_MAX_BYTES,
  NEWS_OF_LOAD_MS,
} from '../../../src/base/limits.ts'
import { silentLog } from '../../../src/base/log.ts'
import { ANNOUNCE_PROTOCOL } from '../../../src/protocols/announcement.ts'
import { decodeAnnouncement, encodeAnnouncement } from '../../../src/protocols/announcement-codec.ts'
import type { MeshSession, PeerId } from '../../../src/protocols/mesh.ts'
import { Announcer } from '../../../src/scheduler/announcer.ts'
import { PeerTable } from '../../../src/scheduler/peer-table.ts'
import { RecentClients } from '../../../src/scheduler/recent-clients.ts'
import { SimClock } from '../../sim/clock.ts'
import { type Neighbours, SimMesh } from '../../sim/mesh.ts'
import { SimNetwork } from '../../sim/network.ts'
import { SimRandom } from '../../sim/random.ts'
import { announcementOf } from './announcements.ts'

/** Small enough that one frame fills it. */
const WINDOW_BYTES = 64

/** A node that announces, and a peer that is not ours: it serves the protocol by `listen`. */
async function nodeAndStranger(listen: (session: MeshSession) => Promise<void>) {
  const clock = new SimClock()
  const network = new SimNetwork({ clock, random: new SimRandom(1) })
  const components = { clock, network, neighbours: new Map() as Neighbours }
  const node = new SimMesh(components, { self: 'node' as PeerId, windowBytes: WINDOW_BYTES })
  const stranger = new SimMesh(components, { self: 'stranger' as PeerId, windowBytes: WINDOW_BYTES })
  stranger.handle(ANNOUNCE_PROTOCOL, listen)
  const peers = new PeerTable({ clock })
  const clients = new RecentClients({ clock })
  const state = { running: 0 }
  const describe = () => announcementOf(state)
  const announcer = new Announcer({ clock, log: silentLog, mesh: node, peers, clients, describe })
  await announcer.start()
  stranger.start()
  node.start()
  await clock.run(10)
  return { clock, network, node, stranger, peers, clients, announcer, state }
}

/** Reads everything, and writes down what was running. */
function reader(heard: number[]): (session: MeshSession) => Promise<void> {
  return async (session) => {
    for (;;) {
      const frame = await session.read(ANNOUNCEMENT_MAX_BYTES)
      if (frame === undefined) return
      heard.push(decodeAnnouncement(frame).running)
    }
  }
}

test('a peer is told as soon as it is there, and then each second', async () => {
  const heard: number[] = []
  const { clock } = await nodeAndStranger(reader(heard))
  assert.equal(heard.length, 1)
  await clock.run(3_000)
  assert.equal(heard.length, 4)
})

test('a burst of news is told as it has settled, and then once more for what is left of it', async () => {
  const heard: number[] = []
  const { clock, announcer, state } = await nodeAndStranger(reader(heard))
  await clock.run(ANNOUNCE_COALESCE_MS)
  for (let running = 1; running <= 2 * ANNOUNCE_SETTLE_MS; running += 1) {
    state.running = running
    announcer.changed()
    await clock.run(1)
  }
  assert.deepEqual(heard, [0, ANNOUNCE_SETTLE_MS])
  await clock.run(ANNOUNCE_COALESCE_MS)
  assert.deepEqual(heard, [0, ANNOUNCE_SETTLE_MS, 2 * ANNOUNCE_SETTLE_MS])
})

test('how busy a node is, who gives it work is told at once, and all others with the next beat', async () => {
  const heard: number[] = []
  const { clock, clients, announcer, stranger, state } = await nodeAndStranger(reader(heard))
  const getsBusier = async () => {
    await clock.run(ANNOUNCE_COALESCE_MS)
    state.running += 1
    announcer.loadChanged()
    await clock.run(ANNOUNCE_SETTLE_MS + 2)
  }
  await getsBusier()
  assert.deepEqual(heard, [0])
  clients.began(stranger.self)
  clients.ended(stranger.self)
  await getsBusier()
  assert.deepEqual(heard, [0, 2])
  await clock.run(ANNOUNCE_INTERVAL_MS - 2 * ANNOUNCE_COALESCE_MS)
  assert.deepEqual(heard, [0, 2, 2], 'the beat is no later for the news')
  await clock.run(NEWS_OF_LOAD_MS - ANNOUNCE_INTERVAL_MS)
  heard.length = 0
  await getsBusier()
  assert.deepEqual(heard, [], 'it gave no work for long')
})

test('news shortly before the beat is the beat, and then nothing is told for a while', async () => {
  const heard: number[] = []
  const { clock, clients, announcer, stranger, state } = await nodeAndStranger(reader(heard))
  clients.began(stranger.self)
  await clock.run(ANNOUNCE_INTERVAL_MS - 40)
  for (const afterMs of [0, 10]) {
    await clock.run(afterMs)
    state.running += 1
    announcer.loadChanged()
  }
  await clock.run(ANNOUNCE_COALESCE_MS - 20)
  assert.deepEqual(heard, [0, 1])
  await clock.run(40)
  assert.deepEqual(heard, [0, 1, 2])
})

test('to nobody, nothing is told', async () => {
  const clock = new SimClock()
  const mesh = new SimMesh(
    { clock, network: new SimNetwork({ clock, random: new SimRandom(1) }), neighbours: new Map() },
    { self: 'alone' as PeerId },
  )
  const peers = new PeerTable({ clock })
  let described = 0
  const describe = () => {
    described += 1
    return announcementOf({ running: 0 })
  }
  const announcer = new Announcer({
    clock,
    log: silentLog,
    mesh,
    peers,
    clients: new RecentClients({ clock }),
    describe,
  })
  await announcer.start()
  announcer.changed()
  await clock.run(3_000)
  assert.equal(described, 0)
})

test('the job that made the news goes first', async () => {
  const heard: number[] = []
  const { clock, announcer, state } = await nodeAndStranger(reader(heard))
  await clock.run(ANNOUNCE_COALESCE_MS)
  state.running = 1
  announcer.changed()
  await clock.run(ANNOUNCE_SETTLE_MS - 1)
  assert.deepEqual(heard, [0])
  await clock.run(2)
  assert.deepEqual(heard, [0, 1])
})

test('a peer that does not read gets another session, and there the latest state', async () => {
  const sessions: MeshSession[] = []
  const { clock, state } = await nodeAndStranger(async (session) => {
    sessions.push(session)
    await new Promise(() => undefined)
  })
  await clock.run(ANNOUNCE_WRITE_MS / 2)
  assert.equal(sessions.length, 1)
  state.running = 7
  await clock.run(ANNOUNCE_WRITE_MS)
  const [first, second] = sessions
  assert.ok(first?.closed.aborted && second !== undefined)
  const frame = await second.read(ANNOUNCEMENT_MAX_BYTES)
  assert.equal(frame && decodeAnnouncement(frame).running, 7)
})

test('of two sessions of one peer the newer counts', async () => {
  const { clock, node, stranger, peers } = await nodeAndStranger(reader([]))
  const [older, newer] = [
    await within(clock, stranger.open(node.self, ANNOUNCE_PROTOCOL)),
    await within(clock, stranger.open(node.self, ANNOUNCE_PROTOCOL)),
  ]
  await clock.run(10)
  assert.deepEqual([older.closed.aborted, newer.closed.aborted], [true, false])
  void newer.write(encodeAnnouncement(announcementOf({ running: 3 })))
  await clock.run(10)
  assert.equal(peers.get(stranger.self)?.announcement.running, 3)
})

test('a peer that says something else is not in the mesh, and its session ends', async () => {
  const { clock, node, stranger, peers } = await nodeAndStranger(reader([]))
  const session = await within(clock, stranger.open(node.self, ANNOUNCE_PROTOCOL))
  session.write(Uint8Array.of(0xff, 0xff)).catch(() => undefined)
  await clock.run(10)
  assert.deepEqual([session.closed.aborted, peers.alive()], [true, []])
})

test('a peer that floods is read no faster than any has cause to speak', async () => {
  const { clock, node, stranger, peers } = await nodeAndStranger(reader([]))
  let heard = 0
  const count = () => {
    heard += 1
  }
  peers.subscribe({ joined: count, changed: count })
  const session = await within(clock, stranger.open(node.self, ANNOUNCE_PROTOCOL))
  const frame = encodeAnnouncement(announcementOf())
  const flood = (async () => {
    for (;;) await session.write(frame)
  })()
  flood.catch(() => undefined)
  await clock.run(1_000)
  const most = 1 + 1_000 / (ANNOUNCE_COALESCE_MS / 2)
  assert.ok(heard > most / 2 && heard <= most, `heard ${heard} in a second`)
})

test('a node that stopped announces nothing and listens to nobody', async () => {
  const heard: number[] = []
  const { clock, node, stranger, announcer } = await nodeAndStranger(reader(heard))
  const stopping = announcer.stop()
  await clock.run(10)
  await stopping
  await announcer.stop()
  const before = heard.length
  const session = await within(clock, stranger.open(node.self, ANNOUNCE_PROTOCOL))
  await clock.run(5_000)
  assert.deepEqual([heard.length, session.closed.aborted], [before, true])
})

/** Lets simulated time pass until there is an answer. */
async function within<T>(clock: SimClock, promise: Promise<T>): Promise<T> {
  await clock.run(10)
  return promise
}
