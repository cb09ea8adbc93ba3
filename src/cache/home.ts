import type { Clock } from '../base/clock.ts'
import { withDeadline } from '../base/deadline.ts'
import {
  CACHE_FRAME_MAX_BYTES,
  CACHE_HOMES_TOLERATED,
  CACHE_STORE_MS,
  CACHE_TRANSFER_MAX_MS,
  CACHE_WAIT_MS,
} from '../base/limits.ts'
import { CACHE_PROTOCOL, type CacheReply, type CacheRequest } from '../protocols/cache.ts'
import { decodeCacheRequest, decodeOutputsHeader, encodeCacheReply } from '../protocols/cache-codec.ts'
import type { Mesh, MeshSession, PeerId } from '../protocols/mesh.ts'
import { sendBytes } from '../protocols/transfer.ts'
import type { ActionResult } from './action-result.ts'
import { decodeActionResult, encodeActionResult } from './action-result-codec.ts'
import type { Claims } from './claims.ts'
import type { ActionKey } from './digest.ts'
import { supersedes } from './entry.ts'
import { HeldBytes } from './held-bytes.ts'
import { keepParcel, mayTravel, openParcel, packOutputs, receiveOutputs, type Shelf, totalBytes } from './parcel.ts'
import { homes, type Member } from './rendezvous.ts'
import { isSigned, type Signatures } from './signatures.ts'
import { StoreQuota } from './store-quota.ts'

export interface CacheHomeComponents {
  readonly clock: Clock
  readonly mesh: Pick<Mesh, 'self' | 'handle' | 'subscribe'>
  readonly shelf: Shelf
  readonly claims: Claims
  readonly signatures: Pick<Signatures, 'verify'>
  /** All of the mesh, this node among them. */
  readonly members: () => readonly Member<PeerId>[]
}

/** Serves CACHE_PROTOCOL from now on: what others find here, and have kept here. Spec: docs/protocols/cache.md */
export function serveCache(components: CacheHomeComponents): void {
  const home = new CacheHome(components)
  components.mesh.handle(CACHE_PROTOCOL, (session) => home.serve(session))
  components.mesh.subscribe({ disconnected: (peer) => home.drop(peer) })
}

class CacheHome {
  readonly #components: CacheHomeComponents
  readonly #quota: StoreQuota
  readonly #held = new HeldBytes()

  constructor(components: CacheHomeComponents) {
    this.#components = components
    this.#quota = new StoreQuota(components)
  }

  async serve(session: MeshSession): Promise<void> {
    for (;;) {
      const frame = await session.read(CACHE_FRAME_MAX_BYTES)
      if (frame === undefined) return session.close()
      await this.#answer(session, decodeCacheRequest(frame))
    }
  }

  drop(peer: PeerId): void {
    this.#components.claims.drop(peer)
    this.#quota.drop(peer)
  }

  async #answer(session: MeshSession, request: CacheRequest): Promise<void> {
    const { clock, claims, members } = this.#components
    const key = request.key as ActionKey
    const within = (ms: number, work: (signal: AbortSignal) => Promise<void>) =>
      withDeadline(clock, ms, session.closed, work)
    if (!members().some(({ id }) => id === session.peer)) {
      await within(CACHE_TRANSFER_MAX_MS, (signal) => say(session, { status: 'refused' }, signal))
    } else if (request.ask === 'find') {
      await within(CACHE_WAIT_MS + CACHE_TRANSFER_MAX_MS, (signal) => this.#find(session, key, request.claim, signal))
    } else if (request.ask === 'store') {
      const result = decodeActionResult(request.result)
      await within(CACHE_STORE_MS, (signal) => this.#store(session, key, result, signal))
    } else {
      claims.end(key, session.peer)
      await within(CACHE_TRANSFER_MAX_MS, (signal) => say(session, { status: 'ended' }, signal))
    }
  }

  async #find(session: MeshSession, key: ActionKey, claim: boolean, signal: AbortSignal): Promise<void> {
    const { claims, shelf } = this.#components
    if (await this.#tell(session, key, signal)) return
    // Nothing is awaited between looking and claiming: a result that came in between would not be seen.
    const claimed = claim && shelf.results.find(key) === undefined ? claims.claim(key, session.peer) : NO_CLAIM
    if (claimed.kind === 'running') {
      await say(session, { status: 'running' }, signal)
      await this.#ended(claimed.ended, signal)
      if (await this.#tell(session, key, signal)) return
    }
    await say(session, { status: 'unknown', claimed: claimed.kind === 'yours' }, signal)
  }

  /** Sends what is known of a key. False when that is nothing that may travel, or too much is on its way already. */
  async #tell(session: MeshSession, key: ActionKey, signal: AbortSignal): Promise<boolean> {
    const { shelf } = this.#components
    const found = shelf.results.find(key)
    const release = found && mayTravel(found) ? this.#held.take(session.peer, totalBytes(found)) : undefined
    if (found === undefined || release === undefined) return false
    try {
      const parcel = await openParcel(shelf, found)
      const result = encodeActionResult(found)
      if (parcel === undefined || result === undefined) return false
      const packed = await packOutputs(parcel)
      await say(session, { status: 'known', result, sentBytes: packed.length }, signal)
      await sendBytes(session, packed, signal)
      return true
    } finally {
      release()
    }
  }

  /** Waits until a compile has ended, but not for longer than its client may. */
  async #ended(ended: Promise<void>, signal: AbortSignal): Promise<void> {
    await withDeadline(this.#components.clock, CACHE_WAIT_MS, signal, () => ended).catch(() => signal.throwIfAborted())
  }

  async #store(
    session: MeshSession,
    key: ActionKey,
    result: ActionResult | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { claims, shelf } = this.#components
    const release = result && (await this.#admit(session.peer, key, result))
    if (result === undefined || release === undefined) return say(session, { status: 'refused' }, signal)
    try {
      const known = shelf.results.find(key)
      if (known === undefined || supersedes(key, result, known)) {
        await say(session, { status: 'wanted' }, signal)
        const header = await session.read(CACHE_FRAME_MAX_BYTES, signal)
        if (header === undefined) throw new Error('the peer ended the session without what it had offered')
        const parcel = await receiveOutputs(session, result, decodeOutputsHeader(header), signal)
        if (!(await keepParcel(shelf, key, parcel))) return await say(session, { status: 'refused' }, signal)
      }
      claims.settle(key)
      await say(session, { status: 'kept' }, signal)
    } finally {
      release()
    }
  }

  /** Undefined when a result is not for this node to keep, or not now; else what gives back the room that it takes. */
  async #admit(peer: PeerId, key: ActionKey, result: ActionResult): Promise<(() => void) | undefined> {
    const { mesh, members, signatures } = this.#components
    if (!homes(key, members(), CACHE_HOMES_TOLERATED).includes(mesh.self)) return undefined
    if (!mayTravel(result) || !(await isSigned(signatures, key, result))) return undefined
    const bytes = totalBytes(result)
    const release = this.#held.take(peer, bytes)
    if (release !== undefined && this.#quota.take(peer, bytes)) return release
    release?.()
    return undefined
  }
}

const NO_CLAIM = { kind: 'none' } as const

function say(session: MeshSession, reply: CacheReply, signal: AbortSignal): Promise<void> {
  return session.write(encodeCacheReply(reply), signal)
}
