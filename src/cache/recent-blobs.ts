import type { BlobDigest } from './digest.ts'

export interface RecentBlobsInit {
  /** Of all blobs. */
  readonly maxBytes: number
  /** Larger blobs are not kept. */
  readonly blobMaxBytes: number
}

/** The blobs used last, in memory, so that what is asked for again costs no disk. */
export class RecentBlobs {
  readonly #init: RecentBlobsInit
  readonly #blobs = new Map<BlobDigest, Uint8Array>()
  #bytes = 0

  constructor(init: RecentBlobsInit) {
    this.#init = init
  }

  get(digest: BlobDigest): Uint8Array | undefined {
    const bytes = this.#blobs.get(digest)
    if (bytes === undefined) return undefined
    this.#blobs.delete(digest)
    this.#blobs.set(digest, bytes)
    return bytes
  }

  /** Bytes that were just found to be what their digest says. */
  add(digest: BlobDigest, bytes: Uint8Array): void {
    if (bytes.length > this.#init.blobMaxBytes || this.#blobs.has(digest)) return
    // A view would keep alive all of the buffer that it looks into.
    const own = bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice()
    this.#blobs.set(digest, own)
    this.#bytes += own.length
    for (const [oldest, { length }] of this.#blobs) {
      if (this.#bytes <= this.#init.maxBytes) return
      this.#blobs.delete(oldest)
      this.#bytes -= length
    }
  }
}
