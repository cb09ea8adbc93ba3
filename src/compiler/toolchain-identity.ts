import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { basename, delimiter, isAbsolute, join } from 'node:path'
import { type Sha256Hex, sha256 } from '../base/digest.ts'
import { isCxxDriver } from './compiler-names.ts'
import type { CompilerFamily } from './invocation.ts'
import type { Toolchain, ToolchainId } from './toolchain.ts'
import { findDriver, findInPath } from './toolchain-driver.ts'
import { type FileDigests, type FileStamp, sha256OfFile, stampFile } from './toolchain-files.ts'
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

export interface IdentifiedToolchain {
  readonly toolchain: Toolchain
  /** The files that it is made of: while they are unchanged, so is it. */
  readonly files: readonly FileStamp[]
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
  if (told === undefined || about?.exitCode !== 0) return undefined
  const target = /^Target: (\S+)$/m.exec(text)?.[1]
  if (target === undefined) return undefined

  const parts = await findParts(components, driver, told.family, text)
  const named = [...new Map([['driver', driver], ...parts])].map(([name, file]) => ({ name, stamp: stampFile(file) }))
  const probe = await compileProbe(components, driver)
  if (probe === undefined) return undefined
  const files = new Map<string, FileStamp>()
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
  return { toolchain: { id, family: told.family, version, target, driver }, files: [...files.values()] }
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

/** Lines of `-v` that tell where things are on this machine, and not what the compiler is. */
const PLACE_LINES =
  /^(?:COLLECT_|InstalledDir:|Found |Selected |Candidate |Reading specs from |Configuration file:|Build config:)/

function configuration(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !PLACE_LINES.test(line))
}

/** The programs that do a family's work, as `-print-prog-name` knows them. */
const PROGRAMS: Readonly<Record<CompilerFamily, readonly string[]>> = {
  gcc: ['cc1', 'cc1plus', 'as'],
  clang: ['clang'],
}

/** What the compiler is made of beside its driver, by a name that is the same on every machine. */
async function findParts(
  components: ToolchainComponents,
  driver: string,
  family: CompilerFamily,
  text: string,
): Promise<ReadonlyMap<string, string>> {
  const ask = questions(components, driver)
  const parts = new Map<string, string>()
  const found = await Promise.all(
    PROGRAMS[family].map(async (name) => {
      const answer = (await ask(`-print-prog-name=${name}`))?.stdout.trim() ?? ''
      return { name, file: isAbsolute(answer) ? answer : findInPath(answer, components.pathFolders) }
    }),
  )
  for (const { name, file } of found) if (file !== undefined && stampFile(file)) parts.set(name, file)
  for (const [, name, file] of text.matchAll(/^(Reading specs from|Configuration file:) (.+)$/gm)) {
    if (name !== undefined && file !== undefined && stampFile(file)) parts.set(name, file)
  }
  if (family === 'clang') {
    for (const file of await sharedLibraries(components, parts.get('clang') ?? driver)) parts.set(basename(file), file)
  }
  return parts
}

/** Distributions put clang's code into libraries. Asks the dynamic linker, which then does not start the program. */
async function sharedLibraries(
  { processes, temporaryFolder }: ToolchainComponents,
  program: string,
): Promise<readonly string[]> {
  if (process.platform !== 'linux') return []
  const answer = await processes.ask([program], { cwd: temporaryFolder, env: { LD_TRACE_LOADED_OBJECTS: '1' } })
  const lines = answer?.stdout.matchAll(/^\s*lib(?:clang|LLVM)\S* => (\/\S+)/gm) ?? []
  return [...lines].flatMap(([, file]) => (file !== undefined && stampFile(file) ? [file] : []))
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
