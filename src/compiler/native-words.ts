import type { CompilerFamily } from './invocation.ts'

/** The words that mean what a driver detected, given the words of the compiler proper; undefined if they are not understood. */
export function nativeWords(family: CompilerFamily, command: readonly string[]): readonly string[] | undefined {
  return FAMILIES[family].words(command)
}

/** Whether two runs of the compiler proper are for the same processor. */
export function sameTuning(family: CompilerFamily, one: readonly string[], other: readonly string[]): boolean {
  const { facts } = FAMILIES[family]
  const [a, b] = [facts(one), facts(other)].map((list) => [...list].sort().join('\0'))
  return a === b
}

interface Reading {
  readonly words: (command: readonly string[]) => readonly string[] | undefined
  /** All that is said of the processor, in any order. */
  readonly facts: (command: readonly string[]) => readonly string[]
}

/** gcc's driver puts what it detected behind the source and in front of everything else. */
function gccWords(command: readonly string[]): readonly string[] | undefined {
  const from = command.indexOf('/dev/null') + 1
  const until = command.indexOf('-quiet', from)
  const words = from === 0 || until < 0 ? [] : command.slice(from, until)
  return words.length > 0 && words.every((word) => /^(?:-m[\w.=+-]+|--param|[\w-]+=\d+)$/.test(word))
    ? words
    : undefined
}

function gccFacts(command: readonly string[]): readonly string[] {
  const words = command
    .map((word, at) => (command[at - 1] === '--param' ? `--param=${word}` : word))
    .filter((word) => /^-m|^--param=/.test(word))
  // Of `-mavx` and `-mno-avx` the last one counts; the driver may leave the other out.
  return [...new Map(words.map((word) => [word.replace(/^-mno-/, '-m'), word])).values()]
}

/** Features that have no option of their own, because every processor of the name has them. */
const IMPLIED_FEATURES: ReadonlySet<string> = new Set(['+64bit', '+cmov', '+cx8'])

function valuesOf(command: readonly string[], name: string): readonly string[] {
  return command.filter((_, at) => command[at - 1] === name)
}

function clangWords(command: readonly string[]): readonly string[] | undefined {
  const [processor] = valuesOf(command, '-target-cpu')
  const [tuned] = valuesOf(command, '-tune-cpu')
  if (processor === undefined) return undefined
  const features = clangFeatures(command).map((feature) => `-m${feature[0] === '+' ? '' : 'no-'}${feature.slice(1)}`)
  return [`-march=${processor}`, ...(tuned === undefined ? [] : [`-mtune=${tuned}`]), ...features]
}

function clangFeatures(command: readonly string[]): readonly string[] {
  return valuesOf(command, '-target-feature').filter((feature) => !IMPLIED_FEATURES.has(feature))
}

function clangFacts(command: readonly string[]): readonly string[] {
  const named = ['-target-cpu', '-tune-cpu'].flatMap((name) =>
    valuesOf(command, name).map((value) => `${name} ${value}`),
  )
  return [...named, ...clangFeatures(command)]
}

const FAMILIES: Readonly<Record<CompilerFamily, Reading>> = {
  gcc: { words: gccWords, facts: gccFacts },
  clang: { words: clangWords, facts: clangFacts },
}
