import { INCLUDE_CLOSURE_FILES_MAX, INCLUDE_CLOSURE_MISSING_MAX } from '../../base/limits.ts'
import type { ComputedRequest, IncludeRequest } from './directive-scan.ts'
import type { FileEntry, FileView } from './file-view.ts'
import { absolutePath } from './header-name.ts'
import type { ClosureRequest, IncludeClosure, UnresolvedReason } from './include-closure.ts'
import type { IncludeGraph, IncludeNode, Resolution } from './include-graph.ts'
import type { Asker } from './places.ts'

/** gcc includes it before anything else if it is there; with other compilers, to look for it does no harm. */
const IMPLICIT_INCLUDE: IncludeRequest = { start: 'angle', purpose: 'text', name: 'stdc-predef.h' }

export interface ClosureWalkComponents {
  readonly files: FileView
  readonly graph: IncludeGraph
}

/** A computed include and the file that it stands in. */
export interface PendingInclude {
  readonly asker: Asker
  readonly request: ComputedRequest
}

/** One walk through a graph, from one source over all that it may include. */
export class ClosureWalk {
  readonly #files: FileView
  readonly #graph: IncludeGraph
  readonly #request: ClosureRequest
  /** Marks what this walk has visited: cheaper than a set. */
  readonly #mark: number
  readonly #found: FileEntry[] = []
  readonly #texts: FileEntry[] = []
  readonly #missing: FileEntry[] = []
  readonly #precompiled: FileEntry[] = []
  readonly #stack: IncludeNode[] = []
  /** Files whose text was followed, by folder and name: `a/../b/x.h` and `b/x.h` ask for the same. */
  readonly #followed = new Set<string>()
  readonly computed: PendingInclude[] = []
  #unresolved: UnresolvedReason | undefined
  #usesDate = false
  #usesTime = false
  #usesTimestamp = false
  #usesModules = false

  constructor({ files, graph }: ClosureWalkComponents, request: ClosureRequest, mark: number) {
    this.#files = files
    this.#graph = graph
    this.#request = request
    this.#mark = mark
  }

  /** Visits the source, what the command line puts before it, and all that these include. */
  begin(): void {
    const { family, source, cwd, forcedIncludes, epoch } = this.#request
    const entry = this.#files.lookup(absolutePath(cwd, source), epoch)
    if (entry.state !== 'file') {
      this.giveUp('unreadable')
      return
    }
    // The command line speaks from the working directory, not from the source's folder.
    const commandLine: Asker = { folder: cwd, index: -1, cwd }
    const main = this.#graph.node(entry, -1)
    this.#enter(main)
    const implicit = this.#graph.resolve(commandLine, IMPLICIT_INCLUDE, epoch)
    this.#take(implicit)
    if (family === 'gcc') {
      // So does gcc look for them for the source itself.
      this.#addPrecompiled([this.#files.entry(`${entry.path}.gch`)])
      this.#precompiledFor(implicit)
    }
    for (const name of forcedIncludes) {
      const resolution = this.#graph.resolve(commandLine, { start: 'quote', purpose: 'text', name }, epoch)
      this.#precompiledFor(resolution)
      this.#take(resolution)
    }
    this.#walk()
    // A precompiled header counts only where it is included first.
    if (family === 'gcc' && forcedIncludes.length === 0)
      for (const resolution of main.resolutions) this.#precompiledFor(resolution)
  }

  follow(asker: Asker, request: IncludeRequest): void {
    this.#take(this.#graph.resolve(asker, request, this.#request.epoch))
    this.#walk()
  }

