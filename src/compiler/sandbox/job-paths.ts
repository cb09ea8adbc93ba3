import { posix } from 'node:path'
import { PATH_MAX_BYTES } from '../../base/limits.ts'
import { RunnerError, type RunRequest } from '../runner.ts'
import { isGuarded, NOTHING_MORE, type ShownFolders } from './shown-paths.ts'
import { followLinks } from './tree-links.ts'

/** Where a run's files are, as its compile sees them: absolute, without `..` and without links on the way. */
export interface JobPaths {
  readonly cwd: string
  /** Folders that exist when the compile starts, and that it may write to. */
  readonly folders: readonly string[]
  /** In the order of the request. */
  readonly files: readonly string[]
  readonly outputs: readonly string[]
}

/**
 * Finds where all that a request names belongs, and refuses what could change the compiler: a library, a specs file or a
 * preload list of the client's making beside the real ones would be run. Rejects with `RunnerError`.
 */
export function jobPaths(request: RunRequest, shown: ShownFolders): JobPaths {
  const { cwd } = request
  if (!posix.isAbsolute(cwd)) throw pathRefused('the working directory is not absolute')
  const links = new Map(request.tree?.links.map(({ path, target }) => [path, target]))
  const at = (path: string) => {
    const reached = followLinks(posix.isAbsolute(path) ? path : `${cwd}/${path}`, links)
    if (reached === undefined) throw pathRefused('links lead in a circle')
    if (path.includes('\0') || Buffer.byteLength(reached) > PATH_MAX_BYTES - ROOM_FOR_ROOT)
      throw pathRefused('a path is no path')
    if (isGuarded(reached, shown)) throw pathRefused('a path is the compiler’s own')
    return reached.length > 1 && reached.endsWith('/') ? reached.slice(0, -1) : reached
  }
  const files = request.files.map(({ path }) => at(path))
  const outputs = request.outputs.map(at)
  const home = at('.')
  const folders = [...new Set([home, ...files.map(posix.dirname), ...outputs.map(posix.dirname)])]
  return { cwd: home, folders, files, outputs }
}

/**
 * The same for a run that is not confined: its folder stands in for `/`, so it must not name anything from there, nor
 * climb out of it.
 */
export function plainJobPaths(request: RunRequest): JobPaths {
  if (request.tree !== undefined) throw pathRefused('a tree needs a sandbox')
  const paths = jobPaths(request, NOTHING_MORE)
  const depth = paths.cwd.split('/').filter((part) => part !== '').length
  for (const path of [...request.outputs, ...request.files.map((file) => file.path)]) {
    if (posix.isAbsolute(path)) throw pathRefused('an absolute path needs a sandbox')
    const climbed = posix.normalize(path).split('/')
    if (climbed.filter((part) => part === '..').length > depth) throw pathRefused('a path leaves the folder')
  }
  return paths
}

/** What stands before a path in the cell, seen from outside. */
const ROOM_FOR_ROOT = 64

export function pathRefused(message: string): RunnerError {
  return new RunnerError({ code: 'RUNNER_PATH_REFUSED' }, message)
}
