import { type BlobStore, DiskBlobs } from './blob-store.ts'
import { CacheFiles, type CacheFilesComponents } from './cache-files.ts'

export interface CacheInit {
  /** Absolute: `cache` in the state folder. Made when first needed. */
  readonly folder: string
  /** Most that files may take on disk. */
  readonly maxBytes: number
}

/** What this node keeps of compiles: its own, and those that the mesh trusts it with. */
export interface Cache {
  readonly blobs: BlobStore
  /** Returns at once: what lies on disk is found while the folders are still being read, too. */
  start(): Promise<void>
  /** Resolves when the folders were read. */
  whenLoaded(): Promise<void>
  /** After it resolves nothing more is written. */
  stop(): Promise<void>
}

/** Makes the cache of one folder. One node at a time has a folder to itself. */
export function createCache(components: CacheFilesComponents, init: CacheInit): Cache {
  const files = new CacheFiles(components, init)
  return {
    blobs: new DiskBlobs({ files }, init),
    start: () => files.start(),
    whenLoaded: () => files.whenLoaded(),
    stop: () => files.stop(),
  }
}
