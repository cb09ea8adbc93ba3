import type { CompileInvocation, CompilerFamily } from './invocation.ts'
import type { LocalReason } from './local-reason.ts'
import { standsForSource } from './preprocess.ts'
import { isPreprocessed } from './source-language.ts'

export type ShippableText =
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  | { readonly kind: 'local'; readonly reason: LocalReason }

/**
 * What of a preprocessor's output is sent, if it can be. One pass of native search per needle, about a millisecond
 * per megabyte. Must come between `preprocessCommand` and `remoteArguments`.
 */
export function shippableText(invocation: CompileInvocation, output: Uint8Array): ShippableText {
  const bytes = Buffer.from(output.buffer, output.byteOffset, output.byteLength)
  const holds = (needle: string) => bytes.includes(needle)
  if (holds('.incbin')) return local('assembler-input')
  if (holds(USED_PRECOMPILED)) return local('precompiled-header')
  if (CLOCK_MACROS.some(holds)) return local('tells-time')
  if (isPreprocessed(invocation.language)) return { kind: 'text', bytes: output }
  // clang's text does not tell what its command line defined.
  const defined = (needle: string) => definitions(invocation).some((word) => word.includes(needle))
  if (CLOCK_MACROS.some(defined)) return local('tells-time')
  if (UNFIT[invocation.family].some((needle) => holds(needle) || defined(needle))) return local('text-unfit')
  if (invocation.family === 'gcc' && swallowsPragma(bytes)) return local('text-unfit')
  if (!standsForSource(invocation)) return { kind: 'text', bytes: output }
  const text = withoutPredefined(bytes, invocation.source)
  return text === undefined ? local('text-unfit') : { kind: 'text', bytes: text }
}

function local(reason: LocalReason): ShippableText {
  return { kind: 'local', reason }
}

function definitions({ options }: CompileInvocation): readonly string[] {
  return options.filter(({ stage }) => stage === 'macro').flatMap(({ words }) => words)
}

/** Where gcc took a precompiled header, its dependency file and maybe its object are others than the header's. */
const USED_PRECOMPILED = '#pragma GCC pch_preprocess'

/** Expanded by the worker, these would tell its clock, its time zone and the age of its file. */
const CLOCK_MACROS = ['__TIME__', '__DATE__', '__TIMESTAMP__']

/** With directives gone, what was pushed is no more there to be popped. */
const MACRO_STACK = 'pop_macro'

/**
 * Whether gcc kept a pragma to itself that the compile would need: `push_macro`, or `poison`. It leaves as many blanks as
 * `#pragma` has letters, and does not tell which it was. `#pragma once` at a file's head is harmless, and so is
 * `system_header`, which the next line marker repeats.
 */
function swallowsPragma(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(SWALLOWED); at >= 0; at = bytes.indexOf(SWALLOWED, at + SWALLOWED.length - 1)) {
    const entered = bytes.lastIndexOf('\n# ', at)
    const head = bytes.toString('latin1', entered + 1, at + 1)
    const next = bytes.toString('latin1', at + SWALLOWED.length, at + SWALLOWED.length + MARKER_MAX_LENGTH)
    if (!AT_HEAD.test(head) && !/^# \d+ ".*" 3/.test(next)) return true
  }
  return false
}

const SWALLOWED = '\n       \n'
/** The marker of a file's beginning, with nothing but empty lines behind it. */
const AT_HEAD = /^# 1 "[^\n]*" 1[^\n]*\n\s*$/
const MARKER_MAX_LENGTH = 4_096 + 64

/** What a text must not hold, wherever it stands. */
const UNFIT: Readonly<Record<CompilerFamily, readonly string[]>> = {
  gcc: [MACRO_STACK], // It refuses a `__COUNTER__` in a condition itself.
  clang: [MACRO_STACK, '__COUNTER__'],
}

/**
 * gcc's `-fdirectives-only` begins with all predefined macros and the C library's; the compile predefines its own, so
 * the text is cut to what stands behind the source's first line marker, with the library's definitions in front.
 * Undefined if it does not look like that.
 */
function withoutPredefined(bytes: Buffer, source: string): Uint8Array | undefined {
  const commandLine = bytes.indexOf('"<command-line>"\n')
  if (commandLine < 0) return undefined
  const marker = `\n# 1 "${source}"\n`
  const start = bytes.indexOf(marker, commandLine) + 1
  if (start === 0) return undefined
  const library = bytes.toString('latin1', commandLine, start)
  const entered = library.match(ENTERED_FILE) ?? []
  if (entered.length > 1) return undefined
  const definitions = entered.length === 0 ? [] : library.slice(library.indexOf('stdc-predef.h')).match(DEFINITION)
  const head = (definitions ?? []).join('')
  return head === '' ? bytes.subarray(start) : Buffer.concat([Buffer.from(head, 'latin1'), bytes.subarray(start)])
}

/** A line marker that enters a file: here only `stdc-predef.h`, which gcc includes unasked. */
const ENTERED_FILE = /^# \d+ ".*" 1\b/gm
const DEFINITION = /^#(?:define|undef) .*\n/gm
