import type { ComputedRequest } from './directive-scan.ts'
import { isWord } from './source-text.ts'
import type { TextScanner } from './text-scanner.ts'

/** Macros, operators and assembly that may stand anywhere; found in one go, since no directive announces them. */
const NEEDLE = /__has_(?:include|embed)|\.inc(?:bin|lude)|__(?:DATE__|TIME(?:__|STAMP__))|import[ \t"<:]|module[ \t;:]/g

type NeedleScanner = (scanner: TextScanner, at: number) => void

const NEEDLE_SCANNERS: Readonly<Record<string, NeedleScanner>> = {
  __h: scanProbe,
  __D: scanTimeMacro,
  __T: scanTimeMacro,
  '.in': scanAssembly,
  imp: scanModuleLine,
  mod: scanModuleLine,
}

/** Finds what is not a directive of its own: `__has_include`, `.incbin`, `__TIME__`, `import`. */
export function scanNeedles(scanner: TextScanner): void {
  const { text } = scanner
  NEEDLE.lastIndex = 0
  for (let match = NEEDLE.exec(text); match !== null; match = NEEDLE.exec(text)) {
    NEEDLE_SCANNERS[match[0].slice(0, 3)]?.(scanner, match.index)
  }
}

const PROBES: Readonly<Record<string, ComputedRequest['directive']>> = {
  __has_include: 'include',
  __has_include__: 'include',
  __has_include_next: 'next',
  __has_include_next__: 'next',
  __has_embed: 'embed',
  __has_embed__: 'embed',
}

const STARTS = {
  include: { quote: 'quote', angle: 'angle' },
  next: { quote: 'next', angle: 'next' },
  embed: { quote: 'embed-quote', angle: 'embed-angle' },
} as const

const PARENTHESIS = 40
const IN_CONDITION = /^\s*(?:#|%:)\s*(?:el)?if/
const BEING_DEFINED = /^\s*(?:#|%:)\s*define\s+$/
const IN_DEFINITION = /^\s*(?:#|%:)\s*define\s/

function scanProbe(scanner: TextScanner, at: number): void {
  const { text, findings } = scanner
  const word = scanner.wordAt(at)
  const directive = PROBES[word]
  if (directive === undefined || isWord(text.charCodeAt(at - 1))) return
  const open = scanner.skipGap(at + word.length)
  const called = text.charCodeAt(open) === PARENTHESIS
  const argument = scanner.skipGap(open + 1)
  const literal = called ? scanner.headerNameAt(argument) : undefined
  if (literal !== undefined) findings.request(STARTS[directive][literal.start], 'presence', literal.name)
  else scanUnnamedProbe(scanner, at, directive, called ? argument : undefined)
}

/** A probe whose argument is a macro, or that is not called at all: `#ifdef __has_include`. */
function scanUnnamedProbe(
  scanner: TextScanner,
  at: number,
  directive: ComputedRequest['directive'],
  argument: number | undefined,
): void {
  const { text, findings } = scanner
  const before = scanner.lineBefore(at)
  if (before === undefined) findings.opaque ??= 'computed-probe'
  else if (BEING_DEFINED.test(before)) return
  else if (IN_DEFINITION.test(before)) findings.opaque ??= 'computed-probe'
  else if (argument !== undefined && IN_CONDITION.test(before)) {
    const macro = scanner.wordAt(argument)
    // What follows the macro cannot be judged here: `NAME)` is all of it, `NAME(x))` is not.
    const alone = text.charCodeAt(scanner.skipGap(argument + macro.length)) === PARENTHESIS + 1
    if (macro !== '') findings.compute({ purpose: 'presence', directive, macro, alone })
  }
}

function scanTimeMacro({ text, findings }: TextScanner, at: number): void {
  const end = text.indexOf('__', at + 2) + 2
  if (isWord(text.charCodeAt(at - 1)) || isWord(text.charCodeAt(end))) return
  const macro = text.slice(at, end)
  if (macro === '__DATE__') findings.usesDate = true
  if (macro === '__TIME__') findings.usesTime = true
  if (macro === '__TIMESTAMP__') findings.usesTimestamp = true
}

/** Within a string of C the name's quotes are escaped; in assembly, or a raw string, they are not. */
const ASSEMBLER_NAME = /^\.inc(?:bin|lude)[ \t]+(\\?)"([^"\\\n\r]{1,4096})\1"/
const SLICE_LENGTH = 4096 + 64

function scanAssembly(scanner: TextScanner, at: number): void {
  const { text, findings } = scanner
  const isText = text.startsWith('.include', at)
  const match = ASSEMBLER_NAME.exec(text.slice(at, at + SLICE_LENGTH))
  const before = scanner.lineBefore(at)
  const inString = before === undefined || before.includes('"')
  // Unescaped in a string, the quote ends that string, and the name goes on who knows where.
  if (match?.[2] !== undefined && (match[1] === '\\' || !inString)) {
    findings.request('assembler', isText ? 'text' : 'presence', match[2])
  } else if (!isText || (inString && /^\.include[ \t"\\]/.test(text.slice(at, at + 9)))) {
    findings.opaque ??= 'assembler-include'
  }
}

const AT_LINE_START = /^[ \t]*(?:export[ \t]+)?$/
const MODULE_LINE = /^(?:import[ \t]*(?:<[^>\n]*>|"[^"\n]*"|:?[\w.:]+)|module[ \t]*:?[\w.:]*)[^;\n]*;/

function scanModuleLine(scanner: TextScanner, at: number): void {
  const before = scanner.lineBefore(at)
  if (before === undefined || !AT_LINE_START.test(before)) return
  if (MODULE_LINE.test(scanner.text.slice(at, at + 512))) scanner.findings.usesModules = true
}
