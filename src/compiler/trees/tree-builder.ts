import type { Clock } from '../../base/clock.ts'
import { sha256 } from '../../base/digest.ts'
import { type FileEntry, FileView } from '../includes/file-view.ts'
import { absolutePath } from '../includes/header-name.ts'
import type { IncludeClosure, UnresolvedReason } from '../includes/include-closure.ts'
import { IncludeScanner } from '../includes/include-scanner.ts'
import { PrecompiledInputs } from '../includes/precompiled-inputs.ts'
import { NOTHING_SAVED, type SavedMemory, type SavedNow } from '../includes/saved-memory.ts'
import { type SearchPathAnswer, SearchPaths } from '../includes/search-paths.ts'
import type { ChangeTimes, SyncFiles } from '../includes/sync-files.ts'
import { ToldIncludes } from '../includes/told-includes.ts'
import type { CompileInvocation, Language } from '../invocation.ts'
import { type LinkClosure, LinkClosures } from '../links/link-closure.ts'
import { linkEnvironment } from '../links/linker-question.ts'
import type { Toolchain } from '../toolchain.ts'
import type { ToolchainProcesses } from '../toolchain-process.ts'
import { ClosureTrees, type ClosureTreesComponents, type FoundTree } from './closure-tree.ts'
import type { InputTree } from './input-tree.ts'
import { RememberedTrees } from './remembered-trees.ts'

export interface TreeBuilderComponents {
  readonly files: SyncFiles
  readonly clock: Clock
  readonly processes: ToolchainProcesses
  readonly mayBeShown: ClosureTreesComponents['mayBeShown']
  /** What an earlier node left; `memory` of this one tells it on. */
  readonly saved?: SavedMemory
}

/** Where and how a compile is called, beside its command line. */
export interface TreeContext {
  readonly toolchain: Pick<Toolchain, 'id' | 'family'>
  /** The compiler as it is called: clang spells its own folders after that. */
  readonly compiler: string
  readonly cwd: string
  readonly env: ReadonlyMap<string, string>
  /** What the compile writes, as the command line names it. */
  readonly outputs: readonly string[]
  /** Whether what the linker reads belongs to it, too. */
  readonly linked?: boolean
}

export type BuiltTree =
  | {
      readonly kind: 'tree'
      readonly tree: InputTree
      /** The bytes of `tree.files[index]`, as long as they are what its digest says. */
      bytes(index: number): Uint8Array | undefined
      /** When its files were last changed, as of the latest look at each; undefined when one is gone by now. */
      changes(): readonly ChangeTimes[] | undefined
      /** Whether `__DATE__`, `__TIME__` or `__TIMESTAMP__` may be used. */
      readonly usesDate: boolean
      readonly usesTime: boolean
      readonly usesTimestamp: boolean
    }
  /** Only a preprocessor can tell all that the compile reads. */
  | { readonly kind: 'unfit'; readonly why: UnresolvedReason | 'link' }

export interface TreeBuilder {
  /**
   * The tree of one compile, as it is now. At once, and within a millisecond when most of its files were seen before;
   * a promise only when a compiler is asked for the first time where it looks for headers.
   */
  build(invocation: CompileInvocation, context: TreeContext): BuiltTree | Promise<BuiltTree>
}

/** What a builder has learned and may leave to the next. */
export interface TreeMemory {
  /** Grows with what is worth saving. */
  readonly learned: number
  memory(): SavedNow
}

/** Makes the client's half of input trees: remembers what it saw of this machine's files, and notices when they change. */
export function createTreeBuilder(components: TreeBuilderComponents): TreeBuilder & TreeMemory {
  return new RememberingTreeBuilder(components)
}

class RememberingTreeBuilder implements TreeBuilder, TreeMemory {
  readonly #files: SyncFiles
  readonly #view: FileView
  readonly #searchPaths: SearchPaths
  readonly #scanner: IncludeScanner
  readonly #precompiled: PrecompiledInputs
  readonly #told: ToldIncludes
  readonly #links: LinkClosures
  readonly #trees: ClosureTrees
  readonly #remembered: RememberedTrees<BuiltTree>
  #epoch = 0

