import { posix, win32 } from 'node:path'

/** What the search needs of the machine. */
export interface CompilerFinder {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly stderrIsTerminal: boolean
  /** Identity of a file that can be run, by `device:inode`; undefined when there is none. */
  identify(path: string): string | undefined
  /** Where a symbolic link points to; undefined when it is none. */
  readLink(path: string): string | undefined
}

/** Set in all that a launcher starts, so that it never meets itself: the compilers that were found, parted by colons. */
export const GUARD_VARIABLE = 'HG_LAUNCHER_ACTIVE'

/** Whether this is a compiler by its name: `gcc`, `aarch64-linux-gnu-g++-12`, `/usr/bin/clang-14`. */
export function looksLikeCompiler(word: string): boolean {
  return /(^|-)(cc|gcc|c\+\+|g\+\+|clang|clang\+\+)(-[0-9.]*)?$/.test(programName(word))
}

/** What was called, without folder and Windows' extension. */
export function programName(path: string): string {
  return win32.basename(posix.basename(path)).replace(/\.(exe|cmd|bat)$/i, '')
}

/**
 * The program that `calledAs` would be without us: an absolute path. `ownFolder` holds the scripts that stand in for
 * compilers; they differ from the native launcher in that each is a file of its own. Mirrors find-compiler.c.
 */
export function findCompiler(
  finder: CompilerFinder,
  calledAs: string,
  ownFolder: string | undefined,
): string | undefined {
  const path = finder.platform === 'win32' ? win32 : posix
  const folder = path.dirname(calledAs)
  const name = programName(calledAs)
  if (folder === '.' && !calledAs.startsWith('.')) return searchPath(finder, name, ownFolder)
  const absoluteFolder = path.resolve(finder.cwd, folder)
  const beside = realBeside(finder, absoluteFolder, name)
  if (beside === undefined && absoluteFolder !== ownFolder) {
    const there = path.resolve(finder.cwd, calledAs)
    // As a shell would: another compiler of that name, somewhere in PATH, is not what was asked for.
    return finder.identify(there) === undefined ? undefined : there
  }
  // A wrapper that was met already has found us in PATH when it looked there for the next one.
  const wasMet = beside !== undefined && metAlready(finder).has(finder.identify(beside))
  return beside !== undefined && !wasMet ? beside : (searchPath(finder, name, ownFolder) ?? beside)
}

/** Beside a launcher that stands in for `/usr/bin/gcc`, `.real-gcc` links to that. */
function realBeside({ platform, readLink }: CompilerFinder, folder: string, name: string): string | undefined {
  const path = platform === 'win32' ? win32 : posix
  const real = readLink(path.join(folder, `.real-${name}`))
  return real === undefined ? undefined : path.resolve(folder, real)
}

/** A compiler that called us again is a wrapper that looks for the next one: ccache, a script. */
function metAlready({ platform, env, identify }: CompilerFinder): ReadonlySet<string | undefined> {
  const path = platform === 'win32' ? win32 : posix
  const met = (env[GUARD_VARIABLE] ?? '').split(path.delimiter).filter((each) => each !== '')
  return new Set(met.map(identify).filter((identity) => identity !== undefined))
}

function searchPath(finder: CompilerFinder, name: string, ownFolder: string | undefined): string | undefined {
  const { platform, env, cwd, identify } = finder
  const path = platform === 'win32' ? win32 : posix
  const known = metAlready(finder)
  let met: string | undefined
  for (const entry of (env['PATH'] ?? env['Path'] ?? USUAL_PATH).split(path.delimiter)) {
    const folder = path.resolve(cwd, entry)
    if (folder === ownFolder || realBeside(finder, folder, name) !== undefined) continue
    for (const extension of platform === 'win32' ? ['.exe'] : ['']) {
      const candidate = path.join(folder, name + extension)
      const identity = identify(candidate)
      if (identity === undefined) continue
      if (!known.has(identity)) return candidate
      met ??= candidate
    }
  }
  return met
}

/** What a shell would search when PATH is not set. */
const USUAL_PATH = '/usr/local/bin:/usr/bin:/bin'
