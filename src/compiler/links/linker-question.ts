import type { CompileInvocation } from '../invocation.ts'
import type { ToolchainId } from '../toolchain.ts'
import type { LinkerInput } from './linker-call.ts'

/** A call that compiles and links, as far as its linker matters. */
export interface LinkQuery {
  readonly toolchain: ToolchainId
  /** The compiler as it is called. */
  readonly compiler: string
  readonly invocation: Pick<CompileInvocation, 'args' | 'source'>
  readonly cwd: string
  readonly env: ReadonlyMap<string, string>
  readonly epoch: number
}

/** What a driver is asked of a call, and what need not be asked: answers are the same for many calls. */
export interface LinkerQuestion {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** `-l` and `-L` words that were taken out: drivers hand them on as they are. */
  readonly libraries: readonly LinkerInput[]
  readonly folders: readonly string[]
  /** Where a linker for this machine looks first for what libraries bring along: `LD_LIBRARY_PATH`. */
  readonly loaderFolders: readonly string[]
}

/** Undefined where the linker takes more into account than files that it names. */
export function linkerQuestion({ invocation: { args }, env }: LinkQuery): LinkerQuestion | undefined {
  if (args.some((word) => UNFIT.test(word)) || UNFIT_VARIABLES.some((name) => env.has(name))) return undefined
  const path = env.get('LD_LIBRARY_PATH')
  const loaderFolders = path === undefined ? [] : path.split(/[:;]/)
  const asked = { LC_ALL: 'C', ...variables(env) }
  if (args.some((word) => VERBATIM.test(word))) {
    return { args, env: asked, libraries: [], folders: [], loaderFolders }
  }
  const form = args.some((word) => STATIC.test(word)) ? 'archive' : 'any'
  const libraries: LinkerInput[] = []
  const folders: string[] = []
  const kept = args.filter((word) => {
    if (/^-l[^:]/.test(word)) libraries.push({ kind: 'library', name: word.slice(2), form })
    else if (/^-L./.test(word)) folders.push(word.slice(2))
    else return !COMPILER_ONLY.test(word)
    return false
  })
  return { args: kept, env: asked, libraries, folders, loaderFolders }
}

/** All of an environment that has a say in a link, in one text. */
export function linkEnvironment(env: ReadonlyMap<string, string>): string {
  const names = [...ASKED_VARIABLES, 'LD_LIBRARY_PATH', ...UNFIT_VARIABLES]
  return JSON.stringify(names.map((name) => env.get(name) ?? null))
}

/** Link-time optimization compiles once more; other linkers, plugins and lists have files of their own. */
const UNFIT =
  /^(?:-flto|-fwhole-program|-fuse-linker-plugin|-fuse-ld|-ffat-lto|-specs|--specs|-B|-wrapper|-fplugin|-l:|-###)/

/** Variables that linkers heed; those of the compiler driver are refused elsewhere. */
const UNFIT_VARIABLES = ['LD_RUN_PATH', 'LDEMULATION', 'GNUTARGET', 'LD_OPTIONS', 'LPATH'] as const

/** Not `-static-libgcc`, which is said of that library only. */
const STATIC = /^--?static(?:-pie)?$/

/** Words after which the next one, or the order of all, says something to the linker. */
const VERBATIM = /^(?:-Wl,|-Xlinker$|-l$|-L$|-T|-u$|-z$|-e$|-h$|-D$|-I$|-U$)/

/** Words that make no difference to a link. Where one of them is a value of the word before, that is in `VERBATIM`. */
const COMPILER_ONLY =
  /^-(?:(?:[DUI]|W(?!l,)|std=).|O[0-3sg]?$|g\d?$|ggdb\d?$|pipe$|f(?:visibility=|unroll-loops$|no-strict-aliasing$|no-common$|(?:function|data)-sections$))/

/** What drivers heed when they are asked. An empty `LIBRARY_PATH` is another than none: it means the folder of the call. */
const ASKED_VARIABLES: readonly string[] = ['PATH', 'LIBRARY_PATH']

function variables(env: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries([...env].filter(([name]) => ASKED_VARIABLES.includes(name)))
}