  constructor({ files, clock, processes, mayBeShown, saved = NOTHING_SAVED }: TreeBuilderComponents) {
    this.#files = files
    this.#view = new FileView({ files, clock, saved: saved.files })
    this.#searchPaths = new SearchPaths({ files: this.#view, processes, clock, saved: saved.answers })
    this.#scanner = new IncludeScanner({ files: this.#view })
    this.#precompiled = new PrecompiledInputs({ files: this.#view, processes })
    this.#told = new ToldIncludes({ processes })
    this.#links = new LinkClosures({ files: this.#view, disk: files, processes, clock })
    this.#trees = new ClosureTrees({ files: this.#view, mayBeShown })
    this.#remembered = new RememberedTrees({ files: this.#view })
  }

  get learned(): number {
    return this.#view.reads + this.#searchPaths.answers
  }

  memory(): SavedNow {
    return { files: this.#view.saved(), answers: this.#searchPaths.saved() }
  }

  build(invocation: CompileInvocation, context: TreeContext): BuiltTree | Promise<BuiltTree> {
    // What a file was a moment ago proves nothing: the build may have written it before this compile began.
    this.#epoch += 1
    const epoch = this.#epoch
    const { toolchain, compiler, cwd, env } = context
    const { options, language } = invocation
    const { id, family } = toolchain
    const found = this.#searchPaths.find({
      family,
      toolchain: id,
      driver: compiler,
      language,
      options,
      cwd,
      env,
      epoch,
    })
    return after(found, (answer) => this.#build(invocation, context, answer, epoch))
  }

