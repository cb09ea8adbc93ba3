import { posix } from 'node:path'
import { PATH_MAX_BYTES } from '../../base/limits.ts'
import { RunnerError, type RunRequest } from '../runner.ts'

/** Where a run's files are, as its compile sees them: absolute and without `..`. */
export interface JobPaths {
  readonly cwd: string
  /** Folders that the compile may write to. */
  readonly folders: readonly string[]
  /** Those of them that lie among what the machine shows. */
  readonly apart: readonly string[]
  /** In the order of the request. */
  readonly files: readonly string[]
  readonly outputs: readonly string[]
}

/**
 * Finds where all that a request names belongs, and refuses what could change the compiler: a library, a specs file or a
 * preload list of the client's making beside the real ones would be run. Rejects with `RunnerError`.
 */
export function jobPaths(request: RunRequest, toolchainFolders: readonly string[]): JobPaths {
  const { cwd } = request
  if (!posix.isAbsolute(cwd)) throw refused('the working directory is not absolute')
  const at = (path: string) => posix.resolve(cwd, path)
  const files = request.files.map(({ path }) => at(path))
  const outputs = request.outputs.map(at)
  const named = [at('.'), ...files, ...outputs]
  const guarded = [...GUARDED_FOLDERS, ...toolchainFolders]
  for (const path of named) {
    if (path.includes('\0') || Buffer.byteLength(path) > PATH_MAX_BYTES - ROOM_FOR_ROOT)
      throw refused('a path is no path')
    if (isBelowAny(path, guarded) && !isBelowAny(path, SOURCE_FOLDERS)) throw refused('a path is the compiler’s own')
  }
  const folders = [...new Set([at('.'), ...files.map(posix.dirname), ...outputs.map(posix.dirname)])]
  return { cwd: at('.'), folders, apart: folders.filter((folder) => isBelowAny(folder, guarded)), files, outputs }
}

/**
 * The same for a run that is not confined: its folder stands in for `/`, so it must not name anything from there, nor
 * climb out of it.
 */
export function plainJobPaths(request: RunRequest): JobPaths {
  const paths = jobPaths(request, [])
  const depth = paths.cwd.split('/').filter((part) => part !== '').length
  for (const path of [...request.outputs, ...request.files.map((file) => file.path)]) {
    if (posix.isAbsolute(path)) throw refused('an absolute path needs a sandbox')
    const climbed = posix.normalize(path).split('/')
    if (climbed.filter((part) => part === '..').length > depth) throw refused('a path leaves the folder')
  }
  return paths
}

/**
 * The folder to be shown for a compiler outside the usual ones: `/opt/gcc-13` for `/opt/gcc-13/bin/gcc`. Undefined when
 * it is shown anyway. Refused where it would show more than a compiler: a home, or the whole machine.
 */
export function toolchainFolder(compiler: string, privateFolders: readonly string[]): string | undefined {
  if (isBelowAny(compiler, USUAL_FOLDERS)) return undefined
  const store = STORES.find((folder) => isBelow(compiler, folder))
  if (store !== undefined) return store
  const folder = posix.dirname(compiler)
  const installation = posix.basename(folder) === 'bin' ? posix.dirname(folder) : folder
  const shows = (path: string) => isBelow(path, installation)
  if (
    HOMES.some((homes) => homes === posix.dirname(installation)) ||
    [...privateFolders, ...PRIVATE_FOLDERS].some(shows)
  ) {
    throw new RunnerError({ code: 'RUNNER_COMPILER_REFUSED' }, `${installation} holds more than a compiler`)
  }
  return installation
}

/** Shown in every cell; mirrors USUAL_FOLDERS in expose.h. */
const USUAL_FOLDERS = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'] as const
const GUARDED_FOLDERS = [...USUAL_FOLDERS, '/etc', '/dev', '/proc', '/sys'] as const
/** Where sources are built among them. */
const SOURCE_FOLDERS = ['/usr/src', '/usr/local/src', '/usr/obj'] as const
/** Package managers whose compilers and libraries each have a folder of their own, all in one. */
const STORES = ['/nix/store', '/gnu/store'] as const
const HOMES = ['/home', '/Users'] as const
const PRIVATE_FOLDERS = ['/home', '/root', '/etc', '/var', '/run', '/proc'] as const
/** What stands before a path in the cell, seen from outside. */
const ROOM_FOR_ROOT = 64

function isBelowAny(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => isBelow(path, folder))
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)
}

function refused(message: string): RunnerError {
  return new RunnerError({ code: 'RUNNER_PATH_REFUSED' }, message)
}
