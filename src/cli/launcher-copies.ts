import {
  appendFileSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Clock } from '../base/clock.ts'
import { type Sha256Hex, sha256 } from '../base/digest.ts'
import type { Random } from '../base/random.ts'
import { stampFile } from '../compiler/toolchain-files.ts'
import { isCompilerName, isProgram } from './compiler-names.ts'
import { ifThere } from './if-there.ts'

export interface LauncherCopiesComponents {
  readonly clock: Clock
  readonly random: Random
}

export interface LauncherCopiesInit {
  /** Holds a folder for each copy. */
  readonly root: string
  /** The native launcher. */
  readonly launcher: string
}

/**
 * Copies of the native launcher, one for each compiler that it stands in for. ccache and sccache tell compilers apart by
 * time, size or content of the file that they call: a copy has the time of its compiler, and behind the program, where
 * nothing is ever loaded, the digest of the compiler's content and so much emptiness that sizes differ, too. Machines with
 * equal compilers have equal copies, so what such tools share stays shared.
 *
 * A copy lies in `launcher-…`, named after what stat says of compiler and launcher: an upgrade of either makes another.
 */
export class LauncherCopies {
  readonly #clock: Clock
  readonly #random: Random
  readonly #root: string
  readonly #launcher: string
  /** By the compilers, as they are when a build starts: many names lead to few of them. */
  readonly #files = new Map<string, string>()

  constructor({ clock, random }: LauncherCopiesComponents, { root, launcher }: LauncherCopiesInit) {
    this.#clock = clock
    this.#random = random
    this.#root = root
    this.#launcher = launcher
  }

  /**
   * The copy for the compilers of one name, which stand in PATH one behind the other: wrappers look for the next one.
   * Undefined on a disk from which no programs are run.
   */
  copyFor(compilers: readonly string[]): string | undefined {
    const key = compilers.join('\n')
    const file = this.#files.get(key) ?? this.#find(compilers)
    this.#files.set(key, file)
    return isProgram(file) ? file : undefined
  }

  /** Removes copies that no build has been led to for a day: links to them are gone. To be called when all links are led. */
  sweep(): void {
    const oldest = this.#clock.wallTime() - UNUSED_MAX_MS
    for (const name of readdirSync(this.#root)) {
      const folder = join(this.#root, name)
      if (!name.startsWith(PREFIX) || (ifThere(() => statSync(folder).mtimeMs) ?? oldest) >= oldest) continue
      rmSync(folder, { recursive: true, force: true })
    }
  }

  #find(compilers: readonly string[]): string {
    const folder = join(this.#root, `${PREFIX}${stampOf([this.#launcher, ...compilers]).slice(0, STAMP_DIGITS)}`)
    const file = join(folder, NAME)
    if (!existsSync(file)) this.#make(file, compilers)
    const now = this.#clock.wallTime() / 1000
    utimesSync(folder, now, now) // It is in use.
    return file
  }

  #make(file: string, compilers: readonly string[]): void {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const temporary = `${file}.${this.#random.hex(6)}`
    copyFileSync(this.#launcher, temporary, constants.COPYFILE_FICLONE)
    chmodSync(temporary, 0o700)
    const identity = sha256(compilers.map(contentOf).join('\n'))
    appendFileSync(temporary, identity)
    truncateSync(temporary, statSync(temporary).size + Number.parseInt(identity.slice(0, SIZE_DIGITS), 16))
    setTime(temporary, compilers)
    renameSync(temporary, file)
  }
}

/** A digest of what stat says of these files: nothing is read for it. */
export function stampOf(files: readonly string[]): Sha256Hex {
  return sha256(files.map((file) => JSON.stringify({ ...ifThere(() => stampFile(file)), path: '' })).join('\n'))
}

/**
 * Gives a file the time of the compiler that it stands in for: the first by what its name links to. Wrappers before that,
 * such as ccache, are what looks at the time, and mean that one.
 */
export function setTime(file: string, compilers: readonly string[]): void {
  const compiler = compilers.find((each) => isCompilerName(ifThere(() => realpathSync(each)) ?? '')) ?? compilers[0]
  const time = compiler === undefined ? undefined : ifThere(() => statSync(compiler).mtimeMs / 1000)
  if (time !== undefined) utimesSync(file, time, time)
}

function contentOf(file: string): string {
  return ifThere(() => sha256(readFileSync(file))) ?? stampOf([file]) // It may be there to be run, not to be read.
}

const PREFIX = 'launcher-'
/** By this name the node tells a launcher from a compiler (compiler/toolchain-driver.ts). */
const NAME = 'launcher'
const STAMP_DIGITS = 16
/** A million sizes; what is empty takes no room on most disks. */
const SIZE_DIGITS = 5
/** Long enough that a build which has just found a copy still leads its names there. */
const UNUSED_MAX_MS = 86_400_000
