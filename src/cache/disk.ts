import { HybridgridError } from '../base/errors.ts'

/** What `stat` tells of a regular file. */
export interface DiskStat {
  readonly bytes: number
  /** Milliseconds since 1970. The cache keeps the time of a file's last use here. */
  readonly mtimeMs: number
  readonly ino: number
}

export type DiskFailure =
  | { readonly code: 'DISK_FULL'; readonly errno: string }
  | { readonly code: 'DISK_FAILED'; readonly errno: string }

/** Something could not be written, renamed or removed. */
export class DiskError extends HybridgridError<DiskFailure> {}

/**
 * The disk as the cache uses it: paths are absolute, only regular files and folders count. A file that cannot be read is as
 * good as none, so reading answers with undefined; all else rejects with `DiskError`. `system-disk.ts` has the real one.
 */
export interface Disk {
  /** At once: some 2 µs. */
  stat(path: string): DiskStat | undefined
  /** The whole file, at once: for small ones, which are read quicker than a promise resolves. Undefined when it has more than `maxBytes`. */
  readNow(path: string, maxBytes: number): Uint8Array | undefined
  /** The whole file. Undefined when it has more than `maxBytes`. */
  read(path: string, maxBytes: number): Promise<Uint8Array | undefined>
  /** Makes a file that everyone may read and nobody write. Fails when there is one. May leave a part of it behind. */
  write(path: string, bytes: Uint8Array): Promise<void>
  /** In one step; replaces what is there. */
  rename(from: string, to: string): Promise<void>
  /** Nothing there is fine. */
  remove(path: string): Promise<void>
  /** With all folders on the way; one that is there is fine. */
  makeFolder(path: string): Promise<void>
  /** The names in a folder; none when there is no such folder. */
  list(folder: string): Promise<readonly string[]>
  setMtime(path: string, mtimeMs: number): Promise<void>
}
