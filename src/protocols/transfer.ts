import { HybridgridError } from '../base/errors.ts'
import { TRANSFER_CHUNK_BYTES } from '../base/limits.ts'
import type { MeshSession } from './mesh.ts'

export type TransferFailure =
  | { readonly code: 'TRANSFER_CUT_SHORT'; readonly missingBytes: number }
  | { readonly code: 'TRANSFER_EMPTY_FRAME' }

/** The other side did not send the bytes it had announced. */
export class TransferError extends HybridgridError<TransferFailure> {}

/** Sends bytes whose count the other side already knows, in frames of at most TRANSFER_CHUNK_BYTES. No bytes, no frame. */
export async function sendBytes(session: MeshSession, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
  for (let offset = 0; offset < bytes.length; offset += TRANSFER_CHUNK_BYTES) {
    await session.write(bytes.subarray(offset, offset + TRANSFER_CHUNK_BYTES), signal)
  }
}

/** Receives exactly `expectedBytes`, which the caller has bounded. Memory grows only with what really arrives. */
export async function receiveBytes(
  session: MeshSession,
  expectedBytes: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const frames: Uint8Array[] = []
  let missingBytes = expectedBytes
  while (missingBytes > 0) {
    const frame = await session.read(Math.min(missingBytes, TRANSFER_CHUNK_BYTES), signal)
    if (frame === undefined) {
      throw new TransferError({ code: 'TRANSFER_CUT_SHORT', missingBytes }, `${missingBytes} bytes did not come`)
    }
    // Nothing would be missing less: a peer could keep us here for ever.
    if (frame.length === 0) throw new TransferError({ code: 'TRANSFER_EMPTY_FRAME' }, 'an empty frame in a transfer')
    frames.push(frame)
    missingBytes -= frame.length
  }
  const [only] = frames
  return frames.length === 1 && only !== undefined ? only : Buffer.concat(frames, expectedBytes)
}
