import { HybridgridError } from '../base/errors.ts'
import { CACHE_FRAME_MAX_BYTES, CACHE_TRANSFER_MAX_MS, CACHE_TRANSFER_MS, CACHE_WAIT_MS } from '../base/limits.ts'
import type { Patience } from '../base/patience.ts'
import type { CacheReply, CacheRequest } from '../protocols/cache.ts'
import { decodeCacheReply, encodeCacheRequest, encodeOutputsHeader } from '../protocols/cache-codec.ts'
import type { MeshSession } from '../protocols/mesh.ts'
import { sendBytes } from '../protocols/transfer.ts'
import type { ActionResult } from './action-result.ts'
import { decodeActionResult, encodeActionResult } from './action-result-codec.ts'
import type { ActionKey } from './digest.ts'
import { type Parcel, packOutputs, receiveOutputs } from './parcel.ts'

export type HomeFailure =
  /** It says what no home says. */
  | { readonly code: 'HOME_MALFORMED' }
  /** What it has is not its producer's word, or no answer to what was asked. */
  | { readonly code: 'HOME_UNTRUE' }

/** A home cannot be believed. */
export class HomeError extends HybridgridError<HomeFailure> {}

/** What a home says to a question. */
export type Answer =
  | { readonly kind: 'known'; readonly parcel: Parcel }
  /** `claimed`: others wait now for what the client makes of it. `waited`: it was another's compile that gave nothing. */
  | { readonly kind: 'unknown'; readonly claimed: boolean; readonly waited: boolean }

export interface Question {
  readonly key: ActionKey
  readonly claim: boolean
  /** Called at the home's first word. */
  readonly heard: () => void
  /** Whether a result may be its answer. Told before its outputs are taken. */
  readonly accepts: (result: ActionResult) => Promise<boolean>
}

/** Asks one home for a result, in one round trip. `patience` has begun for the first word; each of the others gets the time that it should need. */
export async function askHome(
  session: MeshSession,
  { key, claim, heard, accepts }: Question,
  patience: Patience,
): Promise<Answer> {
  const { signal } = patience
  let reply = await converse(session, { ask: 'find', key, claim }, signal)
  heard()
  const waited = claim && reply.status === 'running'
  if (waited) {
    patience.allow(CACHE_WAIT_MS + CACHE_TRANSFER_MS) // The home itself gives up before that.
    reply = await nextReply(session, signal)
  }
  if (reply.status === 'refused') return { kind: 'unknown', claimed: false, waited }
  if (reply.status === 'unknown') return { kind: 'unknown', claimed: claim && reply.claimed, waited }
  if (reply.status !== 'known') throw malformed()
  const result = decodeActionResult(reply.result)
  if (result === undefined) throw malformed()
  if (!(await accepts(result))) throw new HomeError({ code: 'HOME_UNTRUE' }, 'the peer gave what is no answer')
  patience.allow(Math.min(CACHE_TRANSFER_MS + result.costMs, CACHE_TRANSFER_MAX_MS))
  return { kind: 'known', parcel: await receiveOutputs(session, result, reply.sentBytes, signal) }
}

/** What homes are to keep. Its outputs are packed at most once, and not at all for homes that have it. */
export class Offer {
  readonly result: ActionResult
  readonly #parcel: Parcel
  #packed: Promise<Uint8Array> | undefined

  constructor(parcel: Parcel) {
    this.result = parcel.result
    this.#parcel = parcel
  }

  packed(): Promise<Uint8Array> {
    this.#packed ??= packOutputs(this.#parcel)
    return this.#packed
  }
}

/** Has one home keep what is offered, unless it has it. Resolves to whether it can be found there now. */
export async function offerTo(
  session: MeshSession,
  key: ActionKey,
  offer: Offer,
  signal: AbortSignal,
): Promise<boolean> {
  const result = encodeActionResult(offer.result)
  if (result === undefined) return false
  const reply = await converse(session, { ask: 'store', key, result }, signal)
  if (reply.status !== 'wanted') return isKept(reply)
  const packed = await offer.packed()
  await session.write(encodeOutputsHeader(packed.length), signal)
  await sendBytes(session, packed, signal)
  return isKept(await nextReply(session, signal))
}

/** Tells one home that what this node was compiling gave nothing to keep. */
export async function tellEnd(session: MeshSession, key: ActionKey, signal: AbortSignal): Promise<void> {
  await converse(session, { ask: 'end', key }, signal)
}

function isKept({ status }: CacheReply): boolean {
  if (status === 'kept') return true
  if (status === 'refused') return false
  throw malformed()
}

async function converse(session: MeshSession, request: CacheRequest, signal: AbortSignal): Promise<CacheReply> {
  await session.write(encodeCacheRequest(request), signal)
  return nextReply(session, signal)
}

async function nextReply(session: MeshSession, signal: AbortSignal): Promise<CacheReply> {
  const frame = await session.read(CACHE_FRAME_MAX_BYTES, signal)
  if (frame === undefined) throw malformed()
  return decodeCacheReply(frame)
}

function malformed(): HomeError {
  return new HomeError({ code: 'HOME_MALFORMED' }, 'the peer says what no home says')
}
