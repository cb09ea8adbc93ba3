import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, isAbsolute, join } from 'node:path'
import { sha256 } from '../base/digest.ts'
import type { Random } from '../base/random.ts'
import { compilersInPath, isBelow, isCompilerName, isProgram } from './compiler-names.ts'
import { type LauncherProgram, twinScript } from './launcher-program.ts'

export interface CompilersFolderInit {
  /** The state folder. */
  readonly home: string
  /** Undefined where none was built: then no build may be led anywhere. */
  readonly launcher: LauncherProgram | undefined
}

/**
 * Folders of names that all lead to the launcher: `compilers/path-…` stands first in a build's PATH, and
 * `compilers/abs-…/gcc` stands in for a compiler that the build calls by its absolute path.
 *
 * A CMake cache keeps such paths for years, so none is ever removed, and all are led anew when the package has moved.
 * There is one folder per set of names, because builds with another PATH may run at the same time. Each name is
 * replaced by renaming, so there is no moment without it.
 */
export class CompilersFolder {
  readonly #random: Random
  readonly #root: string
  readonly #launcher: LauncherProgram | undefined

  constructor({ random }: { readonly random: Random }, { home, launcher }: CompilersFolderInit) {
    this.#random = random
    this.#root = join(home, 'compilers')
    this.#launcher = launcher
  }

  /** All that is ours in a PATH lies below this. */
  get root(): string {
    return this.#root
  }

  /** The folder whose names stand in for the compilers in `path`, and for `hgbuild` itself. */
  prepare(path: string): string {
    const names = [...compilersInPath(path, this.#root), 'hgbuild']
    const folder = join(this.#root, `path-${sha256(names.join('\n')).slice(0, SHORT_DIGEST)}`)
    this.#refresh()
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    for (const name of names) this.#lead(folder, name)
    return folder
  }

  /** What stands in for the compiler at an absolute path; undefined when there is none, or it is ours already. */
  standIn(compiler: string): string | undefined {
    const stands = isAbsolute(compiler) && isCompilerName(compiler) && isProgram(compiler)
    if (!stands || isBelow(compiler, this.#root) || this.#isLauncher(compiler)) return undefined
    const folder = join(this.#root, `abs-${sha256(compiler).slice(0, SHORT_DIGEST)}`)
    const name = basename(compiler)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.#link(folder, `.real-${name}`, compiler) // First: the launcher looks for it as soon as it is called.
    this.#lead(folder, name)
    return join(folder, name)
  }

  /** Leads what other builds made to where the launcher is now. */
  #refresh(): void {
    mkdirSync(this.#root, { recursive: true, mode: 0o700 })
    for (const folder of readdirSync(this.#root, { withFileTypes: true })) {
      if (!folder.isDirectory()) continue
      for (const name of readdirSync(join(this.#root, folder.name))) {
        if (!name.startsWith('.')) this.#lead(join(this.#root, folder.name), name.replace(/\.cmd$/, ''))
      }
    }
  }

  #isLauncher(compiler: string): boolean {
    return this.#launcher?.kind === 'native' && realpathSync(compiler) === realpathSync(this.#launcher.file)
  }

  #lead(folder: string, name: string): void {
    const launcher = this.#launcher
    if (launcher === undefined) throw new Error('the launcher is not built')
    if (launcher.kind === 'native') this.#link(folder, name, launcher.file)
    else this.#write(folder, scriptName(name), twinScript(launcher.command, process.platform))
  }

  #link(folder: string, name: string, target: string): void {
    const file = join(folder, name)
    if (attempt(() => readlinkSync(file)) === target) return
    const temporary = join(folder, `.${name}.${this.#random.hex(6)}`)
    symlinkSync(target, temporary)
    renameSync(temporary, file)
  }

  #write(folder: string, name: string, script: string): void {
    const file = join(folder, name)
    const there = attempt(() => (lstatSync(file).isFile() ? readFileSync(file, 'utf8') : undefined))
    if (there === script) return
    const temporary = join(folder, `.${name}.${this.#random.hex(6)}`)
    writeFileSync(temporary, script, { mode: 0o700 })
    renameSync(temporary, file)
  }
}

function scriptName(name: string): string {
  return process.platform === 'win32' ? `${name}.cmd` : name
}

/** Hex digits that tell some dozens of folders apart. */
const SHORT_DIGEST = 8

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined // Not there yet.
  }
}
