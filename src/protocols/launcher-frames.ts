import { HybridgridError } from '../base/errors.ts'
import { LAUNCHER_FRAME_MAX_BYTES } from '../base/limits.ts'

export type LauncherProtocolFailure =
  | { readonly code: 'LAUNCHER_FRAME_LENGTH'; readonly bytes: number; readonly maxBytes: number }
  | { readonly code: 'LAUNCHER_MALFORMED' }
  | { readonly code: 'LAUNCHER_VERSION'; readonly version: number }

/** The other end of the local socket does not keep to docs/protocols/launcher.md; end the connection. */
export class LauncherProtocolError extends HybridgridError<LauncherProtocolFailure> {}

/** Bytes of the length in front of each frame. */
export const FRAME_HEAD_BYTES = 4

/**
 * Cuts what a socket gives into frames (type and payload, without the length).
 * A frame that lies in one chunk is a view of it; only those that span chunks are copied.
 */
export class FrameSplitter {
  readonly #maxBytes: number
  #held = Buffer.alloc(0)
  #heldBytes = 0

  constructor(maxBytes: number = LAUNCHER_FRAME_MAX_BYTES) {
    this.#maxBytes = maxBytes
  }

  /** The frames that `chunk` completes; read them all. Throws `LauncherProtocolError` when one is empty or over the bound. */
  *push(chunk: Uint8Array): Generator<Buffer> {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    while (rest.length > 0) {
      if (this.#heldBytes === 0) {
        const end = this.#endOfFrame(rest, rest.length)
        if (end !== undefined && end <= rest.length) {
          yield rest.subarray(FRAME_HEAD_BYTES, end)
          rest = rest.subarray(end)
          continue
        }
      }
      rest = rest.subarray(this.#hold(rest))
      if (this.#endOfFrame(this.#held, this.#heldBytes) === this.#heldBytes) yield this.#release()
    }
  }

  /** Keeps as much of `bytes` as the unfinished head or frame lacks; returns how much. */
  #hold(bytes: Buffer): number {
    const wantedBytes = this.#endOfFrame(this.#held, this.#heldBytes) ?? FRAME_HEAD_BYTES
    const taken = Math.min(wantedBytes - this.#heldBytes, bytes.length)
    this.#reserve(this.#heldBytes + taken, wantedBytes)
    bytes.copy(this.#held, this.#heldBytes, 0, taken)
    this.#heldBytes += taken
    return taken
  }

  /** The held frame, which owns its memory from now on. */
  #release(): Buffer {
    const frame = this.#held.subarray(FRAME_HEAD_BYTES, this.#heldBytes)
    this.#held = Buffer.alloc(0)
    this.#heldBytes = 0
    return frame
  }

  /** Grows by doubling: memory follows what was sent, not what was announced. */
  #reserve(neededBytes: number, wantedBytes: number): void {
    if (neededBytes <= this.#held.length) return
    const larger = Buffer.allocUnsafe(Math.max(neededBytes, Math.min(2 * this.#held.length, wantedBytes)))
    this.#held.copy(larger, 0, 0, this.#heldBytes)
    this.#held = larger
  }

  /** Where the frame at the start of `bytes` ends, if its length is there. */
  #endOfFrame(bytes: Buffer, length: number): number | undefined {
    if (length < FRAME_HEAD_BYTES) return undefined
    const frameBytes = bytes.readUInt32LE(0)
    if (frameBytes >= 1 && frameBytes <= this.#maxBytes) return FRAME_HEAD_BYTES + frameBytes
    throw new LauncherProtocolError(
      { code: 'LAUNCHER_FRAME_LENGTH', bytes: frameBytes, maxBytes: this.#maxBytes },
      `a frame of ${frameBytes} bytes; 1 to ${this.#maxBytes} are allowed`,
    )
  }
}
