import { ARGUMENTS_MAX } from '../base/limits.ts'
import { OPTION_TABLES } from './command-words.ts'
import { baseName, isFileName, withSuffix } from './file-name.ts'
import type { CompileInvocation, CompilerFamily, OptionStage } from './invocation.ts'
import { assemblerObjection } from './options/assembler.ts'
import { matchOption, type OptionMatch } from './options/option.ts'
import { standsForSource } from './preprocess.ts'
import { isPreprocessed } from './source-language.ts'

export interface RemoteArguments {
  /** What the worker's compiler gets. */
  readonly args: readonly string[]
  /** Where `args` expect the text: the source's own name, so that whatever is named after it is named as at home. */
  readonly inputPath: string
  /** What the compile writes, as `args` name it; the object first. */
  readonly outputs: readonly string[]
}

/** How a worker compiles the text that `preprocessCommand` and `shippableText` made. */
export function remoteArguments(invocation: CompileInvocation): RemoteArguments {
  const { mode, source, options, extraOutputs } = invocation
  const output = mode === 'link' ? withSuffix(baseName(source), '.o') : invocation.output
  const { stages, flags, language } = textForm(invocation)
  const read = options.filter(({ stage }) => stages.includes(stage)).flatMap(({ words }) => words)
  return {
    args: [mode === 'assembly' ? '-S' : '-c', ...read, ...flags, '-x', language, source, '-o', output],
    inputPath: source,
    outputs: [output, ...extraOutputs],
  }
}

interface TextForm {
  readonly stages: readonly OptionStage[]
  readonly flags: readonly string[]
  readonly language: string
}

const COMPILE_STAGES: readonly OptionStage[] = ['compile', 'both']
const WITH_MACROS: readonly OptionStage[] = ['compile', 'both', 'macro']

function textForm(invocation: CompileInvocation): TextForm {
  const { family, language } = invocation
  if (isPreprocessed(language)) return { stages: COMPILE_STAGES, flags: [], language }
  if (family === 'clang') return { stages: WITH_MACROS, flags: [], language }
  if (!standsForSource(invocation)) return { stages: COMPILE_STAGES, flags: TOLD_PREPROCESSED, language }
  // The text holds what gcc includes unasked.
  return { stages: WITH_MACROS, flags: ['-nostdinc'], language }
}

const TOLD_PREPROCESSED = ['-fpreprocessed', '-fdirectives-only'] as const

export type CheckedArguments =
  | { readonly ok: true; readonly inputPath: string; readonly output: string }
  | { readonly ok: false; readonly argument: string }

/**
 * The worker's judgement on arguments from a stranger: one text in, one output, and no option that names another
 * file, starts another program or is not known. `inputPath` and `output` may be absolute or contain `..`: they are
 * names inside the sandbox.
 */
export function checkRemoteArguments(family: CompilerFamily, args: readonly string[]): CheckedArguments {
  if (args.length > ARGUMENTS_MAX) return refused('')
  const table = OPTION_TABLES[family]
  let inputPath: string | undefined
  let output: string | undefined
  let stops = 0
  for (let at = 0; at < args.length; ) {
    const word = args[at] ?? ''
    if (word.includes('\0')) return refused(word)
    if (!word.startsWith('-')) {
      if (inputPath !== undefined || !isFileName(word)) return refused(word)
      inputPath = word
      at += 1
      continue
    }
    if (OWN_FLAGS[family].has(word)) {
      at += 1
      continue
    }
    const match = matchOption(table, args, at)
    if (match === undefined || match.value?.includes('\0') || !isHarmless(match)) return refused(word)
    if (isRole(match, 'output')) {
      if (output !== undefined || !isFileName(match.value ?? '')) return refused(word)
      output = match.value
    } else if (isRole(match, 'object') || isRole(match, 'assembly')) {
      stops += 1
    }
    at += match.words
  }
  if (inputPath === undefined || output === undefined || stops !== 1) return refused(args.at(-1) ?? '')
  return { ok: true, inputPath, output }
}

/** What `remoteArguments` adds of its own. */
const OWN_FLAGS: Readonly<Record<CompilerFamily, ReadonlySet<string>>> = {
  gcc: new Set(['-nostdinc', ...TOLD_PREPROCESSED]),
  clang: new Set(),
}

const LANGUAGES: ReadonlySet<string> = new Set(['c', 'c++', 'cpp-output', 'c++-cpp-output'])

function isHarmless({ meaning, value = '' }: OptionMatch): boolean {
  if ('local' in meaning) return false
  if ('stage' in meaning) return meaning.needsTree === undefined && WITH_MACROS.includes(meaning.stage)
  switch (meaning.role) {
    case 'object':
    case 'assembly':
    case 'output':
    case 'architecture':
      return true
    case 'language':
      return LANGUAGES.has(value)
    case 'assembler-words':
      return assemblerObjection(value.split(',')) === undefined
    case 'preprocessor-words':
      return value.split(',').every((part) => /^-[DU]./.test(part))
    default:
      return false
  }
}

function isRole({ meaning }: OptionMatch, role: 'output' | 'object' | 'assembly'): boolean {
  return 'role' in meaning && meaning.role === role
}

function refused(argument: string): CheckedArguments {
  return { ok: false, argument }
}
