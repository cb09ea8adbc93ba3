import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fields, text } from '../status/shape.ts'

/** The folder this program was installed to; programs and sources lie below it. */
export const packageFolder: string = findPackage(import.meta.dirname)

export const packageVersion: string = readVersion(join(packageFolder, 'package.json'))

/** The native program that stands in for compilers. */
export const launcherFile: string = join(packageFolder, 'dist', 'launcher')

/** The native program that confines compiles for peers; where it could not be built it is absent. */
export const sandboxFile: string = join(packageFolder, 'dist', 'sandbox')

/**
 * For a node, as in bin/hg. A heap that begins small is searched for garbage from end to end again and again while a build
 * fills it: two seconds of CPU for 200 compiles. Room is only reserved; where it would be too much, V8 takes less.
 */
const HEAP_FLAGS = ['--initial-heap-size=256', '--min-semi-space-size=16']

/** How to start `hg` or `hgbuild`: as sources when we run from sources, else as built. */
export function programCommand(program: 'hg' | 'hgbuild'): readonly string[] {
  const file = import.meta.filename.endsWith('.ts')
    ? join(packageFolder, 'src', 'cli', `${program}.ts`)
    : join(packageFolder, 'dist', `${program}.js`)
  return [process.execPath, ...new Set([...HEAP_FLAGS, ...process.execArgv]), file]
}

function findPackage(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder
  const above = dirname(folder)
  return above === folder ? import.meta.dirname : findPackage(above)
}

function readVersion(file: string): string {
  const description: unknown = JSON.parse(readFileSync(file, 'utf8'))
  return fields({ version: text })(description) ? description.version : '0.0.0'
}