  /**
   * Takes a file that the compiler opened in, with all that it includes. Where it may have been looked for in vain before it
   * was found counts as well, whatever the name that it was asked for by.
   */
  followTold(path: string): void {
    const { cwd, searchPath, epoch } = this.#request
    const absolute = absolutePath(cwd, path)
    const entry = this.#files.lookup(absolute, epoch)
    if (entry.state !== 'file') this.giveUp('unreadable')
    if (entry.mark === this.#mark) return
    const asker: Asker = { folder: cwd, index: -1, cwd }
    searchPath.folders.forEach((folder, index) => {
      if (!absolute.startsWith(`${folder.path}/`)) return
      const start = index < searchPath.bracketStart ? 'quote' : 'angle'
      this.follow(asker, { start, purpose: 'text', name: absolute.slice(folder.path.length + 1) })
    })
    this.follow(asker, { start: 'quote', purpose: 'text', name: absolute })
  }

  giveUp(reason: UnresolvedReason): void {
    this.#unresolved ??= reason
  }

  get resolved(): boolean {
    return this.#unresolved === undefined
  }

  /** Grows with each file and each absent candidate. */
  get size(): number {
    return this.#found.length + this.#missing.length
  }

  /** The files that were read as source. */
  texts(): readonly FileEntry[] {
    return this.#texts
  }

  done(): IncludeClosure {
    return {
      files: this.#found,
      missing: this.#missing,
      unresolved: this.#unresolved,
      precompiled: this.#precompiled,
      usesDate: this.#usesDate,
      usesTime: this.#usesTime,
      usesTimestamp: this.#usesTimestamp,
      usesModules: this.#usesModules,
    }
  }

  #enter(node: IncludeNode): void {
    if (node.mark === this.#mark) return
    node.mark = this.#mark
    this.#addFound(node.entry)
    if (this.#found.length > INCLUDE_CLOSURE_FILES_MAX) this.giveUp('too-many-files')
    else this.#stack.push(node)
  }

  #walk(): void {
    const { cwd, epoch } = this.#request
    for (let node = this.#stack.pop(); node !== undefined && this.resolved; node = this.#stack.pop()) {
      // Headers that include each other over `..` have paths without end, but are no more files for that.
      const place = this.#graph.place(node)
      if (this.#followed.has(place)) continue
      this.#followed.add(place)
      const { scan, resolutions, entry, index } = this.#graph.open(node, cwd)
      if (scan === undefined) {
        this.giveUp('unreadable')
        continue
      }
      this.#texts.push(entry)
      if (scan.opaque !== undefined) this.giveUp(scan.opaque)
      if (scan.usesDate) this.#usesDate = true
      if (scan.usesTime) this.#usesTime = true
      if (scan.usesTimestamp) this.#usesTimestamp = true
      if (scan.usesModules) this.#usesModules = true
      for (const request of scan.computed) {
        this.computed.push({ asker: { folder: entry.folder.path, index, cwd }, request })
      }
      for (const resolution of resolutions) {
        if (resolution.mark !== this.#mark) this.#take(this.#graph.check(resolution, epoch))
      }
    }
  }

  #take(resolution: Resolution): void {
    resolution.mark = this.#mark
    for (const entry of resolution.absent) this.#addMissing(entry)
    if (this.#missing.length > INCLUDE_CLOSURE_MISSING_MAX) this.giveUp('too-many-files')
    for (const entry of resolution.present) this.#addFound(entry)
    for (const node of resolution.nodes) this.#enter(node)
    if (resolution.blocked !== undefined) this.giveUp('unreadable')
  }

  #addFound(entry: FileEntry): void {
    if (entry.mark === this.#mark) return
    entry.mark = this.#mark
    this.#found.push(entry)
  }

  #addMissing(entry: FileEntry): void {
    if (entry.mark === this.#mark) return
    entry.mark = this.#mark
    this.#missing.push(entry)
  }

  #precompiledFor(resolution: Resolution): void {
    this.#addPrecompiled(this.#graph.precompiledFor(resolution, this.#request.family))
  }

  #addPrecompiled(entries: readonly FileEntry[]): void {
    for (const entry of entries) {
      const { state } = this.#files.refresh(entry, this.#request.epoch)
      if (state === 'absent') this.#addMissing(entry)
      else if (state !== 'file') this.giveUp('precompiled-folder')
      else {
        if (!this.#hasText(entry)) this.giveUp('precompiled-alone')
        this.#addFound(entry)
        this.#precompiled.push(entry)
      }
    }
  }

  /** Whether `x.h` is beside `x.h.gch`. */
  #hasText({ path }: FileEntry): boolean {
    return this.#files.lookup(path.slice(0, path.lastIndexOf('.')), this.#request.epoch).state === 'file'
  }
}
