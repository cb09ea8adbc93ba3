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

/** How to start `hg` or `hgbuild`: as sources when we run from sources, else as built. */
export function programCommand(program: 'hg' | 'hgbuild'): readonly string[] {
  const file = import.meta.filename.endsWith('.ts')
    ? join(packageFolder, 'src', 'cli', `${program}.ts`)
    : join(packageFolder, 'dist', `${program}.js`)
  return [process.execPath, ...process.execArgv, file]
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
