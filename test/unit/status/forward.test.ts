import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { STATUS_FORWARD_MS } from '../../../src/base/limits.ts'
import { silentLog } from '../../../src/base/log.ts'
import type { MeshSession, PeerId } from '../../../src/protocols/mesh.ts'
import { SessionPool } from '../../../src/protocols/session-pool.ts'
import { encodeStatusReply } from '../../../src/protocols/status.ts'
import { meshPage, statusHandler } from '../../../src/status/forward.ts'
import type { OwnPages } from '../../../src/status/pages.ts'
import { meshStatus, type SeenMesh, workerList } from '../../../src/status/snapshot.ts'
import { SimClock } from '../../sim/clock.ts'
import { announcementOf } from '../scheduler/announcements.ts'
import { sessionPair } from './session-pair.ts'

const ME = 'me' as PeerId
const CHIEF = 'chief' as PeerId

function pagesOf(id: string, peers: SeenMesh['peers'] = []): OwnPages {
  const self = { id, announcement: announcementOf({ name: id }), latencyMs: undefined }
  const mesh: SeenMesh = { self, peers, coordinator: CHIEF }
  return { '/status': () => meshStatus({ id, version: '1' }, mesh), '/workers': () => workerList(mesh) }
}

/** A node whose coordinator is served by `serve`. */
function node(serve: (session: MeshSession) => Promise<void>) {
  const clock = new SimClock()
  let opened = 0
  const open = async () => {
    opened += 1
    const { toA, toB } = sessionPair(ME, CHIEF)
    serve(toA).catch((error: unknown) => toA.abort(error instanceof Error ? error : new Error(String(error))))
    return toB
  }
  const sessions = new SessionPool({ clock, mesh: { open, subscribe: () => () => undefined } })
  const components = { clock, log: silentLog, sessions, own: pagesOf(ME), coordinator: () => CHIEF }
  return { clock, components, sessionsOpened: () => opened }
}

/** The answer that a hostile coordinator gives, whatever is asked. */
function saying(...frames: readonly Uint8Array[]): (session: MeshSession) => Promise<void> {
  return async (session) => {
    await session.read(64)
    for (const frame of frames) await session.write(frame)
    await session.close()
  }
}

suite('a mesh-wide page', () => {
  test('is the coordinator’s, whichever node is asked', async () => {
    const clock = new SimClock()
    const { components } = node(statusHandler({ clock, own: pagesOf(CHIEF) }))
    const page = await meshPage(components, '/status')
    assert.equal(page.view, 'coordinator')
    assert.deepEqual(JSON.parse(page.json), pagesOf(CHIEF)['/status']())
  })

  test('is asked for again on the same session', async () => {
    const { components, sessionsOpened } = node(statusHandler({ clock: new SimClock(), own: pagesOf(CHIEF) }))
    for (const path of ['/workers', '/status', '/workers'] as const) {
      assert.equal((await meshPage(components, path)).view, 'coordinator')
    }
    assert.equal(sessionsOpened(), 1)
  })

  test('may be longer than a frame', async () => {
    const peers = Array.from({ length: 250 }, (_, index) => {
      const toolchains = Array.from({ length: 20 }, () => announcementOf().toolchains[0]).filter(
        (each) => each !== undefined,
      )
      return { id: `peer-${index}`, announcement: announcementOf({ name: `n${index}`, toolchains }), latencyMs: 1 }
    })
    const own = pagesOf(CHIEF, peers)
    const { components } = node(statusHandler({ clock: new SimClock(), own }))
    const page = await meshPage(components, '/workers')
    assert(page.json.length > 512 * 1024)
    assert.deepEqual(JSON.parse(page.json), own['/workers']())
  })

  test('is this node’s own when it is the coordinator, without asking anybody', async () => {
    const { components, sessionsOpened } = node(() => Promise.reject(new Error('not to be asked')))
    const page = await meshPage({ ...components, coordinator: () => undefined }, '/workers')
    assert.deepEqual(page, { view: 'coordinator', json: JSON.stringify(pagesOf(ME)['/workers']()) })
    assert.equal(sessionsOpened(), 0)
  })

  test('is this node’s own when the coordinator does not answer in time', async () => {
    const { clock, components } = node(() => new Promise(() => undefined))
    const asked = meshPage(components, '/workers')
    await clock.run(STATUS_FORWARD_MS)
    assert.equal((await asked).view, 'own')
  })

  const hostile: readonly [string, (session: MeshSession) => Promise<void>][] = [
    ['ends without a word', saying()],
    ['announces more than the bound', saying(encodeStatusReply(0xffffffff))],
    ['announces nothing', saying(encodeStatusReply(0))],
    ['breaks off', saying(encodeStatusReply(100), Buffer.from('[]'))],
    ['sends no JSON', saying(encodeStatusReply(2), Buffer.from('[x'))],
    ['sends no UTF-8', saying(encodeStatusReply(2), Buffer.from([0xff, 0xfe]))],
    ['sends something else', saying(encodeStatusReply(8), Buffer.from('{"a":[]}'))],
    ['breaks the session', () => Promise.reject(new Error('no'))],
  ]
  for (const [what, serve] of hostile) {
    test(`is this node’s own when the coordinator ${what}`, async () => {
      const { components } = node(serve)
      assert.deepEqual(await meshPage(components, '/workers'), {
        view: 'own',
        json: JSON.stringify(pagesOf(ME)['/workers']()),
      })
    })
  }

  test('is not to be had under any other path', async () => {
    const { toA, toB } = sessionPair(ME, CHIEF)
    const served = statusHandler({ clock: new SimClock(), own: pagesOf(CHIEF) })(toA)
    await toB.write(Buffer.from('/etc/passwd'))
    await assert.rejects(served, { reason: { code: 'STATUS_PATH_UNKNOWN' } })
  })
})
