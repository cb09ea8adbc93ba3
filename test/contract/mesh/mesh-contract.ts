import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Mesh, MeshError, type MeshFailure, type MeshSession, type PeerId } from '../../../src/protocols/mesh.ts'

/** Two nodes that are connected to each other. */
export interface MeshPair {
  readonly a: Mesh
  readonly b: Mesh
  /** Lets time pass until the promise settles, where time does not pass by itself. */
  run<T>(promise: Promise<T>): Promise<T>
  /** Makes both lose the connection without a word, as a pulled cable does. */
  cut(): void
  stop(): Promise<void>
}

export interface MeshContract {
  readonly name: string
  makePair(): Promise<MeshPair>
}

const ECHO = '/contract/echo/1.0.0'
const FRAME_MAX_BYTES = 64 * 1024

/** What everything above the `Mesh` port relies on. Whoever implements the port runs this. */
export function meshContract({ name, makePair }: MeshContract): void {
  const scenario = (title: string, story: (pair: MeshPair) => Promise<void>) =>
    test(title, { timeout: 60_000 }, async () => {
      const pair = await makePair()
      try {
        await pair.run(story(pair))
      } finally {
        await pair.run(pair.stop())
      }
    })

  describe(`mesh over ${name}: sessions`, () => {
    scenario('frames arrive whole, in order, both ways', async ({ a, b }) => {
      b.handle(ECHO, echo)
      const session = await a.open(b.self, ECHO)
      assert.equal(session.peer, b.self)
      const frames = [bytes(1), bytes(0), bytes(300), bytes(FRAME_MAX_BYTES), bytes(127), bytes(128)]
      for (const frame of frames) await session.write(frame)
      for (const frame of frames) assert.deepEqual(await readPlain(session), [...frame])
      await session.close()
      assert.equal(await session.read(FRAME_MAX_BYTES), undefined)
    })

    scenario('the handler learns who is calling', async ({ a, b }) => {
      const { session, served } = await openServed(a, b)
      assert.equal(served.peer, a.self)
      session.abort(new Error('enough'))
    })

    scenario('closing one direction leaves the other open', async ({ a, b }) => {
      const { session, served } = await openServed(a, b)
      await session.write(bytes(10))
      await session.close()
      assert.deepEqual(await readPlain(served), [...bytes(10)])
      assert.equal(await served.read(FRAME_MAX_BYTES), undefined)
      assert.equal(served.closed.aborted, false, 'half of it is still open')
      await served.write(bytes(20))
      assert.deepEqual(await readPlain(session), [...bytes(20)])
      await served.close()
      assert.equal(await session.read(FRAME_MAX_BYTES), undefined)
      await Promise.all([ended(session), ended(served)])
    })

    scenario('what was written before closing still arrives, however late it is read', async ({ a, b }) => {
      const { session, served } = await openServed(a, b)
      for (let i = 0; i < 10; i++) await served.write(bytes(1000 + i))
      await served.close()
      await session.close()
      for (let i = 0; i < 10; i++) assert.equal((await session.read(FRAME_MAX_BYTES))?.length, 1000 + i)
      assert.equal(await session.read(FRAME_MAX_BYTES), undefined)
      assert.equal(await session.read(FRAME_MAX_BYTES), undefined, 'and so it stays')
    })

    scenario('many sessions at once do not mix', async ({ a, b }) => {
      b.handle(ECHO, echo)
      await Promise.all(
        Array.from({ length: 32 }, async (_, index) => {
          const session = await a.open(b.self, ECHO)
          for (let i = 0; i < 5; i++) {
            await session.write(new Uint8Array(500).fill(index))
            assert.deepEqual(await readPlain(session), Array(500).fill(index))
          }
          await session.close()
        }),
      )
    })

    scenario('both sides can open sessions', async ({ a, b }) => {
      a.handle(ECHO, echo)
      b.handle(ECHO, echo)
      for (const [from, to] of [[a, b] as const, [b, a] as const]) {
        const session = await from.open(to.self, ECHO)
        await session.write(bytes(7))
        assert.deepEqual(await readPlain(session), [...bytes(7)])
        await session.close()
      }
    })

    scenario('a session whose handler returns is closed from that side', async ({ a, b }) => {
      b.handle(ECHO, async (session) => session.write(bytes(3)))
      const session = await a.open(b.self, ECHO)
      assert.deepEqual(await readPlain(session), [...bytes(3)])
      assert.equal(await session.read(FRAME_MAX_BYTES), undefined)
      await session.close()
      await ended(session)
    })
  })

  describe(`mesh over ${name}: what goes wrong`, () => {
    scenario('a protocol nobody serves is refused', async ({ a, b }) => {
      await rejectsWith(a.open(b.self, '/contract/nobody/1.0.0'), 'MESH_PROTOCOL_UNKNOWN')
    })

    scenario('a peer that is not there is unreachable', async ({ a }) => {
      await rejectsWith(a.open(NOBODY, ECHO), 'MESH_UNREACHABLE')
    })

    scenario('a frame beyond the bound ends the session', async ({ a, b }) => {
      const { session, served } = await openServed(a, b)
      await session.write(bytes(1001))
      await rejectsWith(served.read(1000), 'MESH_FRAME_TOO_LONG')
      await Promise.all([ended(served), ended(session)])
      await rejectsWith(session.read(FRAME_MAX_BYTES), 'MESH_SESSION_LOST')
    })

    scenario('aborting ends the session on both sides, reads and all', async ({ a, b }) => {
      const { session, served } = await openServed(a, b)
      const reading = [session.read(FRAME_MAX_BYTES), served.read(FRAME_MAX_BYTES)]
      const rejected = reading.map((read) => rejectsWith(read, 'MESH_SESSION_LOST'))
      session.abort(new Error('cancelled'))
      await Promise.all([...rejected, ended(session), ended(served)])
      await rejectsWith(session.write(bytes(1)), 'MESH_SESSION_LOST')
      await rejectsWith(served.write(bytes(1)), 'MESH_SESSION_LOST')
      session.abort(new Error('again')) // Is safe to repeat.
      await session.close()
    })

    scenario('a handler that throws aborts its session, and no other', async ({ a, b }) => {
      let calls = 0
      b.handle(ECHO, async (session) => {
        calls += 1
        if (calls === 1) throw new Error('a bug')
        await echo(session)
      })
      const broken = await a.open(b.self, ECHO)
      await rejectsWith(broken.read(FRAME_MAX_BYTES), 'MESH_SESSION_LOST')
      await ended(broken)
      const next = await a.open(b.self, ECHO)
      await next.write(bytes(5))
      assert.deepEqual(await readPlain(next), [...bytes(5)])
      await next.close()
    })

    scenario('a read that is given up loses nothing', async ({ a, b }) => {
      const { session, served } = await openServed(a, b)
      const giveUp = new AbortController()
      const reading = session.read(FRAME_MAX_BYTES, giveUp.signal)
      const reason = new Error('no longer wanted')
      giveUp.abort(reason)
      await assert.rejects(reading, reason)
      await served.write(bytes(9))
      assert.deepEqual(await readPlain(session), [...bytes(9)])
      session.abort(new Error('enough'))
    })

    scenario('opening with an aborted signal rejects with its reason', async ({ a, b }) => {
      b.handle(ECHO, echo)
      const reason = new Error('too late')
      await assert.rejects(a.open(b.self, ECHO, AbortSignal.abort(reason)), reason)
    })
  })

  describe(`mesh over ${name}: back-pressure`, () => {
    scenario('a writer waits for a reader that does not read', async ({ a, b }) => {
      const { session, served } = await openServed(a, b)
      const written = await writeUntilBlocked(session)
      assert.ok(written <= IN_FLIGHT_MAX_BYTES, `${written} bytes are in flight`)

      let read = 0
      while (read < written + FRAME_MAX_BYTES) read += (await served.read(FRAME_MAX_BYTES))?.length ?? 0
      session.abort(new Error('enough'))
    })

    scenario('one session that is blocked does not block another', async ({ a, b }) => {
      const { session } = await openServed(a, b)
      await writeUntilBlocked(session)
      b.handle(ECHO, echo)
      const other = await a.open(b.self, ECHO)
      await other.write(bytes(FRAME_MAX_BYTES))
      assert.deepEqual(await readPlain(other), [...bytes(FRAME_MAX_BYTES)])
      session.abort(new Error('enough'))
      other.abort(new Error('enough'))
    })

    scenario('a blocked writer learns that the session is aborted', async ({ a, b }) => {
      const { session, served } = await openServed(a, b)
      let blocked: Promise<void> = Promise.resolve()
      await writeUntilBlocked(session, (write) => {
        blocked = write
      })
      const rejected = rejectsWith(blocked, 'MESH_SESSION_LOST')
      served.abort(new Error('not interested'))
      await rejected
    })

    scenario('much more than fits in flight arrives intact at a slow reader', async ({ a, b }) => {
      const { session, served } = await openServed(a, b)
      const count = (3 * IN_FLIGHT_MAX_BYTES) / FRAME_MAX_BYTES
      const writing = (async () => {
        for (let i = 0; i < count; i++) await session.write(new Uint8Array(FRAME_MAX_BYTES).fill(i % 251))
        await session.close()
      })()
      for (let i = 0; i < count; i++) {
        const frame = await served.read(FRAME_MAX_BYTES)
        assert.equal(frame?.length, FRAME_MAX_BYTES)
        assert.equal(frame?.[i], i % 251)
      }
      assert.equal(await served.read(FRAME_MAX_BYTES), undefined)
      await writing
    })
  })

  describe(`mesh over ${name}: connections`, () => {
    scenario('both know that they are connected', async ({ a, b }) => {
      assert.deepEqual(a.connected(), [b.self])
      assert.deepEqual(b.connected(), [a.self])
    })

    scenario('a peer that is disconnected is told to listeners, and its sessions end', async ({ a, b }) => {
      const { session, served } = await openServed(a, b)
      const gone = Promise.all([departure(a, b.self), departure(b, a.self)])
      const rejected = rejectsWith(session.read(FRAME_MAX_BYTES), 'MESH_SESSION_LOST')
      a.disconnect(b.self, new Error('it lies'))
      await gone
      await rejected
      await Promise.all([ended(session), ended(served)])
    })

    scenario('a listener that is unsubscribed hears no more', async ({ a, b }) => {
      const unsubscribe = a.subscribe({ disconnected: () => assert.fail('unsubscribed') })
      unsubscribe()
      const gone = departure(a, b.self)
      a.disconnect(b.self, new Error('goodbye'))
      await gone
    })

    scenario('a connection that is cut ends the sessions on both sides', async ({ a, b, cut }) => {
      const { session, served } = await openServed(a, b)
      const gone = Promise.all([departure(a, b.self), departure(b, a.self)])
      cut()
      await Promise.all([gone, ended(session), ended(served)])
      await rejectsWith(session.read(FRAME_MAX_BYTES), 'MESH_SESSION_LOST')
      await rejectsWith(served.write(bytes(1)), 'MESH_SESSION_LOST')
    })
  })
}

