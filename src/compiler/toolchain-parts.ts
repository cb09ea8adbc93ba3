import { realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute } from 'node:path'
import { isCxxDriver } from './compiler-names.ts'
import { inFolder, tidyPath } from './includes/header-name.ts'
import type { CompilerFamily } from './invocation.ts'
import { driverFolders } from './program-folders.ts'
import { findInPath, isProgram } from './toolchain-driver.ts'
import { stampFile } from './toolchain-files.ts'
import type { Answer, ToolchainProcesses } from './toolchain-process.ts'

export interface PartsComponents {
  readonly processes: ToolchainProcesses
  /** Puts a question to the driver. */
  readonly ask: (...args: readonly string[]) => Promise<Answer | undefined>
  /** Where programs are looked for that a compiler names without a folder. */
  readonly pathFolders: readonly string[]
  readonly temporaryFolder: string
}

/** What a driver has said of itself. */
export interface DriverTold {
  readonly driver: string
  readonly family: CompilerFamily
  readonly target: string
  /** All that it prints for `-v`. */
  readonly text: string
}

export interface ToolchainParts {
  /** What the compiler is made of beside its driver, by a name that is the same on every machine. */
  readonly files: ReadonlyMap<string, string>
  /** Programs that it looks for in PATH, and where they were found. */
  readonly fromPath: readonly { readonly name: string; readonly file: string | undefined }[]
  /** Places where it looked before it found one of its files, or in vain. */
  readonly passed: readonly string[]
}

/** The programs that do a family's work, as `-print-prog-name` knows them. */
const PROGRAMS: Readonly<Record<CompilerFamily, readonly string[]>> = {
  gcc: ['cc1', 'cc1plus', 'as', 'objcopy'],
  clang: ['clang'],
}

/** Undefined where one of the programs is a script: what that runs depends on more than its text. */
export async function findParts(components: PartsComponents, told: DriverTold): Promise<ToolchainParts | undefined> {
  const { ask, pathFolders } = components
  const { driver, family, text } = told
  const programs = await Promise.all(
    PROGRAMS[family].map(async (name) => {
      const answer = (await ask(`-print-prog-name=${name}`))?.stdout.trim() ?? ''
      const own = isAbsolute(answer)
      return { name, own, file: own ? answer : findInPath(answer, pathFolders) }
    }),
  )
  const files = new Map<string, string>()
  for (const { name, file } of programs) {
    if (file === undefined || stampFile(file) === undefined) continue
    if (!isProgram(file)) return undefined
    files.set(name, file)
  }
  for (const [, name, file] of text.matchAll(/^(Reading specs from|Configuration file:) (.+)$/gm)) {
    if (name !== undefined && file !== undefined && stampFile(file)) files.set(name, file)
  }
  if (family === 'clang') {
    for (const file of await sharedLibraries(components, files.get('clang') ?? driver)) files.set(basename(file), file)
    return { files, fromPath: [], passed: configurationPlaces(told) }
  }
  const searched = (await ask('-print-search-dirs'))?.stdout ?? ''
  const programPlaces = [...driverFolders(searched, 'programs'), ...pathFolders]
  const passed = [...programs.flatMap((program) => placesBefore(program, programPlaces)), ...specsPlaces(searched)]
  return { files, fromPath: programs.filter(({ own }) => !own), passed }
}

function placesBefore(
  { name, file }: { readonly name: string; readonly file: string | undefined },
  folders: readonly string[],
): readonly string[] {
  const places = folders.map((folder) => inFolder(folder, name))
  return places.slice(0, file === undefined ? places.length : Math.max(places.indexOf(tidyPath(file)), 0))
}

/** Where gcc reads options from if they are there: beside its libraries, and one folder above its own. */
function specsPlaces(searched: string): readonly string[] {
  const install = /^install: (.*)$/m.exec(searched)?.[1]
  const folders = driverFolders(searched, 'libraries')
  return [...folders, ...(install === undefined ? [] : [`${install}..`])].map((folder) => inFolder(folder, 'specs'))
}

/** Where clang reads options from, from version 16 on whether it is told to or not. */
function configurationPlaces({ driver, target, text }: DriverTold): readonly string[] {
  const mode = isCxxDriver(driver) ? 'clang++' : 'clang'
  const told = [...text.matchAll(/^(?:System|User) configuration file directory: (.+)$/gm)].flatMap(
    ([, folder]) => folder ?? [],
  )
  const folders = new Set([dirname(driver), dirname(realpathSync(driver)), ...told])
  const names = [`${target}-${mode}.cfg`, `${mode}.cfg`, `${target}.cfg`]
  return [...folders].flatMap((folder) => names.map((name) => inFolder(folder, name)))
}

/** Distributions put clang's code into libraries. Asks the dynamic linker, which then does not start the program. */
async function sharedLibraries(
  { processes, temporaryFolder }: PartsComponents,
  program: string,
): Promise<readonly string[]> {
  if (process.platform !== 'linux') return []
  const answer = await processes.ask([program], { cwd: temporaryFolder, env: { LD_TRACE_LOADED_OBJECTS: '1' } })
  const lines = answer?.stdout.matchAll(/^\s*lib(?:clang|LLVM)\S* => (\/\S+)/gm) ?? []
  return [...lines].flatMap(([, file]) => (file !== undefined && stampFile(file) ? [file] : []))
}
