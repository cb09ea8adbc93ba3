import type { Folder } from '../includes/folder-cache.ts'
import type { FolderRoute } from './folder-routes.ts'
import type { InputTree, TreeFile, TreeLink } from './input-tree.ts'

/** Collects the parts of one tree, each once. */
export class GatheredTree {
  /** Marks the routes that were passed: cheaper than a set. */
  readonly #mark: number
  readonly #files = new Map<string, TreeFile>()
  readonly #links = new Map<string, TreeLink>()
  readonly #entered = new Set<string>()
  readonly #absent = new Set<string>()
  readonly #nowhere = new Set<string>()
  readonly #seen = new Set<Readonly<Folder>>()

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

  /** The path that is no folder, so that `..` behind it leads nowhere. It may be a file of this very tree. */
  addNowhere(path: string): void {
    this.#nowhere.add(path)
  }

  /** Goes to a folder that has to exist for its own sake, if it does. */
  enter(folder: FolderRoute): void {
    this.lookInto(folder)
    if (folder.end !== 'folder') return
    this.#entered.add(folder.real)
    this.pass(folder)
  }

  /** Goes through a folder to something in it. */
  pass(folder: FolderRoute): void {
    this.lookInto(folder)
    for (let at: FolderRoute | undefined = folder; at !== undefined && at.mark !== this.#mark; at = at.parent) {
      at.mark = this.#mark
      if (at.link !== undefined) this.addLink(at.link)
      if (at.behind !== undefined) this.pass(at.behind)
      if (at.climbs && at.parent !== undefined) this.#entered.add(at.parent.real)
    }
  }

  /** Notes what the way to a folder was told from, though nothing on it has to be there. */
  lookInto(folder: FolderRoute): void {
    for (let at: FolderRoute | undefined = folder; at !== undefined && at.looked !== this.#mark; at = at.parent) {
      at.looked = this.#mark
      if (at.folder !== undefined) this.#seen.add(at.folder)
      if (at.behind !== undefined) this.lookInto(at.behind)
    }
  }

  /** All that were passed or looked into. */
  folders(): readonly Readonly<Folder>[] {
    return [...this.#seen]
  }

  done(): InputTree {
    for (const path of this.#nowhere) if (!this.#files.has(path)) this.#absent.add(path)
    return {
      files: [...this.#files.values()],
      links: [...this.#links.values()],
      folders: [...this.#entered],
      absent: [...this.#absent],
    }
  }
}