  #build(
    invocation: CompileInvocation,
    context: TreeContext,
    answer: SearchPathAnswer | undefined,
    epoch: number,
  ): BuiltTree | Promise<BuiltTree> {
    if (answer === undefined) return unfit('search-path')
    // The search path comes into it by its own key, too: the folders that it was made of may have changed.
    const named = [invocation.source, ...context.outputs, '', ...invocation.extraInputs]
    const linkedWith = context.linked ? ['', ...invocation.args, linkEnvironment(context.env)] : []
    const key = [answer.searchPath.key, answer.key, ...named, ...linkedWith].join('\0')
    const known = this.#remembered.find(key, epoch)
    if (known !== undefined) return known
    return after(this.#precompiledInputs(invocation, context, epoch), (precompiled) => {
      if (precompiled === undefined) return unfit('unreadable')
      const linked = context.linked ? this.#linked(invocation, context, epoch) : NOTHING_LINKED
      return after(linked, (links) => {
        if (links === undefined) return unfit('link')
        const asked = { answer, precompiled, linked: links, told: undefined }
        const finish = ({ built, found }: Found) => {
          if (found !== undefined) this.#remembered.remember(key, found, built)
          return built
        }
        const first = this.#find(invocation, context, asked, epoch)
        if (first.built.kind === 'tree' || first.built.why !== 'computed-include') return finish(first)
        return this.#told.find({ invocation, ...context }).then((told) => {
          if (told === undefined) return first.built
          this.#epoch += 1 // Files may have changed while the compiler read them.
          return finish(this.#find(invocation, context, { ...asked, told }, this.#epoch))
        })
      })
    })
  }

  #precompiledInputs({ precompiled }: CompileInvocation, { compiler, cwd }: TreeContext, epoch: number) {
    return precompiled.length === 0 ? [] : this.#precompiled.find({ names: precompiled, compiler, cwd, epoch })
  }

  #linked(invocation: CompileInvocation, { toolchain, compiler, cwd, env }: TreeContext, epoch: number) {
    return this.#links.find({ toolchain: toolchain.id, compiler, invocation, cwd, env, epoch })
  }

  #find(
    { family, source, language, extraInputs }: CompileInvocation,
    { compiler, cwd, outputs }: TreeContext,
    { answer: { searchPath, options }, precompiled, linked, told }: Asked,
    epoch: number,
  ): Found {
    const { defines } = options
    // Their macros count, and what these name is looked for, whether the command line includes their text or not.
    const forcedIncludes = [...options.forcedIncludes, ...precompiled]
    const notThere = searchPath.absent.map((path) => this.#view.lookup(path, epoch))
    // What is in the way of a search the compiler warns of.
    if (notThere.some(({ state }) => state !== 'absent')) return { built: unfit('unreadable') }
    const included = this.#scanner.closure({ family, source, cwd, searchPath, forcedIncludes, defines, told, epoch })
    const closure = this.#withExtraInputs(included, cwd, extraInputs, epoch)
    if (closure.unresolved !== undefined) return { built: unfit(closure.unresolved) }
    if (closure.usesModules && MODULE_LANGUAGES.has(language)) return { built: unfit('modules') }
    const all = linked === NOTHING_LINKED ? closure : joined(closure, linked)
    const found = this.#trees.tree({ closure: all, compiler, cwd, searchPath, outputs, epoch })
    if (found === undefined) return { built: unfit('unreadable') }
    const { tree, folders } = found
    const files = found.entries.filter(({ state }) => state === 'file')
    if (family === 'clang' && filesAmong(files) < tree.files.length) return { built: unfit('several-names') }
    const { usesDate, usesTime, usesTimestamp } = closure
    const bytes = (index: number) => this.#bytes(tree, index)
    const changes = () => {
      const stats = files.flatMap(({ stat }) => stat ?? [])
      return stats.length === files.length ? stats : undefined
    }
    return {
      built: { kind: 'tree', tree, bytes, changes, usesDate, usesTime, usesTimestamp },
      found: { entries: [...found.entries, ...notThere, ...linked.absentLinkers], folders },
    }
  }

  /** Profiles, lists and the like: read if they are there, without being included. */
  #withExtraInputs(closure: IncludeClosure, cwd: string, names: readonly string[], epoch: number): IncludeClosure {
    if (names.length === 0) return closure
    const entries = names.map((name) => this.#view.lookup(absolutePath(cwd, name), epoch))
    const there = entries.filter((entry) => this.#view.content(entry) !== undefined)
    const rest = entries.filter((entry) => !there.includes(entry))
    const unresolved = rest.every(({ state }) => state === 'absent' || state === 'folder')
      ? closure.unresolved
      : 'unreadable'
    return { ...closure, unresolved, files: [...closure.files, ...there], missing: [...closure.missing, ...rest] }
  }

  #bytes({ files }: InputTree, index: number): Uint8Array | undefined {
    const file = files[index]
    if (file === undefined) return undefined
    const bytes = this.#files.read(file.path, file.bytes)
    return bytes !== undefined && sha256(bytes) === file.digest ? bytes : undefined
  }
}

/** What was asked of compilers and linkers. */
interface Asked {
  readonly answer: SearchPathAnswer
  /** What precompiled headers were made of. */
  readonly precompiled: readonly string[]
  readonly linked: LinkClosure
  /** What the compiler opens, where that was asked. */
  readonly told: readonly string[] | undefined
}

interface Found {
  readonly built: BuiltTree
  /** What it was told from, if it can be remembered. */
  readonly found?: Omit<FoundTree, 'tree'>
}

/** At once, where the value is there. */
function after<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}

/** How many files are behind these entries, by whatever names. */
function filesAmong(entries: readonly FileEntry[]): number {
  return new Set(entries.map(({ stat }) => `${stat?.dev}:${stat?.ino}`)).size
}

/** In C the words of a module line are names like any others. */
const MODULE_LANGUAGES: ReadonlySet<Language> = new Set(['c++', 'c++-cpp-output'])

const NOTHING_LINKED: LinkClosure = { files: [], missing: [], absentLinkers: [] }

type FoundAndNot = Pick<LinkClosure, 'files' | 'missing'>

function joined(included: FoundAndNot, linked: FoundAndNot): FoundAndNot {
  return { files: [...included.files, ...linked.files], missing: [...included.missing, ...linked.missing] }
}

function unfit(why: Extract<BuiltTree, { kind: 'unfit' }>['why']): BuiltTree {
  return { kind: 'unfit', why }
}
