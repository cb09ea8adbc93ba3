import { HybridgridError } from '../base/errors.ts'
import { STATUS_REPLY_MAX_BYTES } from '../base/limits.ts'

/** Spec: docs/protocols/status.md. One request at a time per session; sessions are reused. */
export const STATUS_PROTOCOL = '/hybridgrid/status/1.0.0'

/** What may be asked for: the mesh-wide pages of the HTTP service. */
export const STATUS_PATHS = ['/status', '/workers'] as const

export type StatusPath = (typeof STATUS_PATHS)[number]

export type StatusProtocolFailure =
  | { readonly code: 'STATUS_PATH_UNKNOWN' }
  | { readonly code: 'STATUS_REPLY_LENGTH'; readonly bytes: number }
  | { readonly code: 'STATUS_MALFORMED' }

/** A peer does not keep to the status protocol; end the session. */
export class StatusProtocolError extends HybridgridError<StatusProtocolFailure> {}

/** A request is one frame: the path. */
export function encodeStatusRequest(path: StatusPath): Uint8Array {
  return Buffer.from(path)
}

export function decodeStatusRequest(frame: Uint8Array): StatusPath {
  const asked = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString()
  const path = STATUS_PATHS.find((each) => each === asked)
  if (path === undefined) throw new StatusProtocolError({ code: 'STATUS_PATH_UNKNOWN' }, 'asked for an unknown page')
  return path
}

/** First frame of a reply: the length of the JSON text (UTF-8), which follows in frames of at most TRANSFER_CHUNK_BYTES. */
export function encodeStatusReply(bytes: number): Uint8Array {
  const frame = Buffer.alloc(REPLY_HEAD_BYTES)
  frame.writeUInt32LE(bytes)
  return frame
}

/** The length that follows, at most STATUS_REPLY_MAX_BYTES. */
export function decodeStatusReply(frame: Uint8Array): number {
  if (frame.length !== REPLY_HEAD_BYTES) {
    throw new StatusProtocolError({ code: 'STATUS_MALFORMED' }, `a reply that begins with ${frame.length} bytes`)
  }
  const bytes = new DataView(frame.buffer, frame.byteOffset, frame.byteLength).getUint32(0, true)
  if (bytes >= 1 && bytes <= STATUS_REPLY_MAX_BYTES) return bytes
  throw new StatusProtocolError({ code: 'STATUS_REPLY_LENGTH', bytes }, `a reply of ${bytes} bytes`)
}

/** Bytes of the length that begins a reply. */
export const REPLY_HEAD_BYTES = 4
