import { Uint8ArrayList } from 'uint8arraylist'
import { MeshError } from '../protocols/mesh.ts'

/** A frame as it goes over a stream: its length as an unsigned varint, as everywhere in libp2p, then its bytes. */
export function encodeFrame(frame: Uint8Array): Uint8ArrayList {
  const prefix: number[] = []
  let rest = frame.length
  for (; rest > 0x7f; rest >>>= 7) prefix.push((rest & 0x7f) | 0x80)
  prefix.push(rest)
  return new Uint8ArrayList(Uint8Array.from(prefix), frame)
}

/** Bytes as they come from a stream, given out as frames. */
export class FrameBuffer {
  readonly #bytes = new Uint8ArrayList()

  get byteLength(): number {
    return this.#bytes.byteLength
  }

  append(bytes: Uint8Array | Uint8ArrayList): void {
    this.#bytes.append(bytes)
  }

  clear(): void {
    this.#bytes.consume(this.#bytes.byteLength)
  }

  /** The next frame, or undefined while it is not whole. Throws before the bytes of a frame beyond `maxBytes` are waited for. */
  take(maxBytes: number): Uint8Array | undefined {
    const prefix = this.#prefix()
    if (prefix === undefined) return undefined
    if (prefix.frameBytes > maxBytes) {
      throw new MeshError({ code: 'MESH_FRAME_TOO_LONG', maxBytes }, `the peer sends a frame beyond ${maxBytes} bytes`)
    }
    if (this.#bytes.byteLength < prefix.bytes + prefix.frameBytes) return undefined
    const frame = this.#bytes.subarray(prefix.bytes, prefix.bytes + prefix.frameBytes)
    this.#bytes.consume(prefix.bytes + prefix.frameBytes)
    return frame
  }

  #prefix(): { readonly bytes: number; readonly frameBytes: number } | undefined {
    let frameBytes = 0
    for (let bytes = 0; bytes < this.#bytes.byteLength; bytes++) {
      if (bytes === PREFIX_MAX_BYTES) return { bytes, frameBytes: Number.POSITIVE_INFINITY } // Longer than any bound.
      const byte = this.#bytes.get(bytes)
      frameBytes += (byte & 0x7f) * 2 ** (7 * bytes)
      if (byte < 0x80) return { bytes: bytes + 1, frameBytes }
    }
    return undefined
  }
}

/** Enough for 256 MiB, far beyond any frame of ours. */
const PREFIX_MAX_BYTES = 4
