import type { ComputedRequest } from './directive-scan.ts'
import { isWord } from './source-text.ts'
import type { TextScanner } from './text-scanner.ts'

const PROBES: Readonly<Record<string, ComputedRequest['directive']>> = {
  __has_include: 'include',
  __has_include__: 'include',
  __has_include_next: 'next',
  __has_include_next__: 'next',
  __has_embed: 'embed',
  __has_embed__: 'embed',
}
const LONGEST_LENGTH = '__has_include_next__'.length

const STARTS = {
  include: { quote: 'quote', angle: 'angle' },
  next: { quote: 'next', angle: 'next' },
  embed: { quote: 'embed-quote', angle: 'embed-angle' },
} as const

const OPENING = 40
const CLOSING = 41
/** An unclosed `<` may be closed by a macro; `\u00e9` spells one's name. */
const BEYOND_TEXT = /^(?:<|\\[uU])/

/** `__has_include` and its kin, asked or only named. */
export function scanProbe(scanner: TextScanner, at: number): void {
  const { text, findings } = scanner
  if (isWord(text.charCodeAt(at - 1))) return
  let end = at
  while (end - at <= LONGEST_LENGTH && isWord(text.charCodeAt(end))) end += 1
  const directive = PROBES[text.slice(at, end)]
  if (directive === undefined) return
  const open = scanner.skipGap(end)
  if (text.charCodeAt(open) !== OPENING) {
    scanNamed(scanner, at)
    return
  }
  const argument = scanner.skipGap(open + 1)
  const literal = scanner.headerNameAt(argument)
  if (literal !== undefined) findings.request(STARTS[directive][literal.start], 'presence', literal.name)
  else scanComputed(scanner, at, directive, argument)
}

export const ONLY_NAMED =
  /(?:#|%:)[ \t]*(?:ifdef|ifndef|elifdef|elifndef|undef|define)[ \t]+$|\bdefined[ \t]*\(?[ \t]*$/
/** The beginning of `#define NAME(x) __has_include(x)`. */
const DEFINES_PROBE = /(?:#|%:)[ \t]*define[ \t]+([a-zA-Z_]\w*)\([ \t]*([a-zA-Z_]\w*)[ \t]*\)[ \t]*\(?[ \t]*$/
/** A comment that ends may hide the beginning of a definition on an earlier line. */
const MAY_BE_DEFINITION = /\bdefine\b|\*\//

/** Named without being asked: `#ifdef __has_include` is harmless, `#define HAS __has_include` gives it another name. */
function scanNamed(scanner: TextScanner, at: number): void {
  const before = scanner.lineBefore(at)
  if (before !== undefined && (ONLY_NAMED.test(before) || !MAY_BE_DEFINITION.test(before))) return
  scanner.findings.opaque ??= 'computed-probe'
}

/** A probe whose argument macros make up. */
function scanComputed(
  scanner: TextScanner,
  at: number,
  directive: ComputedRequest['directive'],
  argument: number,
): void {
  const { text, findings } = scanner
  const before = scanner.lineBefore(at)
  if (before !== undefined && ONLY_NAMED.test(before)) return
  const first = text.slice(argument, argument + 2)
  const macro = scanner.wordAt(argument)
  // What follows the macro cannot be judged here: `NAME)` is all of it, `NAME(x))` is not.
  const alone = text.charCodeAt(scanner.skipGap(argument + macro.length)) === CLOSING
  const [, probe, parameter] = (before !== undefined && DEFINES_PROBE.exec(before)) || []
  if (probe !== undefined && parameter === macro && alone) {
    findings.compute({ purpose: 'presence', directive, macro: probe, form: 'probe' })
    return
  }
  // In any other definition, the argument may be a parameter.
  if (before === undefined || MAY_BE_DEFINITION.test(before) || BEYOND_TEXT.test(first)) {
    findings.opaque ??= 'computed-probe'
    return
  }
  if (/^[^0-9]/.test(macro)) findings.compute({ purpose: 'presence', directive, macro, form: alone ? 'name' : 'more' })
}
