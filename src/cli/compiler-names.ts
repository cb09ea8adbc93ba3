import { accessSync, constants, readdirSync, statSync } from 'node:fs'
import { basename, delimiter, join, resolve, sep } from 'node:path'

/** What a name must end in, but for a version: `gcc`, `aarch64-linux-gnu-g++-12`. */
const DRIVERS = '(?:cc|gcc|c\\+\\+|g\\+\\+|clang|clang\\+\\+)'
const VERSION = '(?:-\\d+(?:\\.\\d+)*)?'

/**
 * First words of target triples. `c99-gcc`, `afl-clang` and their kin look like compilers for a target, but are scripts
 * that call one: they find ours when they do.
 */
const ARCHITECTURES =
  '(?:x86_64|amd64|i[3-6]86|aarch64|arm|armeb|armv\\d\\w*|riscv(?:32|64)|powerpc\\w*|ppc\\w*|mips\\w*|s390x?|sparc\\w*' +
  '|alpha|hppa\\w*|ia64|m68k|sh\\d\\w*|loongarch64|avr|msp430|xtensa|wasm32|bpf|arc|nios2|or1k)'

const COMPILER = new RegExp(`^(?:${ARCHITECTURES}-(?:[\\w.]+-)*)?${DRIVERS}${VERSION}$`)

/** Whether a word is a compiler by its name, with or without a folder. */
export function isCompilerName(word: string): boolean {
  return COMPILER.test(basename(word))
}

/** Names that POSIX gave compilers, and Debian's for gcc. They are scripts that call one, so nothing stands in for them. */
const STANDARD_NAMES: ReadonlySet<string> = new Set(['c89', 'c99', 'c17', 'c89-gcc', 'c99-gcc'])

/** What stands in front of a compiler's name in a command line. */
const WRAPPERS: ReadonlySet<string> = new Set(['ccache', 'sccache', 'distcc', 'icecc'])

/** Whether a command runs one compiler, itself or through others: `c99 -c x.c`, `ccache gcc -c x.c`. */
export function isOneCompile([program = '', ...args]: readonly string[]): boolean {
  if (WRAPPERS.has(basename(program))) return isOneCompile(args)
  return isCompilerName(program) || STANDARD_NAMES.has(basename(program))
}

/**
 * The compilers in `path` by name, sorted; under each name all programs that have it, in PATH's order. Folders below
 * `except` (our own) do not count.
 */
export function compilersInPath(path: string, except: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const folder of new Set(path.split(delimiter))) {
    if (folder === '' || isBelow(folder, except)) continue
    for (const entry of entriesOf(folder)) {
      const name = process.platform === 'win32' ? entry.replace(/\.exe$/i, '') : entry
      const program = join(folder, entry)
      if (!isCompilerName(name) || !isProgram(program)) continue
      found.set(name, [...(found.get(name) ?? []), resolve(program)])
    }
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** `PATH` without the folders below `except`. */
export function pathWithout(path: string, except: string): string {
  return path
    .split(delimiter)
    .filter((folder) => !isBelow(folder, except))
    .join(delimiter)
}

export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep)
}

/** Whether a file can be run. */
export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // PATH may name folders that are not there.
  }
}
