import type { CompilerFamily } from '../invocation.ts'
import type { DefaultSearchPath } from './default-search-path.ts'
import { absolutePath } from './header-name.ts'
import type { IncludeOptions } from './include-options.ts'
import type { SearchFolder, SearchPath } from './search-path.ts'

export interface SearchPathParts {
  readonly family: CompilerFamily
  readonly cwd: string
  readonly options: IncludeOptions
  readonly defaults: DefaultSearchPath
  /** What `CPATH` and its kin add. */
  readonly environment: { readonly bracket: readonly string[]; readonly system: readonly string[] }
}

/** What a folder is, whatever the path to it; undefined if there is none. */
export type FolderIdentity = (path: string) => string | undefined

/**
 * The search path as gcc's `merge_include_chains` and clang's `InitHeaderSearch` make it: folders that are absent or
 * come twice are dropped, of a system folder and another the other one. Undefined if a part of it cannot be told.
 */
export function buildSearchPath(parts: SearchPathParts, identityOf: FolderIdentity): SearchPath | undefined {
  const chains = chainsOf(parts)
  if (chains === undefined) return undefined
  const { quote, bracket, system } = chains
  const known = new Map([...quote, ...bracket, ...system].map(({ path }) => [path, identityOf(path)]))
  const identity = ({ path }: SearchFolder) => known.get(path)
  const there = (folder: SearchFolder) => identity(folder) !== undefined

  const systemChain = unique(system.filter(there), identity)
  const systems = new Set(systemChain.map(identity))
  const bracketChain = unique(bracket.filter(there), identity).filter((folder) => !systems.has(identity(folder)))
  const quoteChain = unique(quote.filter(there), identity).filter(
    (folder) => parts.family === 'clang' || !systems.has(identity(folder)),
  )
  const folders = [...quoteChain, ...bracketChain, ...systemChain]
  const absent = [...known]
    .flatMap(([path, found]) => (found === undefined ? [path] : []))
    .concat(parts.defaults.absent)
  return finish(parts, folders, quoteChain.length, absent)
}

function finish(
  { cwd, options }: SearchPathParts,
  folders: readonly SearchFolder[],
  bracketStart: number,
  absent: readonly string[],
): SearchPath {
  const embedFolders = options.embed.map((folder) => folderPath(cwd, folder))
  const { skipsIncluder } = options
  const key = JSON.stringify([
    folders.map(({ path, framework }) => [path, framework]),
    bracketStart,
    skipsIncluder,
    embedFolders,
  ])
  return { key, folders, bracketStart, skipsIncluder, embedFolders, absent }
}

interface Chains {
  readonly quote: readonly SearchFolder[]
  readonly bracket: readonly SearchFolder[]
  readonly system: readonly SearchFolder[]
}

function chainsOf({ family, cwd, options, defaults, environment }: SearchPathParts): Chains | undefined {
  let told = options.unsupported === undefined
  const given = (kind: 'bracket' | 'other', paths: readonly string[]): readonly SearchFolder[] =>
    paths.flatMap((path) => {
      const length = sysrootMark(family, kind, path)
      // Which system root a compiler has of its own it does not say.
      if (length > 0 && options.sysroot === undefined) told = false
      const rooted = length === 0 ? path : (options.sysroot ?? '') + path.slice(length)
      return rooted === '' ? [] : [{ path: folderPath(cwd, rooted), framework: false }]
    })
  const own = (paths: readonly string[]) => given('other', paths)
  const byDefault = defaults.system.map(({ path, framework }) => ({ path: folderPath(cwd, path), framework }))
  const chains = {
    quote: [...own(options.quote), ...own(defaults.quote)],
    bracket: [...given('bracket', options.bracket), ...own(environment.bracket)],
    system: [...own(options.system), ...own(environment.system), ...byDefault, ...own(options.after)],
  }
  return told ? chains : undefined
}

/** Length of what stands for the system root in front of a folder; clang knows it for `-I=` only. */
function sysrootMark(family: CompilerFamily, kind: 'bracket' | 'other', path: string): number {
  if (path.startsWith('=')) return family === 'gcc' || kind === 'bracket' ? 1 : 0
  return family === 'gcc' && path.startsWith('$SYSROOT') ? '$SYSROOT'.length : 0
}

function folderPath(cwd: string, path: string): string {
  const absolute = absolutePath(cwd, path)
  return absolute.length > 1 ? absolute.replace(/\/\.?$/, '') || '/' : absolute
}

function unique(
  folders: readonly SearchFolder[],
  identity: (folder: SearchFolder) => string | undefined,
): readonly SearchFolder[] {
  const seen = new Set<string | undefined>()
  return folders.filter((folder) => {
    const found = identity(folder)
    if (seen.has(found)) return false
    seen.add(found)
    return true
  })
}
