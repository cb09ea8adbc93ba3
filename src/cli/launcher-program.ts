import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isProgram } from './compiler-names.ts'
import { launcherFile, packageFolder } from './package-folder.ts'

/** What stands in for compilers. */
export type LauncherProgram =
  | { readonly kind: 'native'; readonly file: string }
  /** Where the native one could not be built: the words that start its portable twin, a Node process per compile. */
  | { readonly kind: 'twin'; readonly command: readonly string[] }

/** The best launcher that this package has; undefined when it was not built at all. */
export function launcherProgram(): LauncherProgram | undefined {
  if (isProgram(launcherFile)) return { kind: 'native', file: launcherFile }
  const twin = join(packageFolder, 'dist', 'launcher.js')
  return existsSync(twin) ? { kind: 'twin', command: [process.execPath, twin] } : undefined
}

/**
 * A script that stands at its own path in place of a compiler, or of `hgbuild`, and has the twin do it. Its text and its size
 * differ where the stamps do: by these other tools tell compilers apart.
 */
export function twinScript(command: readonly string[], platform: NodeJS.Platform, stamp: string): string {
  const mark = stamp.padEnd(stamp.length + Number.parseInt(stamp.slice(0, 3), 16), '.')
  if (platform === 'win32') {
    return `@rem ${mark}\r\n@${command.map((word) => `"${word}"`).join(' ')} --as "%~f0" %*\r\n`
  }
  return `#!/bin/sh\n# ${mark}\nexec ${command.map(quoted).join(' ')} --as "$0" "$@"\n`
}

/** For a POSIX shell: nothing inside single quotes means anything but itself. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
