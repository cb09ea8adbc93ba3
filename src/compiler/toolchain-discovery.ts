import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { TOOLCHAIN_CANDIDATES_MAX } from '../base/limits.ts'
import { findDriver } from './toolchain-driver.ts'

/** Where compilers are although PATH may not say so: services start with a short one. */
const USUAL_FOLDERS = ['/usr/local/bin', '/usr/bin', '/bin', '/opt/homebrew/bin', '/opt/local/bin'] as const

/** `gcc`, `g++-12`, `x86_64-linux-gnu-gcc-12.2`, `clang++`, but not `gcc-ar` or `clang-format`. */
const COMPILER_NAME = /^(?:[\w.]+-)*(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+)(?:-\d+(?:\.\d+)*)?(?:\.exe)?$/

/** PATH and the usual folders, each once. */
export function searchFolders(pathFolders: readonly string[]): readonly string[] {
  return [...new Set([...pathFolders, ...USUAL_FOLDERS])].filter((folder) => folder.startsWith('/'))
}

/** The compilers of this machine, each under the first of its names: links to one driver count once. */
export function discoverDrivers(pathFolders: readonly string[]): readonly string[] {
  const folders = searchFolders(pathFolders)
  const candidates = folders.flatMap(compilersIn).slice(0, TOOLCHAIN_CANDIDATES_MAX)
  const byDriver = new Map<string, string>()
  for (const path of candidates) {
    const driver = findDriver(path, folders)
    if (driver !== undefined && !byDriver.has(driver)) byDriver.set(driver, path)
  }
  return [...byDriver.keys()]
}

function compilersIn(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder).filter((name) => COMPILER_NAME.test(name))
    return names.sort().map((name) => join(folder, name))
  } catch {
    return [] // PATH may name folders that are not there.
  }
}
