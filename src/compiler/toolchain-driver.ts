import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/**
 * The compiler behind a name: links are followed, and wrappers (ccache and its kin, the launcher) are passed by for what
 * comes after them in `pathFolders`. Undefined where there is none, or only a script that could do anything.
 */
export function findDriver(path: string, pathFolders: readonly string[]): string | undefined {
  const name = basename(path)
  const folders = pathFolders.filter((folder) => folder !== dirname(path))
  for (const candidate of [path, ...folders.map((folder) => join(folder, name))]) {
    const driver = followLinks(candidate)
    if (driver === undefined) {
      if (candidate === path) return undefined
      continue
    }
    if (!isWrapper(driver)) return isProgram(driver) ? driver : undefined
  }
  return undefined
}

/** Whether `path` leads to `driver` and starts nothing else: links do, wrappers do not. Nothing is run to find out. */
export function isNameOf(path: string, driver: string): boolean {
  return path === driver || findDriver(path, []) === driver
}

/** The first program of that name in `pathFolders`. */
export function findInPath(name: string, pathFolders: readonly string[]): string | undefined {
  return pathFolders.map((folder) => join(folder, name)).find(isExecutable)
}

/** By the name of what a compiler's name links to. Those of our launcher are beside the rest. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'ccache',
  'distcc',
  'icecc',
  'sccache',
  'colorgcc',
  'buildcache',
  'gomacc',
  'nocc',
  'firebuild',
  'launcher',
  'hgbuild',
])

/** Chains of links are short; a circle is not followed for ever. Linux stops at 40. */
const LINKS_MAX = 40

/**
 * The last name of a chain of links, its folder without links. clang goes by its name: `clang++` and
 * `aarch64-linux-gnu-clang` are links to `clang` that do other things, so there the chain ends one earlier.
 */
function followLinks(path: string): string | undefined {
  let current = resolve(path)
  for (let count = 0; count < LINKS_MAX; count += 1) {
    const target = linkTarget(current)
    if (target === undefined) return whereItIs(current)
    if (saysMore(current, target) && !leadsToWrapper(target)) return whereItIs(current)
    current = target
  }
  return undefined
}

function whereItIs(path: string): string | undefined {
  try {
    return statSync(path).isFile() ? join(realpathSync(dirname(path)), basename(path)) : undefined
  } catch {
    return undefined
  }
}

/** Undefined for what is no link, or is not there. */
function linkTarget(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? resolve(realpathSync(dirname(path)), readlinkSync(path)) : undefined
  } catch {
    return undefined
  }
}

function saysMore(name: string, target: string): boolean {
  return (
    (isCxx(name) && !isCxx(target)) || (TARGET_OF_CLANG.test(basename(name)) && !TARGET_OF_CLANG.test(basename(target)))
  )
}

function isCxx(path: string): boolean {
  return basename(path).includes('++')
}

/** `aarch64-linux-gnu-clang++-14`. */
const TARGET_OF_CLANG = /-clang\b/

function isWrapper(path: string): boolean {
  return WRAPPERS.has(basename(path).replace(/\.exe$/i, ''))
}

function leadsToWrapper(path: string): boolean {
  try {
    return isWrapper(path) || isWrapper(realpathSync(path))
  } catch {
    return false
  }
}

function isExecutable(path: string): boolean {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false // Mostly: an error would cost more.
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Not a script: what that runs depends on more than its text. */
export function isProgram(path: string): boolean {
  if (!isExecutable(path)) return false
  const file = openSync(path, 'r')
  try {
    const start = Buffer.alloc(2)
    return readSync(file, start, 0, 2, 0) === 2 && start.toString('latin1') !== '#!'
  } catch {
    return false
  } finally {
    closeSync(file)
  }
}
