import { delimiter, dirname, resolve } from 'node:path'

/** Where drivers look for the assembler in compiles for peers: the machine's own, whatever the node was started with. */
export function programFolders(driver: string): readonly string[] {
  return [dirname(driver), '/usr/local/bin', '/usr/bin', '/bin']
}

/** Where drivers look for programs in a call of this machine, after folders of their own; what is empty means `cwd`. */
export function pathFolders(path: string | undefined, cwd: string): readonly string[] {
  return (path ?? DEFAULT_PATH).split(delimiter).map((folder) => resolve(cwd, folder))
}

/** What the C library searches when PATH is not set. */
const DEFAULT_PATH = '/bin:/usr/bin'

/** Where `-print-search-dirs` says that a driver looks for files of its own, in order, as it names them. */
export function driverFolders(printed: string, kind: 'programs' | 'libraries'): readonly string[] {
  const line = new RegExp(`^${kind}: =(.*)$`, 'm').exec(printed)?.[1] ?? ''
  return line.split(delimiter).filter((folder) => folder !== '')
}
