import type { Clock } from '../../base/clock.ts'
import { INCLUDE_FOLDER_MAX_BYTES, INCLUDE_FOLDERS_MAX } from '../../base/limits.ts'
import { AgingMap } from './aging-map.ts'
import { folderOf } from './header-name.ts'
import { isSettled } from './settled.ts'
import type { FileStat, SyncFiles } from './sync-files.ts'

/** A folder by the path that leads to it. */
export interface Folder {
  readonly path: string
  /** `absent` when nothing can be in it; `blocked` when we are not let in to see. */
  state: FileStat | 'absent' | 'blocked'
  /** Device and inode; undefined when there is no folder. */
  identity: string | undefined
  /** Grows when the folder becomes another one, or none: when paths through it may lead elsewhere. */
  turns: number
  /** Grows with that, and with each change of what is in it. */
  changes: number
  /** The last epoch in which `stat` was looked at. */
  epoch: number
  /** All its names, while nothing in it has changed. */
  names: ReadonlySet<string> | undefined
  /** Questions asked since the last change; a list pays only after some. */
  asked: number
  /** The folder around it, if its list can tell that this one is absent. */
  readonly parent: Folder | undefined
}

/** A list takes about 1 µs per name, a `stat` of an absent file 1 µs: after so many questions a list is worth its price. */
const LIST_AFTER_QUESTIONS = 16

export interface FolderCacheComponents {
  readonly files: SyncFiles
  readonly clock: Clock
}

/** Answers "is there surely no such file?" from lists of folders, checked with one `stat` per folder and epoch. */
export class FolderCache {
  readonly #files: SyncFiles
  readonly #clock: Clock
  readonly #folders = new AgingMap<string, Folder>(INCLUDE_FOLDERS_MAX / 2)

  constructor({ files, clock }: FolderCacheComponents) {
    this.#files = files
    this.#clock = clock
  }

  folder(path: string): Folder {
    const known = this.#folders.get(path)
    if (known !== undefined) return known
    const name = path.slice(path.lastIndexOf('/') + 1)
    // A list holds neither `.` nor `..`; then only the folder itself can tell.
    const parent =
      path === '/' || name === '' || name === '.' || name === '..' ? undefined : this.folder(folderOf(path))
    const folder: Folder = {
      path,
      state: 'absent',
      identity: undefined,
      turns: 0,
      changes: 0,
      epoch: -1,
      names: undefined,
      asked: 0,
      parent,
    }
    this.#folders.set(path, folder)
    return folder
  }

  /** Brings what is known of `folder` up to `epoch`. */
  refresh(folder: Folder, epoch: number): Folder {
    if (folder.epoch >= epoch) return folder
    folder.epoch = epoch
    const { parent } = folder
    // Only a parent that has a list already: listing it just for this would cost more than one `stat`.
    const surelyAbsent = parent?.names !== undefined && this.lacks(parent, nameOf(folder), epoch)
    const found = surelyAbsent ? undefined : this.#files.stat(folder.path)
    const state = found === 'blocked' ? found : found?.kind === 'folder' ? found : 'absent'
    if (!isUnchanged(folder.state, state)) {
      if (!isSameFolder(folder.state, state)) folder.turns += 1
      folder.changes += 1
      folder.names = undefined
      folder.asked = 0
      folder.identity = typeof state === 'string' ? undefined : `${state.dev}:${state.ino}`
    }
    folder.state = state
    return folder
  }

  /** Whether `folder` surely has no `name` in `epoch`. False means: ask the file itself. */
  lacks(folder: Folder, name: string, epoch: number): boolean {
    const { state } = this.refresh(folder, epoch)
    if (state === 'absent') return true
    if (state === 'blocked' || (folder.names === undefined && !this.#list(folder, state))) return false
    return folder.names !== undefined && !folder.names.has(name)
  }

  #list(folder: Folder, stat: FileStat): boolean {
    folder.asked += 1
    if (folder.asked < LIST_AFTER_QUESTIONS || stat.size > INCLUDE_FOLDER_MAX_BYTES) return false
    // A change within the same tick of the file system's clock would leave no trace: wait until the folder is at rest.
    if (!isSettled(stat, this.#clock.wallTime())) return false
    const names = this.#files.list(folder.path, stat.dev)
    if (names === undefined) {
      folder.asked = Number.NEGATIVE_INFINITY // Until it changes, asking again is no use.
      return false
    }
    folder.names = new Set(names)
    return true
  }
}

function nameOf({ path }: Folder): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function isUnchanged(a: Folder['state'], b: Folder['state']): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b
  return a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs && isSameFolder(a, b)
}

function isSameFolder(a: Folder['state'], b: Folder['state']): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b
  return a.ino === b.ino && a.dev === b.dev && a.link === b.link
}
