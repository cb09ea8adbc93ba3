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
}

/** Turns closures, which hold paths as compilers open them, into trees, which hold what is at the end of them. */
export class ClosureTrees {
  readonly #folders: FolderRoutes
  readonly #files: FileRoutes
  readonly #absent = new WeakMap<FileEntry, { readonly folder: FolderRoute; readonly path: string }>()
  #mark = 0

  constructor({ files }: ClosureTreesComponents) {
    this.#folders = new FolderRoutes({ files })
    this.#files = new FileRoutes({ files, folders: this.#folders })
  }

  /** Undefined when a file went away meanwhile. */
  tree({ closure, cwd, searchPath, outputs, epoch }: TreeParts): FoundTree | undefined {
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
      gathered.addAbsent(route.real)
    }
    this.#addMissing(gathered, closure.missing, epoch)
    entries.push(...closure.missing)
    return { tree: gathered.done(), entries, folders: gathered.folders() }
  }

  #addMissing(gathered: GatheredTree, missing: readonly FileEntry[], epoch: number): void {
    // Thousands of candidates, in a few dozen folders.
    const routes = new Map<Readonly<Folder>, FolderRoute>()
    for (const entry of missing) {
      let route = routes.get(entry.folder)
      if (route === undefined) {
        route = this.#folders.routeTo(entry.folder, epoch)
        routes.set(entry.folder, route)
        gathered.lookInto(route)
      }
      if (entry.state !== 'absent') continue
      if (route.end === 'nowhere') gathered.addNowhere(route.real)
      else gathered.addAbsent(this.#absentPath(entry, route))
    }
  }

  #absentPath(entry: FileEntry, folder: FolderRoute): string {
    const known = this.#absent.get(entry)
    if (known?.folder === folder) return known.path
    const path = inside(folder.real, entry.path.slice(entry.path.lastIndexOf('/') + 1))
    this.#absent.set(entry, { folder, path })
    return path
  }
}