/** Nothing may let more than this pile up in one session that nobody reads. */
const IN_FLIGHT_MAX_BYTES = 8 * 1024 * 1024

/** A well-formed id that nobody has. */
const NOBODY = '12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN' as PeerId

async function echo(session: MeshSession): Promise<void> {
  for (;;) {
    const frame = await session.read(FRAME_MAX_BYTES)
    if (frame === undefined) return
    await session.write(frame)
  }
}

/** A session and its other end, which is left to the test. */
async function openServed(a: Mesh, b: Mesh): Promise<{ session: MeshSession; served: MeshSession }> {
  const { promise, resolve } = Promise.withResolvers<MeshSession>()
  b.handle('/contract/served/1.0.0', async (session) => {
    resolve(session)
    await ended(session)
  })
  const session = await a.open(b.self, '/contract/served/1.0.0')
  return { session, served: await promise }
}

/** Writes frames until one is not taken, and says how many bytes were. */
async function writeUntilBlocked(session: MeshSession, onBlocked?: (write: Promise<void>) => void): Promise<number> {
  for (let written = 0; ; written += FRAME_MAX_BYTES) {
    assert.ok(written <= IN_FLIGHT_MAX_BYTES, 'the writer never waits')
    const write = session.write(bytes(FRAME_MAX_BYTES))
    write.catch(() => undefined) // The test may end while it waits.
    if (await settles(write)) continue
    onBlocked?.(write)
    return written
  }
}

/** Whether a promise is fulfilled in what is long enough for all that is on its way to arrive, without asking a clock. */
async function settles(promise: Promise<void>): Promise<boolean> {
  let done = false
  promise.then(
    () => {
      done = true
    },
    () => undefined,
  )
  for (let turn = 0; turn < 2_000 && !done; turn++) await new Promise((resolve) => setImmediate(resolve))
  return done
}

function ended(session: MeshSession): Promise<void> {
  return new Promise((resolve) => {
    if (session.closed.aborted) resolve()
    session.closed.addEventListener('abort', () => resolve(), { once: true })
  })
}

function departure(mesh: Mesh, peer: PeerId): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = mesh.subscribe({
      disconnected: (gone) => {
        if (gone !== peer) return
        unsubscribe()
        resolve()
      },
    })
  })
}

async function rejectsWith(promise: Promise<unknown>, code: MeshFailure['code']): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof MeshError, `${error} is no MeshError`)
    assert.equal(error.reason.code, code)
    return true
  })
}

async function readPlain(session: MeshSession): Promise<number[]> {
  const frame = await session.read(FRAME_MAX_BYTES)
  assert.ok(frame !== undefined, 'the peer ended the session')
  return [...frame]
}

function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 7 + length) % 256)
}
