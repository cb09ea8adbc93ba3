import type { FileEntry, FileView } from '../includes/file-view.ts'
import type { Folder } from '../includes/folder-cache.ts'
import { absolutePath, folderOf } from '../includes/header-name.ts'
import type { IncludeClosure } from '../includes/include-closure.ts'
import type { SearchPath } from '../includes/search-path.ts'
import { FileRoutes } from './file-routes.ts'
import { type FolderRoute, FolderRoutes, inside } from './folder-routes.ts'
import { GatheredTree } from './gathered-tree.ts'
import type { InputTree } from './input-tree.ts'

/** What a tree is made of. */
export interface TreeParts {
  readonly closure: Pick<IncludeClosure, 'files' | 'missing'>
  /** The compiler as it is called. */
  readonly compiler: string
  readonly cwd: string
  readonly searchPath: Pick<SearchPath, 'folders' | 'embedFolders' | 'absent'>
  /** What the compile writes, as the command line names it: their folders have to be there. */
  readonly outputs: readonly string[]
  /** The epoch that the closure was found in. */
  readonly epoch: number
}

/** A tree, and all that it was told from: as long as these are what they were, so is the tree. */
export interface FoundTree {
  readonly tree: InputTree
  readonly entries: readonly FileEntry[]
  readonly folders: readonly Readonly<Folder>[]
}

export interface ClosureTreesComponents {
  readonly files: FileView
  /** Whether a worker may show something of its own at a path, or in a folder that ends with `/`. */
  readonly mayBeShown: (path: string, compiler: string) => boolean
}

/** A folder in which candidates are absent, and whether a worker has to check that. */
interface PlaceOfAbsence {
  readonly route: FolderRoute
  readonly isChecked: boolean
}

/** Turns closures, which hold paths as compilers open them, into trees, which hold what is at the end of them. */
export class ClosureTrees {
  readonly #mayBeShown: ClosureTreesComponents['mayBeShown']
  readonly #folders: FolderRoutes
  readonly #files: FileRoutes
  readonly #absent = new WeakMap<FileEntry, { readonly folder: FolderRoute; readonly path: string }>()
  #mark = 0

  constructor({ files, mayBeShown }: ClosureTreesComponents) {
    this.#mayBeShown = mayBeShown
    this.#folders = new FolderRoutes({ files })
    this.#files = new FileRoutes({ files, folders: this.#folders })
  }

  /** Undefined when a file went away meanwhile. */
  tree({ closure, compiler, cwd, searchPath, outputs, epoch }: TreeParts): FoundTree | undefined {
    this.#mark += 1
    const gathered = new GatheredTree(this.#mark)
    const entries: FileEntry[] = []
    for (const entry of closure.files) {
      const route = this.#files.route(entry, epoch)
      if (route === undefined) return undefined
      entries.push(...route.entries)
      for (const folder of route.folders) gathered.pass(folder)
      for (const link of route.links) gathered.addLink(link)
      gathered.addFile(route.file)
    }
    for (const folder of [cwd, ...outputs.map((path) => folderOf(absolutePath(cwd, path)))]) {
      gathered.enter(this.#folders.route(folder, epoch))
    }
    for (const { path } of searchPath.folders) gathered.enter(this.#folders.route(path, epoch))
    for (const path of searchPath.embedFolders) gathered.enter(this.#folders.route(absolutePath(cwd, path), epoch))
    for (const path of searchPath.absent) {
      const route = this.#folders.route(path, epoch)
      gathered.lookInto(route)
      if (this.#mayBeShown(route.real, compiler)) gathered.addAbsent(route.real)
    }
    this.#addMissing(gathered, closure.missing, compiler, epoch)
    entries.push(...closure.missing)
    return { tree: gathered.done(), entries, folders: gathered.folders() }
  }

  #addMissing(gathered: GatheredTree, missing: readonly FileEntry[], compiler: string, epoch: number): void {
    // Thousands of candidates, in a few dozen folders, of which workers have to check one or two.
    const places = new Map<Readonly<Folder>, PlaceOfAbsence>()
    for (const entry of missing) {
      let place = places.get(entry.folder)
      if (place === undefined) {
        place = this.#placeOfAbsence(entry.folder, compiler, epoch)
        places.set(entry.folder, place)
        gathered.lookInto(place.route)
      }
      if (!place.isChecked || entry.state !== 'absent') continue
      const { route } = place
      if (route.end === 'nowhere') gathered.addNowhere(route.real)
      else gathered.addAbsent(this.#absentPath(entry, route))
    }
  }

  #placeOfAbsence(folder: Readonly<Folder>, compiler: string, epoch: number): PlaceOfAbsence {
    const route = this.#folders.routeTo(folder, epoch)
    const { real, end } = route
    return { route, isChecked: this.#mayBeShown(end === 'nowhere' ? real : inside(real, ''), compiler) }
  }

  #absentPath(entry: FileEntry, folder: FolderRoute): string {
    const known = this.#absent.get(entry)
    if (known?.folder === folder) return known.path
    const path = inside(folder.real, entry.path.slice(entry.path.lastIndexOf('/') + 1))
    this.#absent.set(entry, { folder, path })
    return path
  }
}
