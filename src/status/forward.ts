import type { Clock } from '../base/clock.ts'
import { withDeadline } from '../base/deadline.ts'
import { messageOf } from '../base/errors.ts'
import { STATUS_FORWARD_MS, STATUS_REQUEST_MAX_BYTES, STATUS_SERVE_MS } from '../base/limits.ts'
import type { Logger } from '../base/log.ts'
import type { MeshSession, PeerId } from '../protocols/mesh.ts'
import type { SessionPool } from '../protocols/session-pool.ts'
import {
  decodeStatusReply,
  decodeStatusRequest,
  encodeStatusReply,
  encodeStatusRequest,
  REPLY_HEAD_BYTES,
  STATUS_PROTOCOL,
  type StatusPath,
  StatusProtocolError,
} from '../protocols/status.ts'
import { receiveBytes, sendBytes } from '../protocols/transfer.ts'
import { type OwnPages, PAGE_SHAPES } from './pages.ts'

export interface MeshPageComponents {
  readonly clock: Clock
  readonly log: Logger
  readonly sessions: Pick<SessionPool, 'use'>
  readonly own: OwnPages
  /** The coordinator, if it is another node. */
  readonly coordinator: () => PeerId | undefined
}

/** A page and whose view of the mesh it shows. */
export interface MeshPage {
  readonly view: 'coordinator' | 'own'
  readonly json: string
}

/** Fetches a page from the coordinator; from this node's own view when that is the coordinator or does not answer in time. */
export async function meshPage(components: MeshPageComponents, path: StatusPath): Promise<MeshPage> {
  const { clock, log, sessions, own, coordinator } = components
  const peer = coordinator()
  if (peer === undefined) return { view: 'coordinator', json: JSON.stringify(own[path]()) }
  try {
    const json = await withDeadline(clock, STATUS_FORWARD_MS, undefined, (signal) =>
      sessions.use(peer, STATUS_PROTOCOL, (session) => askForPage(session, path, signal), signal),
    )
    return { view: 'coordinator', json }
  } catch (error) {
    log.info('the coordinator did not show the mesh', { path, why: messageOf(error) })
    return { view: 'own', json: JSON.stringify(own[path]()) }
  }
}

export interface StatusHandlerComponents {
  readonly clock: Clock
  readonly own: OwnPages
}

/** Serves `/hybridgrid/status/1.0.0` from this node's own view, so a request is never passed on twice. */
export function statusHandler({ clock, own }: StatusHandlerComponents): (session: MeshSession) => Promise<void> {
  return async (session) => {
    for (;;) {
      const request = await session.read(STATUS_REQUEST_MAX_BYTES)
      if (request === undefined) return session.close()
      const page = Buffer.from(JSON.stringify(own[decodeStatusRequest(request)]()))
      await withDeadline(clock, STATUS_SERVE_MS, session.closed, async (signal) => {
        await session.write(encodeStatusReply(page.length), signal)
        await sendBytes(session, page, signal)
      })
    }
  }
}

async function askForPage(session: MeshSession, path: StatusPath, signal: AbortSignal): Promise<string> {
  await session.write(encodeStatusRequest(path), signal)
  const head = await session.read(REPLY_HEAD_BYTES, signal)
  if (head === undefined) throw malformed('the peer ended the session without a page')
  const page = parsed(await receiveBytes(session, decodeStatusReply(head), signal))
  if (!PAGE_SHAPES[path](page)) throw malformed('the peer sent something else than the page')
  return JSON.stringify(page)
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw malformed(`the peer sent a page that is not JSON: ${messageOf(error)}`)
  }
}

function malformed(message: string): StatusProtocolError {
  return new StatusProtocolError({ code: 'STATUS_MALFORMED' }, message)
}
