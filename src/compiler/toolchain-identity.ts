import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { type Sha256Hex, sha256 } from '../base/digest.ts'
import { isCxxDriver } from './compiler-names.ts'
import type { CompilerFamily } from './invocation.ts'
import type { Toolchain, ToolchainId } from './toolchain.ts'
import { findDriver } from './toolchain-driver.ts'
import { absentPart, type FileDigests, type FileStamp, hasText, sha256OfFile, stampFile } from './toolchain-files.ts'
import { findParts } from './toolchain-parts.ts'
import { PROBE } from './toolchain-probe.ts'
import type { ToolchainProcesses } from './toolchain-process.ts'

export interface ToolchainComponents {
  readonly processes: ToolchainProcesses
  readonly digests: FileDigests
  /** Where programs are looked for that a compiler names without a folder. */
  readonly pathFolders: readonly string[]
  /** For the object of the probe. */
  readonly temporaryFolder: string
}

/** On what an identity rests: while all this holds, the compiler is the same. */
export interface Grounds {
  /** The files that it is made of. */
  readonly files: readonly FileStamp[]
  /** Where nothing is: what came there would be part of it. */
  readonly absent: readonly string[]
  /** Those of its programs that it looks for in PATH; `file` is undefined where there is none. */
  readonly fromPath: readonly ProgramFromPath[]
}

export interface ProgramFromPath {
  readonly name: string
  readonly file: FileStamp | undefined
}

export interface IdentifiedToolchain extends Grounds {
  readonly toolchain: Toolchain
}

/**
 * Finds out what a compiler is, whatever its name and place: two machines with the same build of it get the same id. Takes
 * some 100 ms. Undefined for what is no compiler, or none that we know.
 */
export async function identifyToolchain(
  components: ToolchainComponents,
  path: string,
): Promise<IdentifiedToolchain | undefined> {
  const driver = findDriver(path, components.pathFolders)
  if (driver === undefined) return undefined
  const ask = questions(components, driver)
  const about = await ask('-v')
  const text = about?.stderr ?? ''
  const told = tellFamily(text)
  if (told === undefined || about?.exitCode !== 0 || !(await saysItself(driver, told.family, text))) return undefined
  const target = /^Target: (\S+)$/m.exec(text)?.[1]
  if (target === undefined) return undefined

  const parts = await findParts({ ...components, ask }, { driver, family: told.family, target, text })
  if (parts === undefined) return undefined
  const { fromPath, passed } = parts
  const named = [...new Map([['driver', driver], ...parts.files])].map(([name, file]) => ({
    name,
    stamp: stampFile(file),
  }))
  const absent = new Set(passed.flatMap((path) => absentPart(path) ?? []))
  const probe = await compileProbe(components, driver)
  if (probe === undefined) return undefined
  // What is there and was passed by may be made fit to be taken.
  const files = new Map(passed.flatMap((path) => stampFile(path) ?? []).map((stamp) => [stamp.path, stamp]))
  const digests: string[] = []
  for (const { name, stamp } of named) {
    if (stamp === undefined) return undefined
    files.set(stamp.path, stamp)
    digests.push(`${name} ${await components.digests.of(stamp)}`) // One at a time: often two names lead to one file.
  }
  const identity = [
    told.family,
    isCxxDriver(driver) ? 'c++' : 'c',
    target,
    ...configuration(text),
    ...digests.sort(),
    `probe ${probe}`,
  ]
  const id = sha256(identity.join('\n')) as ToolchainId
  const version = `${told.family} ${told.version}`
  return {
    toolchain: { id, family: told.family, version, target, driver },
    files: [...files.values()],
    absent: [...absent],
    fromPath: fromPath.map(({ name, file }) => ({ name, file: file === undefined ? undefined : stampFile(file) })),
  }
}

type Ask = (...args: readonly string[]) => ReturnType<ToolchainProcesses['ask']>

function questions({ processes, pathFolders, temporaryFolder }: ToolchainComponents, driver: string): Ask {
  const env = { PATH: pathFolders.join(delimiter), LC_ALL: 'C' }
  return (...args) => processes.ask([driver, ...args], { cwd: temporaryFolder, env })
}

/** How each family begins its version line, in the order to be tried: clang says both. */
const FAMILY_PATTERNS: readonly { readonly family: CompilerFamily; readonly pattern: RegExp }[] = [
  { family: 'clang', pattern: /^(?:[\w-]+ )*clang version ([\w.+-]+)/m },
  { family: 'gcc', pattern: /^gcc version ([\w.+-]+)/m },
]

function tellFamily(text: string): { readonly family: CompilerFamily; readonly version: string } | undefined {
  for (const { family, pattern } of FAMILY_PATTERNS) {
    const version = pattern.exec(text)?.[1]
    if (version !== undefined) return { family, version }
  }
  return undefined
}

/**
 * Whether what a driver says is written in the driver itself. A program that starts another one says what that one says,
 * and may hand it what it likes: words from the environment, or from a file.
 */
async function saysItself(driver: string, family: CompilerFamily, text: string): Promise<boolean> {
  // Apple's are programs that start the chosen Xcode's, in a folder that nobody else can write to.
  if (process.platform === 'darwin' && dirname(driver) === '/usr/bin') return true
  const words = family === 'clang' ? CLANG_WORDS : /^Configured with: (.+?)\s*$/m.exec(text)?.[1]
  return words !== undefined && hasText(driver, words)
}

/** What clang calls its `-cc1as`, which is always in its driver's own file; all else may be in libraries. */
const CLANG_WORDS = 'Clang Integrated Assembler'

/** Lines of `-v` that tell where things are on this machine, and not what the compiler is. */
const PLACE_LINES =
  /^(?:COLLECT_|InstalledDir:|Found |Selected |Candidate |Reading specs from |Configuration file:|(?:System|User) configuration file|Build config:)/

function configuration(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !PLACE_LINES.test(line))
}

/** What the compiler really does with a few lines; undefined when it cannot even do that. */
async function compileProbe({ processes, pathFolders, temporaryFolder }: ToolchainComponents, driver: string) {
  const folder = await mkdtemp(join(temporaryFolder, 'hybridgrid-probe-'))
  try {
    await writeFile(join(folder, 'probe.c'), PROBE)
    const args = ['-x', 'c', '-O2', '-c', 'probe.c', '-o', 'probe.o']
    const env = { PATH: pathFolders.join(delimiter), LC_ALL: 'C', TMPDIR: folder }
    const answer = await processes.ask([driver, ...args], { cwd: folder, env })
    if (answer?.exitCode !== 0) return undefined
    return await sha256OfFile(join(folder, 'probe.o')).catch((): Sha256Hex | undefined => undefined)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
