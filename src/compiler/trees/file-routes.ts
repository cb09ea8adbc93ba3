import { TREE_FILES_KNOWN_MAX } from '../../base/limits.ts'
import { AgingMap } from '../includes/aging-map.ts'
import type { FileEntry, FileView } from '../includes/file-view.ts'
import { absolutePath } from '../includes/header-name.ts'
import { type FolderRoute, type FolderRoutes, inside } from './folder-routes.ts'
import type { TreeFile, TreeLink } from './input-tree.ts'

/** How a path leads to a file. Replaced, never changed, when a part of the way or the file does. */
export interface FileRoute {
  /** The path, and each that it stands for; the file itself last. */
  readonly entries: readonly FileEntry[]
  /** The ways to the folders of the file and of each link that stands for it. */
  readonly folders: readonly FolderRoute[]
  /** Links that stand for the file, each leading to the next. */
  readonly links: readonly TreeLink[]
  readonly file: TreeFile
}

interface Known extends FileRoute {
  /** What the entries were. */
  readonly versions: readonly number[]
}

/** As many as Linux follows. */
const LINKS_MAX = 40

export interface FileRoutesComponents {
  readonly files: Pick<FileView, 'lookup' | 'refresh' | 'content'>
  readonly folders: FolderRoutes
}

/** Finds the files themselves behind the paths of a closure, and describes each once per version. */
export class FileRoutes {
  readonly #files: FileRoutesComponents['files']
  readonly #folders: FolderRoutes
  readonly #known = new WeakMap<FileEntry, Known>()
  /** By path: one file by many paths is one `TreeFile`. */
  readonly #described = new AgingMap<string, TreeFile>(TREE_FILES_KNOWN_MAX / 2)

  constructor({ files, folders }: FileRoutesComponents) {
    this.#files = files
    this.#folders = folders
  }

  /** Undefined when the file can no longer be read. `entry` must have been refreshed in `epoch`. */
  route(entry: FileEntry, epoch: number): FileRoute | undefined {
    const known = this.#known.get(entry)
    if (known !== undefined && this.#holds(known, epoch)) return known
    const found = this.#look(entry, epoch)
    if (found !== undefined) this.#known.set(entry, found)
    return found
  }

  #holds({ entries, versions, folders }: Known, epoch: number): boolean {
    for (const [index, entry] of entries.entries()) {
      if (this.#files.refresh(entry, epoch).version !== versions[index]) return false
      if (this.#folders.routeTo(entry.folder, epoch) !== folders[index]) return false
    }
    return true
  }

  #look(from: FileEntry, epoch: number): Known | undefined {
    const entries: FileEntry[] = []
    const folders: FolderRoute[] = []
    const links: TreeLink[] = []
    let entry = from
    while (entries.length <= LINKS_MAX) {
      const content = this.#files.content(entry)
      const { stat, path } = entry
      if (content === undefined || stat === undefined) return undefined
      const folder = this.#folders.routeTo(entry.folder, epoch)
      if (folder.end !== 'folder') return undefined
      entries.push(entry)
      folders.push(folder)
      const real = inside(folder.real, path.slice(path.lastIndexOf('/') + 1))
      if (stat.link === undefined) {
        const { digest, bytes } = content
        const file = this.#describe({ path: real, digest, bytes, mtimeSeconds: Math.floor(stat.mtimeMs / 1000) })
        return { folders, links, file, entries, versions: entries.map(({ version }) => version) }
      }
      links.push({ path: real, target: stat.link })
      entry = this.#files.lookup(absolutePath(folder.real, stat.link), epoch)
    }
    return undefined
  }

  #describe(file: TreeFile): TreeFile {
    const known = this.#described.get(file.path)
    if (known !== undefined && isSameFile(known, file)) return known
    this.#described.set(file.path, file)
    return file
  }
}

function isSameFile(a: TreeFile, b: TreeFile): boolean {
  return a.digest === b.digest && a.bytes === b.bytes && a.mtimeSeconds === b.mtimeSeconds
}
