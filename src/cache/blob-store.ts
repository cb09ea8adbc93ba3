import { crc32 } from 'node:zlib'
import { BLOB_READ_NOW_MAX_BYTES, BLOB_RECENT_MAX_BYTES, BLOBS_RECENT_MAX_BYTES } from '../base/limits.ts'
import { type CacheFile, pathOf } from './cache-file.ts'
import type { CacheFiles } from './cache-files.ts'
import { type BlobDigest, blobDigest } from './digest.ts'
import { RecentBlobs } from './recent-blobs.ts'

/** Bytes on disk by their digest. What it hands out was checked; what it cannot hand out it says it does not have. */
export interface BlobStore {
  /** Absolute: what `file` answers is relative to it. */
  readonly folder: string
  /** From memory. Says nothing of the content, so `read` and `file` may still find a blob corrupt and have none. */
  has(digest: BlobDigest): boolean
  /** Undefined when it is not here, or corrupt: then it is dropped. */
  read(digest: BlobDigest): Promise<Uint8Array | undefined>
  /**
   * Stores bytes, of which the caller has just made the digest. Resolves to whether they can be read now: false for a
   * full disk. Never rejects. `lasting: 'recent'` keeps them in memory too, for those that will be asked for soon.
   */
  write(digest: BlobDigest, bytes: Uint8Array, lasting?: 'recent'): Promise<boolean>
  /**
   * The path in `folder`, for programs that read the file themselves: read-only, and there as long as it is held.
   * Undefined when it is not here, or corrupt: then it is dropped. Checked once in the life of a node, and when its stamp changed.
   */
  file(digest: BlobDigest): string | undefined
  /** The file of a blob for programs that check what they read from it; undefined when it is not here. It is there as long as it is held. */
  checkable(digest: BlobDigest): CheckableFile | undefined
  /** Reads a blob's file again, and drops it if it is corrupt: somebody found it so. */
  recheck(digest: BlobDigest): void
  /** Keeps blobs from eviction until released, those not written yet too. What is held may be written beyond the size limit. */
  hold(digests: Iterable<BlobDigest>): () => void
}

/** A file and what its content must have for a checksum. */
export interface CheckableFile {
  /** Absolute. */
  readonly path: string
  /** zlib's. Against what befalls files; a stranger's word is checked by digests. */
  readonly crc32: number
}

export interface BlobStoreComponents {
  readonly files: CacheFiles
}

export interface BlobStoreInit {
  readonly folder: string
}

/** The blobs of one cache. */
export class DiskBlobs implements BlobStore {
  readonly #files: CacheFiles
  readonly #recent = new RecentBlobs({ maxBytes: BLOBS_RECENT_MAX_BYTES, blobMaxBytes: BLOB_RECENT_MAX_BYTES })
  readonly folder: string

  constructor({ files }: BlobStoreComponents, { folder }: BlobStoreInit) {
    this.#files = files
    this.folder = folder
  }

  has(digest: BlobDigest): boolean {
    return this.#files.get('blobs', digest) !== undefined
  }

  async read(digest: BlobDigest): Promise<Uint8Array | undefined> {
    const file = this.#files.get('blobs', digest)
    if (file === undefined) return undefined
    this.#files.use(file)
    const recent = this.#recent.get(digest)
    if (recent !== undefined) return recent
    const isSmall = file.bytes <= BLOB_READ_NOW_MAX_BYTES
    const bytes = this.#checked(file, isSmall ? this.#files.readNow(file) : await this.#files.read(file))
    if (bytes !== undefined) this.#recent.add(digest, bytes)
    return bytes
  }

  async write(digest: BlobDigest, bytes: Uint8Array, lasting?: 'recent'): Promise<boolean> {
    const written = await this.#files.write('blobs', digest, bytes)
    if (written && lasting === 'recent') this.#recent.add(digest, bytes)
    return written
  }

  file(digest: BlobDigest): string | undefined {
    const file = this.#files.get('blobs', digest)
    if (file === undefined) return undefined
    this.#files.use(file)
    if (!this.#files.isUnchanged(file) && this.#checked(file, this.#files.readNow(file)) === undefined) return undefined
    return pathOf('blobs', digest)
  }

  checkable(digest: BlobDigest): CheckableFile | undefined {
    const file = this.#files.get('blobs', digest)
    if (file === undefined) return undefined
    this.#files.use(file)
    const crc = file.crc32 ?? this.#checksum(file)
    return crc === undefined ? undefined : { path: `${this.folder}/${pathOf('blobs', digest)}`, crc32: crc }
  }

  recheck(digest: BlobDigest): void {
    const file = this.#files.get('blobs', digest)
    if (file !== undefined) this.#checked(file, this.#files.readNow(file))
  }

  hold(digests: Iterable<BlobDigest>): () => void {
    return this.#files.hold(digests)
  }

  /** Of bytes that are what the digest says, made once. */
  #checksum(file: CacheFile): number | undefined {
    const digest = file.name as BlobDigest
    const bytes = this.#recent.get(digest) ?? this.#checked(file, this.#files.readNow(file))
    if (bytes !== undefined) file.crc32 = crc32(bytes)
    return file.crc32
  }

  /** Reads a blob again from disk. */
  async verify(file: CacheFile): Promise<boolean> {
    return this.#checked(file, await this.#files.read(file)) !== undefined
  }

  #checked(file: CacheFile, bytes: Uint8Array | undefined): Uint8Array | undefined {
    const { name } = file
    if (bytes !== undefined && blobDigest(bytes) === name) {
      this.#files.setChecked(file)
      return bytes
    }
    this.#files.drop(file)
    return undefined
  }
}
