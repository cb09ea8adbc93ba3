import type { Clock } from '../base/clock.ts'
import { withDeadline } from '../base/deadline.ts'
import { COMPILE_WALL_MAX_MS } from '../base/limits.ts'
import { COMPILE_PROTOCOL } from '../protocols/compile.ts'
import type { PeerId } from '../protocols/mesh.ts'
import type { SessionPool } from '../protocols/session-pool.ts'
import { TreeSpeaker } from '../protocols/tree-dictionary.ts'
import { RemoteError, type RemoteResult, receiveResult } from './remote-result.ts'
import { type RemoteRequest, type Shipment, sendText, sendTree } from './shipment.ts'

/** Has one peer compile one translation unit. Rejects with `RemoteError` or `MeshError`; cancels the compile when `signal` is aborted. */
export type RemoteCompile = (
  peer: PeerId,
  request: RemoteRequest,
  shipment: Shipment,
  signal: AbortSignal,
) => Promise<RemoteResult>

export interface RemoteCompileComponents {
  readonly clock: Clock
  readonly sessions: Pick<SessionPool, 'use'>
}

/** Waiting in a worker's queue comes on top of the compile itself. */
const REMOTE_MAX_MS = 2 * COMPILE_WALL_MAX_MS

export function createRemoteCompile({ clock, sessions }: RemoteCompileComponents): RemoteCompile {
  /** What the workers of these sessions know of this machine's files. */
  const speakers = new WeakMap<WeakKey, TreeSpeaker>()
  const speakerFor = (identity: WeakKey) => {
    const known = speakers.get(identity) ?? new TreeSpeaker()
    speakers.set(identity, known)
    return known
  }
  return async (peer, request, shipment, signal) => {
    const reply = await withDeadline(clock, REMOTE_MAX_MS, signal, (deadline) =>
      sessions.use(
        peer,
        COMPILE_PROTOCOL,
        async (session, identity) => {
          const end =
            shipment.kind === 'text'
              ? await sendText(session, request, shipment, deadline)
              : await sendTree(session, speakerFor(identity), request, shipment, deadline)
          return end.status === 'refused' ? end : await receiveResult(session, request.outputs, end, deadline)
        },
        deadline,
      ),
    )
    // Not thrown within the session: a worker that says no is as good for the next job as before.
    if (!('status' in reply)) return reply
    throw new RemoteError({ code: 'REMOTE_REFUSED', refusal: reply.code }, `the peer refused: ${reply.code}`)
  }
}
