import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, isAbsolute, join, relative } from 'node:path'
import type { Clock } from '../base/clock.ts'
import { sha256 } from '../base/digest.ts'
import type { Random } from '../base/random.ts'
import { text } from '../status/shape.ts'
import { compilersInPath, isBelow, isCompilerName, isProgram } from './compiler-names.ts'
import { ifThere } from './if-there.ts'
import { LauncherCopies, setTime, stampOf } from './launcher-copies.ts'
import { type LauncherProgram, twinScript } from './launcher-program.ts'

export interface CompilersFolderComponents {
  readonly clock: Clock
  readonly random: Random
}

export interface CompilersFolderInit {
  /** The state folder. */
  readonly home: string
  /** Undefined where none was built: then no build may be led anywhere. */
  readonly launcher: LauncherProgram | undefined
}

/** Compilers by name; under each, those that stand in PATH one behind the other. */
type Compilers = ReadonlyMap<string, readonly string[]>

/**
 * Folders of names that all lead to the launcher: `compilers/path-…` stands first in a build's PATH, and
 * `compilers/abs-…/gcc` stands in for a compiler that the build calls by its absolute path. Beside each name `.real-NAME`
 * links to the compiler that it stands for: a build may write down where it found a name, and use it under another PATH.
 *
 * There is one folder per set of compilers, because builds with another PATH may run at the same time. All are led anew
 * with each build, since the package may have moved, or a compiler been upgraded. Each name is replaced by renaming, so
 * there is no moment without it.
 *
 * A CMake cache keeps such paths for years. So a folder is removed only when nobody could build with it any more, us or no
 * us: when none of its compilers is there, and no build has asked for it for a month (a disk may be away for a while).
 */
export class CompilersFolder {
  readonly #clock: Clock
  readonly #random: Random
  readonly #root: string
  readonly #launcher: LauncherProgram | undefined
  readonly #copies: LauncherCopies | undefined

  constructor(components: CompilersFolderComponents, { home, launcher }: CompilersFolderInit) {
    this.#clock = components.clock
    this.#random = components.random
    this.#root = join(home, 'compilers')
    this.#launcher = launcher
    if (launcher?.kind === 'native') {
      this.#copies = new LauncherCopies(components, { root: this.#root, launcher: launcher.file })
    }
  }

  /** All that is ours in a PATH lies below this. */
  get root(): string {
    return this.#root
  }

