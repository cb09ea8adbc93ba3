import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SESSION_OPEN_MS, SESSIONS_IDLE_MAX } from '../../../src/base/limits.ts'
import { MeshError, type MeshListener, type MeshSession, type PeerId } from '../../../src/protocols/mesh.ts'
import { SessionPool } from '../../../src/protocols/session-pool.ts'
import { SimClock, settle } from '../../sim/clock.ts'
import { sessionPair } from '../status/session-pair.ts'

const SELF = 'self' as PeerId
const PEER = 'peer' as PeerId
const ECHO = '/echo/1'

/** A pool over a mesh whose peers answer each frame by itself; `theirs` are the peer's ends of all sessions opened. */
function pool(open?: (signal?: AbortSignal) => Promise<MeshSession>) {
  const clock = new SimClock()
  const theirs: MeshSession[] = []
  let listener: MeshListener = {}
  const echo = async (session: MeshSession) => {
    for (let frame = await session.read(100); frame !== undefined; frame = await session.read(100)) {
      await session.write(frame)
    }
  }
  const openEcho = async (peer: PeerId) => {
    const { toA, toB } = sessionPair(SELF, peer)
    theirs.push(toA)
    echo(toA).catch(() => undefined) // Aborted: the test is about the other end.
    return toB
  }
  const mesh = {
    open: (peer: PeerId, _protocol: string, signal?: AbortSignal) => (open ?? (() => openEcho(peer)))(signal),
    subscribe: (given: MeshListener) => {
      listener = given
      return () => {
        listener = {}
      }
    },
  }
  const sessions = new SessionPool({ clock, mesh })
  const ask = (word: string, protocol = ECHO, signal?: AbortSignal) =>
    sessions.use(PEER, protocol, (session) => say(session, word), signal)
  return { clock, sessions, theirs, ask, listener: () => listener }
}

async function say(session: MeshSession, word: string): Promise<string> {
  await session.write(Buffer.from(word))
  const answer = await session.read(100)
  if (answer === undefined) throw new Error('no answer')
  return Buffer.from(answer).toString()
}

test('one request after the other has the same session, and knows it for the same', async () => {
  const { sessions, theirs } = pool()
  const seen = new Set<WeakKey>()
  for (const word of ['one', 'two', 'three']) {
    const answer = await sessions.use(PEER, ECHO, (session, identity) => {
      seen.add(identity)
      return say(session, word)
    })
    assert.equal(answer, word)
  }
  assert.deepEqual([theirs.length, seen.size], [1, 1])
})

test('requests at once have a session each, and so have protocols', async () => {
  const { theirs, ask } = pool()
  assert.deepEqual(await Promise.all(['a', 'b', 'c'].map((word) => ask(word))), ['a', 'b', 'c'])
  assert.equal(theirs.length, 3)
  await ask('d', '/other/1')
  assert.equal(theirs.length, 4)
  await ask('e')
  assert.equal(theirs.length, 4)
})

test('a session on which a request failed is ended and not used again', async () => {
  const { sessions, theirs, ask } = pool()
  await assert.rejects(
    sessions.use(PEER, ECHO, () => Promise.reject(new Error('half read'))),
    /half read/,
  )
  await settle()
  assert.equal(theirs[0]?.closed.aborted, true)
  assert.equal(await ask('again'), 'again')
  assert.equal(theirs.length, 2)
})

test('a kept session that the peer let go of meanwhile is replaced, and the request does not notice', async () => {
  for (const letGo of [(end: MeshSession) => end.abort(new Error('idle')), (end: MeshSession) => end.close()]) {
    const { theirs, ask } = pool()
    await ask('one')
    await letGo(theirs[0] as MeshSession)
    // No tick in between: the request begins before the news is here.
    assert.equal(await ask('two'), 'two')
    assert.equal(theirs.length, 2)
  }
})

test('a request that was answered in part is not made again', async () => {
  const { sessions, theirs, ask } = pool()
  await ask('one')
  let begun = 0
  const request = sessions.use(PEER, ECHO, async (session) => {
    begun += 1
    await say(session, 'half')
    theirs[0]?.abort(new Error('crashed'))
    return say(session, 'the rest')
  })
  await assert.rejects(request, MeshError)
  assert.equal(begun, 1)
})

test('an aborted request rejects with the reason, and its session is ended', async () => {
  const { sessions, theirs } = pool()
  const controller = new AbortController()
  const waiting = sessions.use(PEER, ECHO, (session) => session.read(1), controller.signal)
  await settle()
  controller.abort(new Error('the launcher is gone'))
  await assert.rejects(waiting, /the launcher is gone/)
  await settle()
  assert.equal(theirs[0]?.closed.aborted, true)
})

test('at most SESSIONS_IDLE_MAX are kept; the one that was idle for longest goes', async () => {
  const { theirs, ask } = pool()
  await Promise.all(Array.from({ length: SESSIONS_IDLE_MAX + 2 }, (_, at) => ask(String(at))))
  await settle()
  assert.equal(theirs.filter(({ closed }) => closed.aborted).length, 2)
})

test('a peer that is gone takes its kept sessions along', async () => {
  const { theirs, ask, listener } = pool()
  await ask('one')
  listener().disconnected?.(PEER)
  await settle()
  assert.equal(theirs[0]?.closed.aborted, true)
})

test('a peer that does not open a session is unreachable after a while, and one that does too late is hung up on', async () => {
  const opened = Promise.withResolvers<MeshSession>()
  const { clock, ask } = pool(() => opened.promise)
  const asked = assert.rejects(ask('hello'), (error: unknown) => {
    assert.ok(error instanceof MeshError)
    assert.deepEqual(error.reason, { code: 'MESH_UNREACHABLE', peer: PEER })
    return true
  })
  await clock.run(SESSION_OPEN_MS)
  await asked
  const { toA, toB } = sessionPair(SELF, PEER)
  opened.resolve(toB)
  await settle()
  assert.equal(toA.closed.aborted, true)
})

test('after it has stopped all sessions are ended, all requests rejected, and none begun', async () => {
  const { sessions, theirs, ask } = pool()
  await ask('one')
  const request = assert.rejects(
    sessions.use(PEER, ECHO, (session) => session.read(1)),
    MeshError,
  )
  await settle()
  await sessions.stop()
  await sessions.stop()
  await request
  await settle()
  assert.ok(theirs.every(({ closed }) => closed.aborted))
  await assert.rejects(
    ask('two'),
    (error: unknown) => error instanceof MeshError && error.reason.code === 'MESH_STOPPED',
  )
})
