import type { CompilerFamily } from '../invocation.ts'
import type { DirectiveScan, IncludeRequest } from './directive-scan.ts'
import type { FileEntry, FileView } from './file-view.ts'
import { inFolder } from './header-name.ts'
import { type Asker, askerKey, placesFor } from './places.ts'
import type { SearchPath } from './search-path.ts'

/** A file in one role: where it was found decides what `#include_next` means in it. */
export interface IncludeNode {
  readonly entry: FileEntry
  /** Index of the search folder it was found in; -1 if none. */
  readonly index: number
  readonly scan: DirectiveScan | undefined
  readonly resolutions: readonly Resolution[]
  /** The closure that visited it last. */
  mark: number
}

/** One name, looked for from one place: found where, and absent where before that. */
export interface Resolution {
  readonly absent: readonly FileEntry[]
  /** Sources to be followed. */
  readonly nodes: readonly IncludeNode[]
  /** Files of which only the bytes or the presence matter. */
  readonly present: readonly FileEntry[]
  /** Something that can be neither read nor passed over is in the way. */
  readonly blocked: FileEntry | undefined
  /** The closure that visited it last. */
  mark: number
}

interface Node extends IncludeNode {
  place: string
  placedIn: string | undefined
  version: number
  scan: DirectiveScan | undefined
  resolutions: readonly Resolution[]
}

interface Search extends Resolution {
  readonly asker: Asker
  readonly request: IncludeRequest
  absent: FileEntry[]
  nodes: Node[]
  present: FileEntry[]
  blocked: FileEntry | undefined
  /** Precompiled headers that may be taken instead; made when first asked for. */
  precompiled: readonly FileEntry[] | undefined
  epoch: number
}

/**
 * What includes what along one search path. Each file is resolved once; later only the answers are checked, once per
 * epoch: found files still there, absent ones still absent.
 */
export class IncludeGraph {
  readonly #files: FileView
  readonly #searchPath: SearchPath
  readonly #nodes = new Map<string, Node>()
  readonly #searches = new Map<string, Search>()

  constructor({ files }: { readonly files: FileView }, searchPath: SearchPath) {
    this.#files = files
    this.#searchPath = searchPath
  }

  get size(): number {
    return this.#nodes.size + this.#searches.size
  }

  node(entry: FileEntry, index: number): IncludeNode {
    return this.#node(entry, index)
  }

  #node(entry: FileEntry, index: number): Node {
    const key = `${index} ${entry.path}`
    const known = this.#nodes.get(key)
    if (known !== undefined) return known
    const node: Node = {
      entry,
      index,
      place: '',
      placedIn: undefined,
      version: -1,
      scan: undefined,
      resolutions: [],
      mark: -1,
    }
    this.#nodes.set(key, node)
    return node
  }

  /** What a file and its role are, by whatever path: nodes of one place ask for the same files. Its entry must be fresh. */
  place(given: IncludeNode): string {
    const node = given as Node // All nodes are made by `node`.
    const { folder, name } = node.entry
    if (node.placedIn === undefined || node.placedIn !== folder.identity) {
      node.placedIn = folder.identity
      node.place = `${node.index} ${folder.identity ?? folder.path}/${name}`
    }
    return node.place
  }

  /** Brings what `node` asks for up to date with its content. Its entry must have been refreshed in this epoch. */
  open(given: IncludeNode, cwd: string): IncludeNode {
    const node = given as Node // All nodes are made by `node`.
    if (node.version === node.entry.version && node.scan !== undefined) return node
    const scan = this.#files.scan(node.entry)
    const asker = { folder: node.entry.folder.path, index: node.index, cwd }
    node.version = node.entry.version
    node.scan = scan
    node.resolutions = scan?.requests.map((request) => this.#search(asker, request)) ?? []
    return node
  }

  /** Looks for a name on behalf of `asker`; the answer is good for `epoch`. */
  resolve(asker: Asker, request: IncludeRequest, epoch: number): Resolution {
    return this.check(this.#search(asker, request), epoch)
  }

  /** Makes sure that an answer still holds in `epoch`. */
  check(given: Resolution, epoch: number): Resolution {
    const search = given as Search
    if (search.epoch >= epoch) return search
    if (search.epoch === -1 || !this.#holds(search, epoch)) this.#look(search, epoch)
    search.epoch = epoch
    return search
  }

  /**
   * gcc tries `x.h.gch`, a file or a folder, before `x.h` in each place where it looks; clang `.pch` and `.gch` beside a
   * forced include. The entries may be out of date.
   */
  precompiledFor(given: Resolution, family: CompilerFamily): readonly FileEntry[] {
    const search = given as Search
    search.precompiled ??= [...search.absent, ...search.nodes.map(({ entry }) => entry)].flatMap(({ path }) =>
      PRECOMPILED_SUFFIXES[family].map((suffix) => this.#files.entry(path + suffix)),
    )
    return search.precompiled
  }

  #search(asker: Asker, request: IncludeRequest): Search {
    const key = `${request.purpose} ${askerKey(asker, request.start)}\0${request.name}`
    const known = this.#searches.get(key)
    if (known !== undefined) return known
    const search: Search = {
      asker,
      request,
      absent: [],
      nodes: [],
      present: [],
      blocked: undefined,
      precompiled: undefined,
      epoch: -1,
      mark: -1,
    }
    this.#searches.set(key, search)
    return search
  }

  #holds({ absent, nodes, present, blocked }: Search, epoch: number): boolean {
    for (const entry of absent) if (!isPassedOver(this.#files.refresh(entry, epoch))) return false
    for (const { entry } of nodes) if (this.#files.refresh(entry, epoch).state !== 'file') return false
    for (const entry of present) if (this.#files.refresh(entry, epoch).state !== 'file') return false
    return blocked === undefined
  }

  #look(search: Search, epoch: number): void {
    search.absent = []
    search.nodes = []
    search.present = []
    search.blocked = undefined
    search.precompiled = undefined
    const { asker, request } = search
    const { places, takesAll } = placesFor(this.#searchPath, asker, request.start, request.name)
    for (const { folder, name, index } of places) {
      const entry = this.#files.lookup(inFolder(folder, name), epoch)
      if (isPassedOver(entry)) {
        search.absent.push(entry)
        continue
      }
      if (entry.state === 'blocked') search.blocked = entry
      else if (request.purpose === 'text') search.nodes.push(this.#node(entry, index))
      else search.present.push(entry)
      if (!takesAll || search.blocked !== undefined) return
    }
  }
}

const PRECOMPILED_SUFFIXES: Readonly<Record<CompilerFamily, readonly string[]>> = {
  gcc: ['.gch'],
  clang: ['.pch', '.gch'],
}

/** A search goes on past a folder of the name that it looks for. */
function isPassedOver({ state }: FileEntry): boolean {
  return state === 'absent' || state === 'folder'
}
