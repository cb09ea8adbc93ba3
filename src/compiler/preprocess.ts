import type { CompileInvocation, OptionTrait } from './invocation.ts'
import type { LocalReason } from './local-reason.ts'
import { isPreprocessed } from './source-language.ts'
import { majorVersion } from './toolchain.ts'

/** Before this version, gcc takes lines in raw strings for directives when it leaves macros in. */
const GCC_MINDS_RAW_STRINGS = 11

/**
 * Why no text would mean the same to a peer as the source does here; undefined when one may. `version` is `gcc 12.2.0`. Includes
 * and conditions are taken out and macros left in, so that columns, debug info and warnings come out as at home: with macros
 * resolved some warnings are not given, and what is an error by `-Werror` compiles.
 */
export function textObjection(invocation: CompileInvocation, version: string): LocalReason | undefined {
  const { family, language } = invocation
  if (isPreprocessed(language)) return undefined
  if (hasTrait(invocation, 'resolves-macros')) return 'text-unfit'
  if (family === 'gcc') return majorVersion({ version }) < GCC_MINDS_RAW_STRINGS ? 'text-unfit' : undefined
  // clang rewrites `#include`s and forgets what `-imacros` said.
  return hasTrait(invocation, 'forced-macros') ? 'text-unfit' : undefined
}

/**
 * Arguments with which the local compiler preprocesses to stdout, and writes the dependency file that the compile
 * would have written. Undefined when the source is preprocessed already: then it is its own text.
 */
export function preprocessCommand(invocation: CompileInvocation): readonly string[] | undefined {
  const { family, language, source, mode, options, dependency } = invocation
  if (isPreprocessed(language)) return undefined
  // Options of the linker stay where the call has no link either: clang says that they are pointless, as it would have.
  const read = mode === 'link' ? options.filter(({ stage }) => stage !== 'link') : options
  return [
    '-E',
    ...KEEP_MACROS[family],
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
 * Whether gcc's text can be compiled as if it were the source, under its name: then the object is the
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
