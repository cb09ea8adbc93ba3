import type { ActionResults } from './action-result.ts'
import { DiskResults } from './action-results.ts'
import { type BlobStore, DiskBlobs } from './blob-store.ts'
import { CacheChores, type Chore, type ChoreProgress } from './cache-chores.ts'
import { CacheFiles, type CacheFilesComponents } from './cache-files.ts'

export interface CacheInit {
  /** Absolute: `cache` in the state folder. Made when first needed. */
  readonly folder: string
  /** Most that files may take on disk. */
  readonly maxBytes: number
}

/** A cache in numbers; what is counted is counted since the start. */
export interface CacheStats {
  readonly folder: string
  /** On disk, in whole blocks. */
  readonly bytes: number
  readonly maxBytes: number
  readonly blobs: number
  readonly results: number
  readonly hits: number
  readonly misses: number
  readonly evicted: number
  /** Found corrupt or gone. */
  readonly dropped: number
  /** Not stored: the disk was full or failed. */
  readonly unwritten: number
  /** False while the folders are still being read: there may be more than is told here. */
  readonly loaded: boolean
}

/** What `hg cache` does to a cache. */
export interface CacheKeeper {
  stats(): CacheStats
  /** Begins a chore, unless one is running. Returns the one that runs then. */
  begin(chore: Chore): ChoreProgress
  /** The chore that runs, or ran last. */
  progress(): ChoreProgress | undefined
}

/** What this node keeps of compiles: its own, and those that the mesh trusts it with. */
export interface Cache extends CacheKeeper {
  readonly blobs: BlobStore
  readonly results: ActionResults
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
  const blobs = new DiskBlobs({ files }, init)
  const results = new DiskResults({ files, blobs })
  const chores = new CacheChores({
    files,
    verify: (file) => (file.shelf === 'blobs' ? blobs.verify(file) : results.verify(file)),
  })
  return {
    blobs,
    results,
    stats: () => ({
      ...init,
      bytes: files.index.bytes,
      ...files.index.counts,
      ...results.counts,
      ...files.counts,
      loaded: files.loaded,
    }),
    begin: (chore) => chores.begin(chore),
    progress: () => chores.progress,
    start: () => files.start(),
    whenLoaded: () => files.whenLoaded(),
    stop: async () => {
      await chores.stop()
      await files.stop()
    },
  }
}
