import { baseName, isDevice, withSuffix } from './file-name.ts'
import type { CompilerFamily, DependencyOutput } from './invocation.ts'

/** What a call said about dependency files, gathered while its words are read. */
export interface DependencyOptions {
  /** `-MMD` wins over `-MD` wherever it stands. */
  headers: 'all' | 'user' | undefined
  /** `-MD` and `-MMD`: clang says that one of them is pointless. */
  both: boolean
  file: string | undefined
  /** `-MT x` and `-MQ x` in their order. */
  targets: string[]
  /** `-MP`, and clang's `-MV`. */
  flags: string[]
  /** From `-Wp,-MD,FILE`: the driver does not know of it, so gcc names another target. */
  behindDriver: boolean
  /** Said in ways that compilers read differently. */
  contradictory: boolean
}

export function noDependencyOptions(): DependencyOptions {
  return {
    headers: undefined,
    both: false,
    file: undefined,
    targets: [],
    flags: [],
    behindDriver: false,
    contradictory: false,
  }
}

/** Takes note of one option of the role `dependencies`. */
export function noteDependencyOption(noted: DependencyOptions, name: string, value: string | undefined): void {
  const headers = HEADERS.get(name)
  if (headers !== undefined) {
    noted.both ||= noted.headers !== undefined && noted.headers !== headers
    noted.headers = noted.headers === 'user' ? 'user' : headers
  } else if (name === '-MF') noted.file = value
  else if (value !== undefined) noted.targets.push(name, value)
  else noted.flags.push(name)
}

const HEADERS: ReadonlyMap<string, 'all' | 'user'> = new Map([
  ['-MD', 'all'],
  ['-MMD', 'user'],
])

/** Takes note of `-Wp,-MD,FILE` and `-Wp,-MMD,FILE`. False for other words. */
export function noteDependencyWords(noted: DependencyOptions, words: readonly string[]): boolean {
  const [name, file, ...more] = words
  if ((name !== '-MD' && name !== '-MMD') || file === undefined || file === '' || more.length > 0) return false
  if (noted.headers !== undefined || noted.file !== undefined) noted.contradictory = true
  noted.behindDriver = true
  noted.headers = name === '-MD' ? 'all' : 'user'
  noted.file = file
  return true
}

export interface DependencyContext {
  readonly family: CompilerFamily
  readonly source: string
  /** As given with `-o`, if it was. */
  readonly output: string | undefined
}

/**
 * The file that the call would write, and how to have a preprocessor write the very same. Undefined for none;
 * 'unclear' for what is an error, goes to a device, or is said in two ways.
 */
export function dependencyOutput(
  noted: DependencyOptions,
  { family, source, output }: DependencyContext,
): DependencyOutput | 'unclear' | undefined {
  const { headers, file, targets, flags, behindDriver, contradictory } = noted
  if (headers === undefined) {
    // gcc: "to generate dependencies you must specify either -M or -MM"; clang: "argument unused".
    return file === undefined && targets.length === 0 && flags.length === 0 ? undefined : 'unclear'
  }
  const object = withSuffix(baseName(source), '.o')
  const path = file ?? withSuffix(output ?? baseName(source), '.d')
  if (contradictory || (family === 'clang' && noted.both) || path === '' || path === '-') return 'unclear'
  if (isDevice(path) && path !== '/dev/null') return 'unclear'
  const target = behindDriver && family === 'gcc' ? object : (output ?? object)
  const named = targets.length > 0 ? targets : ['-MQ', target]
  return { path, args: [headers === 'all' ? '-MD' : '-MMD', '-MF', path, ...named, ...flags] }
}
