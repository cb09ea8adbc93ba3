/** What `stat` tells of a path, links followed. Times in ms since 1970, as precise as a double holds them (0.2 µs). */
export interface FileStat {
  readonly kind: 'file' | 'folder' | 'other'
  readonly dev: number
  readonly ino: number
  readonly size: number
  readonly mode: number
  readonly mtimeMs: number
  readonly ctimeMs: number
  /** What stands in the link, if the path itself names one; all else is of what it leads to. */
  readonly link: string | undefined
}

/** When a file was last changed, as far as it tells. */
export type ChangeTimes = Pick<FileStat, 'mtimeMs' | 'ctimeMs'>

/** What tells whether a path still leads to what it led to, unchanged. */
export type FileMark = Pick<FileStat, 'dev' | 'ino' | 'size' | 'mtimeMs' | 'ctimeMs' | 'link'>

/** Whether a file is the one that it was, with the content that it had, provided that its times were settled then. */
export function isSameFile(a: FileMark, b: FileMark): boolean {
  const sameTimes = a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs
  return sameTimes && a.size === b.size && a.ino === b.ino && a.dev === b.dev && a.link === b.link
}

/**
 * The files of the machine, as the include scanner uses them. Synchronous: a `stat` takes 1-3 µs, a promise ten times
 * that. `system-sync-files.ts` has the real one.
 */
export interface SyncFiles {
  /** Links are followed. Undefined if nothing is there; `blocked` if something is in the way (no permission, a loop of links). */
  stat(path: string): FileStat | 'blocked' | undefined
  /** The whole file, or undefined if it cannot be read or is larger than `maxBytes`. */
  read(path: string, maxBytes: number): Uint8Array | undefined
  /** The names in a folder; undefined where names absent from the list may exist all the same, or no stat tells of changes. */
  list(folder: string, dev: number): readonly string[] | undefined
}
