import { visitDirectives } from './directive-lines.ts'
import type { ComputedRequest, DirectiveScan, IncludePurpose, SearchStart } from './directive-scan.ts'
import { ScanFindings } from './scan-findings.ts'
import { scanNeedles } from './scan-needles.ts'
import { readingsOf } from './source-text.ts'
import { TextScanner } from './text-scanner.ts'

/**
 * Every way in which `bytes` may ask for another file, whatever `#if`s say: a superset. One pass, linear in the size,
 * never throws. Directives inside block comments may be reported too; a real one is never passed over.
 */
export function scanDirectives(bytes: Uint8Array): DirectiveScan {
  const findings = new ScanFindings()
  for (const text of readingsOf(bytes)) scanText(new TextScanner(text, findings))
  return findings.done()
}

/** The same for one reading; what is found goes to the scanner's findings. */
export function scanText(scanner: TextScanner): void {
  const { text } = scanner
  visitDirectives(scanner, (word) => {
    if (canMatter(text.charCodeAt(word), text.charCodeAt(word + 1))) scanDirective(scanner, word)
  })
  scanNeedles(scanner)
}

const LETTER_E = 101
const LETTER_I = 105
const LETTER_M = 109
const LETTER_N = 110
const LETTER_P = 112
const UNDERSCORE = 95

/** `#define`, `#if`, `#else` and `#endif` are nearly all directives there are: two letters tell them apart. */
function canMatter(first: number, second: number): boolean {
  if (first === LETTER_I) return second === LETTER_N || second === LETTER_M
  if (first === LETTER_E) return second === LETTER_M
  return first === LETTER_P || first === UNDERSCORE
}

interface DirectiveKind {
  readonly directive: ComputedRequest['directive']
  readonly purpose: IncludePurpose
  readonly starts: Readonly<Record<'quote' | 'angle', SearchStart>>
}

const TEXT: DirectiveKind = { directive: 'include', purpose: 'text', starts: { quote: 'quote', angle: 'angle' } }
const DIRECTIVES: ReadonlyMap<string, DirectiveKind> = new Map([
  ['include', TEXT],
  ['import', TEXT],
  ['__include_macros', TEXT], // How clang spells `-imacros` to itself.
  ['include_next', { directive: 'next', purpose: 'text', starts: { quote: 'next', angle: 'next' } }],
  ['embed', { directive: 'embed', purpose: 'presence', starts: { quote: 'embed-quote', angle: 'embed-angle' } }],
])

function scanDirective(scanner: TextScanner, at: number): void {
  const word = scanner.wordAt(at)
  const kind = DIRECTIVES.get(word)
  if (kind !== undefined) scanArgument(scanner, scanner.skipGap(at + word.length), kind)
  else if (word === 'pragma') scanPragma(scanner, scanner.skipGap(at + word.length))
}

/** `#pragma GCC dependency`, whatever its argument. */
function scanPragma(scanner: TextScanner, at: number): void {
  const space = scanner.wordAt(at)
  if (space !== 'GCC' && space !== 'clang') return
  const word = scanner.wordAt(scanner.skipGap(at + space.length))
  if (word === 'dependency') scanner.findings.opaque ??= 'dependency-pragma'
}

/** An unclosed `<`, which macros may close, and `\u00e9`, which spells a macro's name. */
const BEYOND_TEXT = /^(?:<|\\[uU])/

function scanArgument(scanner: TextScanner, at: number, { directive, purpose, starts }: DirectiveKind): void {
  const { findings } = scanner
  const literal = scanner.headerNameAt(at)
  if (literal !== undefined) {
    findings.request(starts[literal.start], purpose, literal.name)
    return
  }
  const macro = scanner.wordAt(at)
  if (BEYOND_TEXT.test(scanner.text.slice(at, at + 2))) findings.opaque ??= 'computed-include'
  if (!/^[^0-9]/.test(macro)) return // Nothing that a compiler takes.
  // Behind the name, `#embed` takes parameters.
  const alone = directive === 'embed' || scanner.lineEndsAt(at + macro.length)
  findings.compute({ purpose, directive, macro, form: alone ? 'name' : 'more' })
}
