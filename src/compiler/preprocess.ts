import type { CompileInvocation, OptionTrait } from './invocation.ts'
import { isPreprocessed } from './source-language.ts'

/**
 * How a source becomes one text. `directives` takes includes and conditions out and leaves macros in, so columns,
 * debug info and warnings come out as at home; it is also the cheaper one. `plain` leaves nothing to the compile.
 */
export type PreprocessVariant = 'directives' | 'plain'

/** Before this version, gcc takes lines in raw strings for directives when it leaves macros in. */
const GCC_MINDS_RAW_STRINGS = 11

/** Files that tell columns: those of plain text are others. */
const COLUMN_SUFFIXES = ['.su', '.ci']

/** The ways to preprocess a source, the best first; the next is for when one cannot. `version` is `gcc 12.2.0`. */
export function variantsFor(invocation: CompileInvocation, version: string): readonly PreprocessVariant[] {
  const { family, language, extraOutputs } = invocation
  if (isPreprocessed(language) || hasTrait(invocation, 'plain-only')) return ['plain']
  if (family === 'gcc' && majorOf(version) < GCC_MINDS_RAW_STRINGS) return ['plain']
  // clang rewrites `#include`s and forgets what `-imacros` said.
  if (family === 'clang' && hasTrait(invocation, 'forced-macros')) return ['plain']
  const tellsColumns =
    hasTrait(invocation, 'tells-columns') ||
    extraOutputs.some((path) => COLUMN_SUFFIXES.some((suffix) => path.endsWith(suffix)))
  return tellsColumns ? ['directives'] : ['directives', 'plain']
}

/**
 * Arguments with which the local compiler preprocesses to stdout, and writes the dependency file that the compile
 * would have written. Undefined when the source is preprocessed already: then it is its own text.
 */
export function preprocessCommand(
  invocation: CompileInvocation,
  variant: PreprocessVariant,
): readonly string[] | undefined {
  const { family, language, source, mode, options, dependency } = invocation
  if (isPreprocessed(language)) return undefined
  // Options of the linker stay where the call has no link either: clang says that they are pointless, as it would have.
  const read = mode === 'link' ? options.filter(({ stage }) => stage !== 'link') : options
  return [
    '-E',
    ...(variant === 'directives' ? KEEP_MACROS[family] : []),
    ...NAME_PRECOMPILED[family],
    ...read.flatMap(({ words }) => words),
    ...(dependency?.args ?? []),
    '-x',
    language,
    source,
  ]
}

const KEEP_MACROS = { gcc: ['-fdirectives-only'], clang: ['-frewrite-includes'] } as const

/** gcc then names a precompiled header where it would have used one: `shippableText` looks for it. */
const NAME_PRECOMPILED = { gcc: ['-fpch-preprocess'], clang: [] } as const

/** Options in whose presence gcc must be told that its input is preprocessed. */
const MUST_BE_TOLD: readonly OptionTrait[] = ['forced-include', 'forced-macros', 'pedantic', 'macro-debug']

/**
 * Whether gcc's `directives` text can be compiled as if it were the source, under its name: then the object is the
 * local one to the byte, debug info included. Otherwise the compile must be told, and writes that into DW_AT_producer.
 */
export function standsForSource(invocation: CompileInvocation): boolean {
  const { family, source } = invocation
  return family === 'gcc' && NAMED_AS_IS.test(source) && !MUST_BE_TOLD.some((trait) => hasTrait(invocation, trait))
}

/** Names that line markers write without escapes. */
const NAMED_AS_IS = /^[ !#-[\]-~]+$/

function hasTrait({ options }: CompileInvocation, trait: OptionTrait): boolean {
  return options.some((option) => option.trait === trait)
}

function majorOf(version: string): number {
  return Number(/\d+/.exec(version)?.[0] ?? 0)
}
