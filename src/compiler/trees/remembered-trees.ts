import { TREES_REMEMBERED_MAX } from '../../base/limits.ts'
import { AgingMap } from '../includes/aging-map.ts'
import type { FileEntry, FileView } from '../includes/file-view.ts'
import type { Folder } from '../includes/folder-cache.ts'
import type { FoundTree } from './closure-tree.ts'

/** Something found, and what everything that it was told from was then. */
interface Remembered<T> {
  readonly value: T
  readonly found: Omit<FoundTree, 'tree'>
  /** What has to be looked at one by one: files, and what no list of a folder tells of. */
  readonly loose: Seen
  readonly folders: readonly SeenFolder[]
}

/** Entries and their versions. Two lists rather than one of pairs: there are thousands. */
interface Seen {
  readonly entries: FileEntry[]
  readonly versions: number[]
}

interface SeenFolder {
  readonly folder: Readonly<Folder>
  readonly turns: number
  changes: number
  /** What is not in it, by its list of names. */
  readonly absent: Seen
}

/**
 * What was found for whole compiles. Another look costs one `stat` for each file and each folder: thousands of absent
 * candidates are passed over while the folders that they are absent from have not changed.
 */
export class RememberedTrees<T> {
  readonly #files: Pick<FileView, 'refresh' | 'refreshFolder'>
  readonly #known = new AgingMap<string, Remembered<T>>(TREES_REMEMBERED_MAX / 2)

  constructor({ files }: { readonly files: Pick<FileView, 'refresh' | 'refreshFolder'> }) {
    this.#files = files
  }

  /** What was remembered for `key`, if a compile in `epoch` would find the same. */
  find(key: string, epoch: number): T | undefined {
    const known = this.#known.get(key)
    if (known === undefined) return undefined
    if (!this.#holds(known, epoch)) {
      this.#known.delete(key)
      return undefined
    }
    // Folders that were being written to then have come to rest, and their lists tell what is absent.
    if (known.loose.entries.some(isListed)) this.remember(key, known.found, known.value)
    return known.value
  }

  /** Remembers what was told from `found`, all of which was looked at in this epoch. */
  remember(key: string, found: Omit<FoundTree, 'tree'>, value: T): void {
    const loose: Seen = { entries: [], versions: [] }
    const folders = new Map<Readonly<Folder>, SeenFolder>()
    for (const folder of found.folders) folders.set(folder, seen(folder))
    for (const entry of found.entries) {
      const { entries, versions } = isListed(entry) ? absentFrom(folders, entry.folder) : loose
      entries.push(entry)
      versions.push(entry.version)
    }
    this.#known.set(key, { value, found, loose, folders: [...folders.values()] })
  }

  #holds(known: Remembered<T>, epoch: number): boolean {
    for (const { folder, turns } of known.folders) {
      if (this.#files.refreshFolder(folder, epoch).turns !== turns) return false
    }
    if (!this.#areSame(known.loose, epoch)) return false
    for (const seen of known.folders) {
      const { changes } = seen.folder
      if (seen.changes === changes) continue
      // Something came or went in it: mostly an object file that the build has made.
      if (!this.#areSame(seen.absent, epoch)) return false
      if (seen.folder.names !== undefined) seen.changes = changes
    }
    return true
  }

  #areSame({ entries, versions }: Seen, epoch: number): boolean {
    for (let index = 0; index < entries.length; index += 1) {
      const entry = entries[index]
      if (entry !== undefined && this.#files.refresh(entry, epoch).version !== versions[index]) return false
    }
    return true
  }
}

function absentFrom(folders: Map<Readonly<Folder>, SeenFolder>, folder: Readonly<Folder>): Seen {
  const known = folders.get(folder)
  if (known !== undefined) return known.absent
  const made = seen(folder)
  folders.set(folder, made)
  return made.absent
}

function seen(folder: Readonly<Folder>): SeenFolder {
  return { folder, turns: folder.turns, changes: folder.changes, absent: { entries: [], versions: [] } }
}

/** Whether a list of names, or the lack of the whole folder, tells that the file is absent. */
function isListed({ state, folder, name }: FileEntry): boolean {
  if (state !== 'absent') return false
  return folder.state === 'absent' || (folder.names !== undefined && !folder.names.has(name))
}
