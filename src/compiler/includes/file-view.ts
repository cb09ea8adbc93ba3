import type { Clock } from '../../base/clock.ts'
import { type Sha256Hex, sha256 } from '../../base/digest.ts'
import { INCLUDE_FILE_MAX_BYTES, INCLUDE_PATHS_MAX, INCLUDE_SCANS_MAX } from '../../base/limits.ts'
import { AgingMap } from './aging-map.ts'
import type { DirectiveScan } from './directive-scan.ts'
import { type Folder, FolderCache } from './folder-cache.ts'
import { folderOf } from './header-name.ts'
import type { SavedFile } from './saved-memory.ts'
import { scanDirectives } from './scan-directives.ts'
import { isSettled } from './settled.ts'
import { type FileStat, isSameFile, type SyncFiles } from './sync-files.ts'

/** The bytes of a file as they were read. */
export interface FileContent {
  readonly digest: Sha256Hex
  /** How many were read; `stat` may have told of another number a moment before. */
  readonly bytes: number
}

/** What is at a path; `blocked` is anything else than a file or folder that we can see, and stops a compiler's search. */
export type FileState = 'file' | 'folder' | 'absent' | 'blocked'

/** A path that was looked for. Only `FileView` writes to it. */
export interface FileEntry {
  /** Absolute, as a compiler would open it. */
  readonly path: string
  /** The folder part of the path. */
  readonly folder: Readonly<Folder>
  readonly name: string
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
  state: FileState
  stat: FileStat | undefined
  version: number
  /** The last epoch in which the path was looked at. */
  epoch: number
  content: FileContent | undefined
  /** Made when first asked for: of what is only embedded, nobody asks. */
  scan: DirectiveScan | undefined
  /** Whether a change since the content was read would show in `stat`. */
  settled: boolean
}

export interface FileViewComponents {
  readonly files: SyncFiles
  readonly clock: Clock
  /** What an earlier node read, by path: good for each file whose `stat` is what it was. */
  readonly saved?: ReadonlyMap<string, SavedFile>
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
  /** What was saved and not asked for yet. */
  readonly #saved: Map<string, SavedFile>
  #reads = 0
  readonly #scans = new AgingMap<Sha256Hex, DirectiveScan>(INCLUDE_SCANS_MAX / 2)

  constructor({ files, clock, saved }: FileViewComponents) {
    this.#saved = new Map(saved)
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
      scan: undefined,
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
    else if (!entry.settled && entry.content !== undefined)
      this.#read(entry, entry.scan === undefined ? 'digest' : 'scan')
    return entry
  }

  /** The folder at `path`, without a look at the disk. One path has one as long as it is used. */
  folder(path: string): Readonly<Folder> {
    return this.#folders.folder(path)
  }

  /** Brings a folder of this view up to `epoch`; at most one `stat`. */
  refreshFolder(folder: Readonly<Folder>, epoch: number): Readonly<Folder> {
    return folder.epoch >= epoch ? folder : this.#folders.refresh(folder as Folder, epoch) // All are made by `folder`.
  }

  /** The folder's identity in `epoch`, or undefined if it is none: two paths to one folder have the same. */
  folderIdentity(path: string, epoch: number): string | undefined {
    return this.refreshFolder(this.folder(path), epoch).identity
  }

  /** Digest and size of a file; undefined if it cannot be read. Read once per version. */
  content(given: FileEntry): FileContent | undefined {
    const entry = given as Entry
    if (entry.state === 'file' && this.#known(entry) === undefined) this.#read(entry, 'digest')
    return entry.content
  }

  /** What a file says about others; undefined if it cannot be read. */
  scan(given: FileEntry): DirectiveScan | undefined {
    const entry = given as Entry
    if (entry.scan !== undefined || entry.state !== 'file') return entry.scan
    const content = this.#known(entry)
    if (content !== undefined) entry.scan ??= this.#scans.get(content.digest)
    if (entry.scan === undefined) this.#read(entry, 'scan')
    return entry.scan
  }

  /** The bytes of a file, if they still are what its digest says. */
  bytes(entry: FileEntry): Uint8Array | undefined {
    const bytes = this.#files.read(entry.path, INCLUDE_FILE_MAX_BYTES)
    return bytes !== undefined && sha256(bytes) === this.content(entry)?.digest ? bytes : undefined
  }

  /** Grows when something is read that `saved` tells of afterwards. */
  get reads(): number {
    return this.#reads
  }

  /** What is worth keeping for the next node, what was used last first: nothing that may have changed unnoticed. */
  *saved(): Generator<SavedFile> {
    for (const { path, state, stat, content, scan, settled } of this.#entries.values()) {
      if (state !== 'file' || stat === undefined || content === undefined || !settled) continue
      const { digest, bytes } = content
      yield { path, mark: stat, digest, bytes, scan: scan ?? this.#scans.get(digest) }
    }
    yield* this.#saved.values()
  }

  /** What was read before: by this node, or by an earlier one if the file is the very same. Whether it is stands in the `stat` of this epoch. */
  #known(entry: Entry): FileContent | undefined {
    if (entry.content !== undefined) return entry.content
    const saved = this.#saved.get(entry.path)
    if (saved === undefined || entry.stat === undefined) return undefined
    this.#saved.delete(entry.path)
    // Times that lie ahead prove nothing: the clock was set back since.
    if (!isSameFile(saved.mark, entry.stat) || !isSettled(entry.stat, this.#clock.wallTime())) return undefined
    entry.content = { digest: saved.digest, bytes: saved.bytes }
    entry.scan = saved.scan
    entry.settled = true
    if (saved.scan !== undefined) this.#scans.set(saved.digest, saved.scan)
    return entry.content
  }

  #read(entry: Entry, aim: 'digest' | 'scan'): void {
    const begun = this.#clock.wallTime()
    const bytes = this.#files.read(entry.path, INCLUDE_FILE_MAX_BYTES)
    if (bytes === undefined) {
      change(entry, 'blocked', undefined)
      return
    }
    const before = entry.content?.digest
    const digest = sha256(bytes)
    entry.content = { digest, bytes: bytes.length }
    entry.scan = aim === 'scan' ? this.#scanOf(digest, bytes) : undefined
    if (before !== undefined && before !== digest) entry.version += 1
    entry.settled = this.#isUnchanged(entry) && entry.stat !== undefined && isSettled(entry.stat, begun)
    if (entry.settled) this.#reads += 1
  }

  /** Whether what was just read is what `stat` told of before; if not, its times are those of now. */
  #isUnchanged(entry: Entry): boolean {
    const now = this.#files.stat(entry.path)
    if (typeof now !== 'object' || entry.stat === undefined) return false
    if (isSameFile(entry.stat, now)) return true
    if (now.kind === 'file') {
      entry.stat = now
      entry.version += 1
    }
    return false
  }

  #scanOf(digest: Sha256Hex, bytes: Uint8Array): DirectiveScan {
    const known = this.#scans.get(digest)
    if (known !== undefined) return known
    const scan = scanDirectives(bytes)
    this.#scans.set(digest, scan)
    return scan
  }
}

function change(entry: Entry, state: FileState, stat: FileStat | undefined): void {
  if (entry.state === state && stat === undefined && entry.stat === undefined) return
  entry.state = state
  entry.stat = stat
  entry.content = undefined
  entry.scan = undefined
  entry.settled = true
  entry.version += 1
}
