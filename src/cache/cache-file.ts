import type { Sha256Hex } from '../base/digest.ts'
import type { DiskStat } from './disk.ts'
import type { Used } from './use-order.ts'

/** The two sorts of files that share a cache's size limit. */
export const SHELVES = ['blobs', 'results'] as const
export type Shelf = (typeof SHELVES)[number]

/** One file of a cache, as the index in memory knows it. Only `CacheFiles` writes to it. */
export interface CacheFile extends Used<CacheFile> {
  readonly shelf: Shelf
  readonly name: Sha256Hex
  readonly bytes: number
  /** When it was last used, for the next node: this one goes by their order. */
  usedAt: number
  /** What stands on disk for that. */
  savedAt: number
  /** When its content was last found to be what its name says: the file's stamp at that moment. */
  checked: FileStamp | undefined
  /** zlib's checksum of that content, once it was asked for. */
  crc32: number | undefined
}

/** Tells whether a file may have changed. Without ctime: that changes with each hard link to it. */
export interface FileStamp {
  readonly ino: number
  readonly mtimeMs: number
}

/** Where a file lies in the cache's folder. */
export function pathOf(shelf: Shelf, name: Sha256Hex): string {
  return `${folderOf(shelf, name)}/${name.slice(2)}`
}

/** The folder that it lies in. */
export function folderOf(shelf: Shelf, name: Sha256Hex): string {
  return `${shelf}/${name.slice(0, 2)}`
}

/** A file as it was found or made. */
export function cacheFile(shelf: Shelf, name: Sha256Hex, { bytes, mtimeMs }: DiskStat): CacheFile {
  const at = Math.round(mtimeMs)
  return {
    shelf,
    name,
    bytes,
    usedAt: at,
    savedAt: at,
    checked: undefined,
    crc32: undefined,
    older: undefined,
    newer: undefined,
  }
}

/** What a file of `bytes` takes on disk: whole blocks of nearly all file systems. */
export function bytesOnDisk(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES
}

const BLOCK_BYTES = 4096

/** Times are kept in whole milliseconds: file systems and doubles round them in different ways. */
export function isChanged(stamp: FileStamp, { ino, mtimeMs }: DiskStat): boolean {
  return stamp.ino !== ino || Math.round(stamp.mtimeMs) !== Math.round(mtimeMs)
}
