import type { FileEntry, FileView } from '../includes/file-view.ts'
import { absolutePath, folderOf } from '../includes/header-name.ts'
import type { IncludeClosure } from '../includes/include-closure.ts'
import type { SearchPath } from '../includes/search-path.ts'
import { FileRoutes } from './file-routes.ts'
import { type FolderRoute, FolderRoutes, inside } from './folder-routes.ts'
import type { InputTree, TreeFile, TreeLink } from './input-tree.ts'

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
  tree({ closure, cwd, searchPath, outputs, epoch }: TreeParts): InputTree | undefined {
    this.#mark += 1
    const gathered = new GatheredTree(this.#mark)
    for (const entry of closure.files) {
      const route = this.#files.route(entry, epoch)
      if (route === undefined) return undefined
      for (const folder of route.folders) gathered.pass(folder)
      for (const link of route.links) gathered.addLink(link)
      gathered.addFile(route.file)
    }
    for (const folder of [cwd, ...outputs.map((path) => folderOf(absolutePath(cwd, path)))]) {
      gathered.enter(this.#folders.route(folder, epoch))
    }
    for (const { path } of searchPath.folders) gathered.enter(this.#folders.route(path, epoch))
    for (const path of searchPath.embedFolders) gathered.enter(this.#folders.route(absolutePath(cwd, path), epoch))
    for (const path of searchPath.absent) gathered.addAbsent(this.#folders.route(path, epoch).real)
    for (const entry of closure.missing)
      if (entry.state === 'absent') gathered.addAbsent(this.#absentPath(entry, epoch))
    return gathered.done()
  }

  #absentPath(entry: FileEntry, epoch: number): string {
    const folder = this.#folders.route(folderOf(entry.path), epoch)
    const known = this.#absent.get(entry)
    if (known?.folder === folder) return known.path
    const name = entry.path.slice(entry.path.lastIndexOf('/') + 1)
    const path = folder.end === 'nowhere' ? folder.real : inside(folder.real, name)
    this.#absent.set(entry, { folder, path })
    return path
  }
}

/** Collects the parts of one tree, each once. */
class GatheredTree {
  /** Marks the routes that were passed: cheaper than a set. */
  readonly #mark: number
  readonly #files = new Map<string, TreeFile>()
  readonly #links = new Map<string, TreeLink>()
  readonly #folders = new Set<string>()
  readonly #absent = new Set<string>()

  constructor(mark: number) {
    this.#mark = mark
  }

  addFile(file: TreeFile): void {
    if (!this.#files.has(file.path)) this.#files.set(file.path, file)
  }

  addLink(link: TreeLink): void {
    this.#links.set(link.path, link)
  }

  addAbsent(path: string): void {
    this.#absent.add(path)
  }

  /** Goes to a folder that has to exist for its own sake, if it does. */
  enter(folder: FolderRoute): void {
    if (folder.end !== 'folder') return
    this.#folders.add(folder.real)
    this.pass(folder)
  }

  /** Goes through a folder to something in it. */
  pass(folder: FolderRoute): void {
    for (let at: FolderRoute | undefined = folder; at !== undefined && at.mark !== this.#mark; at = at.parent) {
      at.mark = this.#mark
      if (at.link !== undefined) this.addLink(at.link)
      if (at.behind !== undefined) this.pass(at.behind)
      if (at.climbs && at.parent !== undefined) this.#folders.add(at.parent.real)
    }
  }

  done(): InputTree {
    return {
      files: [...this.#files.values()],
      links: [...this.#links.values()],
      folders: [...this.#folders],
      absent: [...this.#absent],
    }
  }
}