  /** The folder whose names stand in for the compilers in `path`, and for `hgbuild` itself. */
  prepare(path: string): string {
    const compilers = this.#withoutOurs(compilersInPath(path, this.#root))
    mkdirSync(this.#root, { recursive: true, mode: 0o700 })
    this.#refresh()
    const folder = this.#fill(`path-${shortDigest(JSON.stringify([...compilers]))}`, compilers)
    this.#lead(folder, 'hgbuild', [])
    this.#copies?.sweep()
    return folder
  }

  /** What stands in for the compiler at an absolute path; undefined when there is none, or it is ours already. */
  standIn(compiler: string): string | undefined {
    const stands = isAbsolute(compiler) && isCompilerName(compiler) && isProgram(compiler)
    if (!stands || isBelow(compiler, this.#root) || this.#isOurs(compiler)) return undefined
    const name = basename(compiler)
    return join(this.#fill(`abs-${shortDigest(compiler)}`, new Map([[name, [compiler]]])), name)
  }

  /** Leads what other builds made to where the launcher is now, and to what their compilers are now. */
  #refresh(): void {
    for (const entry of readdirSync(this.#root, { withFileTypes: true })) {
      if (!entry.isDirectory() || !/^(path|abs)-/.test(entry.name)) continue
      const folder = join(this.#root, entry.name)
      const compilers = readRecord(folder)
      if (this.#isPastUse(folder, compilers)) {
        rmSync(folder, { recursive: true, force: true })
        continue
      }
      for (const file of readdirSync(folder)) {
        if (file.startsWith('.')) continue
        const name = file.replace(/\.cmd$/, '')
        this.#lead(folder, name, compilers.get(name) ?? [])
      }
    }
  }

  #isPastUse(folder: string, compilers: Compilers): boolean {
    if (compilers.size === 0 || [...compilers.values()].flat().some(isProgram)) return false
    const askedFor = ifThere(() => statSync(folder).mtimeMs)
    return askedFor !== undefined && this.#clock.wallTime() - askedFor > PAST_USE_MS
  }

  #fill(name: string, compilers: Compilers): string {
    const folder = join(this.#root, name)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.#write(join(folder, RECORD), JSON.stringify([...compilers]))
    for (const [each, files] of compilers) {
      // First: the launcher looks for it as soon as it is called. On Windows links are not for everybody.
      if (process.platform !== 'win32' && files[0] !== undefined) this.#link(folder, `.real-${each}`, files[0])
      this.#lead(folder, each, files)
    }
    const now = this.#clock.wallTime() / 1000
    utimesSync(folder, now, now)
    return folder
  }

  /** A launcher among the compilers, or what another state folder has in PATH, stands for what is behind it. */
  #withoutOurs(compilers: Compilers): Compilers {
    const others = [...compilers].map(([name, files]) => [name, files.filter((file) => !this.#isOurs(file))] as const)
    return new Map(others.filter(([, files]) => files.length > 0))
  }

  #isOurs(compiler: string): boolean {
    const beside = ifThere(() => lstatSync(join(dirname(compiler), `.real-${basename(compiler)}`)))
    if (beside !== undefined) return true
    return this.#launcher?.kind === 'native' && realpathSync(compiler) === realpathSync(this.#launcher.file)
  }

  #lead(folder: string, name: string, compilers: readonly string[]): void {
    const launcher = this.#launcher
    if (launcher === undefined) throw new Error('the launcher is not built')
    if (launcher.kind === 'twin') {
      const script = twinScript(launcher.command, process.platform, stampOf(compilers))
      this.#write(join(folder, scriptName(name)), script, compilers)
      return
    }
    const copy = compilers.length === 0 ? undefined : this.#copies?.copyFor(compilers)
    this.#link(folder, name, copy === undefined ? launcher.file : relative(folder, copy))
  }

  #link(folder: string, name: string, target: string): void {
    const file = join(folder, name)
    if (ifThere(() => readlinkSync(file)) === target) return
    const temporary = join(folder, `.${name}.${this.#random.hex(6)}`)
    symlinkSync(target, temporary)
    renameSync(temporary, file)
  }

  #write(file: string, contents: string, compilers: readonly string[] = []): void {
    const there = ifThere(() => (lstatSync(file).isFile() ? readFileSync(file, 'utf8') : undefined))
    if (there === contents) return
    const temporary = join(dirname(file), `.${basename(file)}.${this.#random.hex(6)}`)
    writeFileSync(temporary, contents, { mode: 0o700 })
    setTime(temporary, compilers)
    renameSync(temporary, file)
  }
}

/** Which compilers a folder of names was made for. */
const RECORD = '.compilers.json'

/** Empty for a folder that an older version made: its names are led to the launcher itself. */
function readRecord(folder: string): Compilers {
  const record: unknown = ifThere(() => JSON.parse(readFileSync(join(folder, RECORD), 'utf8')))
  return new Map(Array.isArray(record) ? record.filter(isEntry) : [])
}

function isEntry(value: unknown): value is readonly [string, readonly string[]] {
  return Array.isArray(value) && text(value[0]) && Array.isArray(value[1]) && value[1].every(text)
}

function scriptName(name: string): string {
  return process.platform === 'win32' ? `${name}.cmd` : name
}

/** Tells some dozens of folders apart. */
function shortDigest(words: string): string {
  return sha256(words).slice(0, 8)
}

/** A month, as said above. */
const PAST_USE_MS = 30 * 86_400_000
