import { posix } from 'node:path'

/** What is shown besides the usual, and what is not. */
export interface ShownFolders {
  /** Of compilers that are installed elsewhere. */
  readonly toolchains: ReadonlySet<string>
  /** Folders of headers that are each client's own, though what is around them is shown. */
  readonly ceded: ReadonlySet<string>
}

export const NOTHING_MORE: ShownFolders = { toolchains: new Set(), ceded: new Set() }

/**
 * Whether a cell shows this machine's own tree at `path`, be something there or not: what compilers need to run. Neither
 * headers nor what projects install: those are the client's. Mirrors shown.h.
 */
export function isShown(path: string, { toolchains, ceded }: ShownFolders): boolean {
  return (isUsuallyShown(path) || isBelowAny(path, toolchains)) && !isBelowAny(path, ceded)
}

function isUsuallyShown(path: string): boolean {
  // Asked of every file of every tree and of all that must be absent: no more than a glance at the first names.
  const [, top = '', child, next, below] = path.split('/', 5)
  if (SHOWN_AT_TOP.has(top)) return true
  if (top === 'usr' && child !== undefined && isOfUsr(child, next, below)) return true
  return top === 'etc' && child !== undefined && SHOWN_OF_ETC.has(child)
}

function isOfUsr(child: string, next: string | undefined, below: string | undefined): boolean {
  if (child === 'share') return next === 'locale'
  if (child === 'local') return next !== undefined && isOfLocal(next, below)
  return !NOT_OF_USR.has(child) && isOfTarget(child, next)
}

function isOfLocal(child: string, next: string | undefined): boolean {
  const ofCompilers = child === 'bin' || child === 'sbin' || child.startsWith('lib') || NAMES_TARGET.test(child)
  return ofCompilers && isOfTarget(child, next)
}

function isOfTarget(child: string, next: string | undefined): boolean {
  return !NAMES_TARGET.test(child) || (next !== undefined && next !== 'include')
}

/** Of `/usr/aarch64-linux-gnu`: only names of targets have two dashes here. */
const NAMES_TARGET = /-.*-/

/** Where nothing of a client's may be: a library, a specs file or a preload list beside the machine's own would be run. */
export function isGuarded(path: string, shown: ShownFolders): boolean {
  return isOfMachine(path) || isShown(path, shown)
}

/** Whether a path is in one of the folders that are each machine's own, and of which no cell shows another's. */
export function isOfMachine(path: string): boolean {
  return GUARDED_AT_TOP.test(path)
}

/**
 * The folder of headers that `path` is in, where it lies among libraries that are shown: `/usr/lib/llvm-14/include`. It can be
 * ceded to clients, since no program and no library lies in there.
 */
export function headerFolder(path: string): string | undefined {
  return HEADERS_AMONG_LIBRARIES.exec(path)?.[1]
}

const HEADERS_AMONG_LIBRARIES = /^(\/usr\/(?:local\/)?lib[^/]*\/(?:[^/]+\/)*?include)(?:\/|$)/

/** The folder to be shown for a compiler outside the usual ones: `/opt/gcc-13` for `/opt/gcc-13/bin/gcc`. */
export function toolchainFolder(compiler: string): string | undefined {
  if (isUsuallyShown(compiler)) return undefined
  const store = STORES.find((folder) => isBelow(compiler, folder))
  if (store !== undefined) return store
  const folder = posix.dirname(compiler)
  return posix.basename(folder) === 'bin' ? posix.dirname(folder) : folder
}

/** Whether showing a folder for a compiler in it would show more: a home, or the whole machine. */
export function holdsMore(installation: string, privateFolders: readonly string[]): boolean {
  if (HOMES.includes(posix.dirname(installation))) return true
  return [...privateFolders, ...PRIVATE_FOLDERS].some((folder) => isBelow(folder, installation))
}

const SHOWN_AT_TOP: ReadonlySet<string> = new Set(['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'])
const SHOWN_OF_ETC: ReadonlySet<string> = new Set(['alternatives', 'ld.so.cache'])
const NOT_OF_USR: ReadonlySet<string> = new Set(['include', 'src', 'obj', 'games'])
/** Not `/dev/shm`: people build there, in memory, and in a cell it is but a folder. */
const GUARDED_AT_TOP = /^\/(?:etc|dev(?!\/shm(?:\/|$))|proc|sys)(?:\/|$)/
/** Package managers whose compilers and libraries each have a folder of their own, all in one. */
const STORES = ['/nix/store', '/gnu/store']
const HOMES = ['/home', '/Users']
/** None of them, nor a folder above one, is shown for the sake of a compiler. */
const PRIVATE_FOLDERS = ['/home', '/root', '/etc', '/var', '/run', '/proc', '/usr/local/bin', '/usr/include']

/** Whether a path is one of these folders, or lies below one. */
export function isBelowAny(path: string, folders: Iterable<string>): boolean {
  for (const folder of folders) if (isBelow(path, folder)) return true
  return false
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)
}
