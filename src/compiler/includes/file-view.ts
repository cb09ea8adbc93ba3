import type { Clock } from '../../base/clock.ts'
import { type Sha256Hex, sha256 } from '../../base/digest.ts'
import { INCLUDE_FILE_MAX_BYTES, INCLUDE_PATHS_MAX, INCLUDE_SCANS_MAX } from '../../base/limits.ts'
import { AgingMap } from './aging-map.ts'
import type { DirectiveScan } from './directive-scan.ts'
import { type Folder, FolderCache } from './folder-cache.ts'
import { folderOf } from './header-name.ts'
import { scanDirectives } from './scan-directives.ts'
import { isSettled } from './settled.ts'
import type { FileStat, SyncFiles } from './sync-files.ts'

/** The bytes of a file as they were read. */
export interface FileContent {
  readonly digest: Sha256Hex
  /** How many were read; `stat` may have told of another number a moment before. */
  readonly bytes: number
  readonly scan: DirectiveScan
}

/** What is at a path; `blocked` is anything else than a file or folder that we can see, and stops a compiler's search. */
export type FileState = 'file' | 'folder' | 'absent' | 'blocked'

/** A path that was looked for. Only `FileView` writes to it. */
export interface FileEntry {
  /** Absolute, as a compiler would open it. */
  readonly path: string
  readonly state: FileState
  /** Known when `state` is `file`. */
  readonly stat: FileStat | undefined
  /** Grows whenever the state or the content is found changed. */
  readonly version: number
  /** The last walk that came by; whoever walks writes it. Cheaper than a set. */
  mark: number
}

interface Entry extends FileEntry {
  readonly folder: Folder
  readonly name: string
  state: FileState
  stat: FileStat | undefined
  version: number
  /** The last epoch in which the path was looked at. */
  epoch: number
  content: FileContent | undefined
  /** Whether a change since the content was read would show in `stat`. */
  settled: boolean
}

export interface FileViewComponents {
  readonly files: SyncFiles
  readonly clock: Clock
}

/**
 * Every file the agent has seen: its `stat`, digest and directives. An epoch is a moment of the caller's choosing after
 * which all is looked at once again: what a request may rely on was checked in an epoch that began after the request came.
 */
export class FileView {
  readonly #files: SyncFiles
  readonly #clock: Clock
  readonly #folders: FolderCache
  readonly #entries = new AgingMap<string, Entry>(INCLUDE_PATHS_MAX / 2)
  readonly #scans = new AgingMap<Sha256Hex, DirectiveScan>(INCLUDE_SCANS_MAX / 2)

  constructor({ files, clock }: FileViewComponents) {
    this.#files = files
    this.#clock = clock
    this.#folders = new FolderCache({ files, clock })
  }

  /** The entry of `path`, as it is in `epoch`. */
  lookup(path: string, epoch: number): FileEntry {
    return this.refresh(this.entry(path), epoch)
  }

  /** The entry of `path`, without a look at the disk. One path has one entry as long as it is used. */
  entry(path: string): FileEntry {
    const known = this.#entries.get(path)
    if (known !== undefined) return known
    const entry: Entry = {
      path,
      folder: this.#folders.folder(folderOf(path)),
      name: path.slice(path.lastIndexOf('/') + 1),
      state: 'absent',
      stat: undefined,
      version: 0,
      mark: -1,
      epoch: -1,
      content: undefined,
      settled: true,
    }
    this.#entries.set(path, entry)
    return entry
  }

  /** Brings an entry of this view up to `epoch`; at most one `stat`, and a read where times prove nothing yet. */
  refresh(given: FileEntry, epoch: number): FileEntry {
    const entry = given as Entry // All entries are made by `entry`.
    if (entry.epoch >= epoch) return entry
    entry.epoch = epoch
    if (this.#folders.lacks(entry.folder, entry.name, epoch)) {
      change(entry, 'absent', undefined)
      return entry
    }
    const stat = this.#files.stat(entry.path)
    if (typeof stat !== 'object') change(entry, stat ?? 'absent', undefined)
    else if (stat.kind !== 'file') change(entry, stat.kind === 'folder' ? 'folder' : 'blocked', undefined)
    else if (entry.stat === undefined || !isSameFile(entry.stat, stat)) change(entry, 'file', stat)
    else if (!entry.settled) this.#readAgain(entry)
    return entry
  }

  /** The folder at `path`, as it is in `epoch`. */
  folder(path: string, epoch: number): Folder {
    return this.#folders.refresh(this.#folders.folder(path), epoch)
  }

  /** The folder's identity in `epoch`, or undefined if it is none: two paths to one folder have the same. */
  folderIdentity(path: string, epoch: number): string | undefined {
    return this.folder(path, epoch).identity
  }

  /** Digest and directives of a file; undefined if it cannot be read. Read once per version. */
  content(given: FileEntry): FileContent | undefined {
    const entry = given as Entry
    if (entry.content === undefined && entry.state === 'file') this.#read(entry)
    return entry.content
  }

  /** The bytes of a file, if they still are what its digest says. */
  bytes(entry: FileEntry): Uint8Array | undefined {
    const bytes = this.#files.read(entry.path, INCLUDE_FILE_MAX_BYTES)
    return bytes !== undefined && sha256(bytes) === this.content(entry)?.digest ? bytes : undefined
  }

  #read(entry: Entry): void {
    const begun = this.#clock.wallTime()
    const bytes = this.#files.read(entry.path, INCLUDE_FILE_MAX_BYTES)
    if (bytes === undefined) {
      change(entry, 'blocked', undefined)
      return
    }
    const digest = sha256(bytes)
    entry.content = { digest, bytes: bytes.length, scan: this.#scan(digest, bytes) }
    entry.settled = entry.stat !== undefined && isSettled(entry.stat, begun)
  }

  #readAgain(entry: Entry): void {
    const before = entry.content?.digest
    entry.content = undefined
    this.#read(entry)
    if (entry.content !== undefined && before !== undefined && contentOf(entry)?.digest !== before) entry.version += 1
  }

  #scan(digest: Sha256Hex, bytes: Uint8Array): DirectiveScan {
    const known = this.#scans.get(digest)
    if (known !== undefined) return known
    const scan = scanDirectives(bytes)
    this.#scans.set(digest, scan)
    return scan
  }
}

function contentOf(entry: Entry): FileContent | undefined {
  return entry.content
}

function change(entry: Entry, state: FileState, stat: FileStat | undefined): void {
  if (entry.state === state && stat === undefined && entry.stat === undefined) return
  entry.state = state
  entry.stat = stat
  entry.content = undefined
  entry.settled = true
  entry.version += 1
}

function isSameFile(a: FileStat, b: FileStat): boolean {
  const sameTimes = a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs
  return sameTimes && a.size === b.size && a.ino === b.ino && a.dev === b.dev && a.link === b.link
}
