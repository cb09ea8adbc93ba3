import { isWord } from './source-text.ts'
import type { TextScanner } from './text-scanner.ts'

/** Within a string of C the name's quotes are escaped; in assembly, or a raw string, they are not. */
const NAME = /^\.inc(?:bin|lude)[ \t]*(\\?)"([^"\\\n\r]{1,4096})\1"/i
const SLICE_LENGTH = 4096 + 64
/** A string that ends within the directive's name, and another that goes on: `".inc" "bin"`. */
const CUT = /^\.inc\\?"\s*(?:\\\s*)*["\w/]/i
const CUT_LENGTH = 256
/** `#include "list.inc"`, whatever stands on the next line. */
const NAMES_A_FILE = /^[ \t]*(?:#|%:|\?\?=)[ \t]*(?:include|import|embed)/
/** `x.incbin = 1` and the like: a member, not a directive. */
const MEMBER = /^[ \t]*[=;,)[.?:&|+-]/

/** `.incbin` and `.include` of assembly, in a file of its own or in strings of C. */
export function scanAssembly(scanner: TextScanner, at: number): void {
  const { text, findings } = scanner
  const before = scanner.lineBefore(at)
  const inString = before === undefined || before.includes('"')
  if (/^\.inc\\?"/i.test(text.slice(at, at + 6))) {
    const isName = before !== undefined && NAMES_A_FILE.test(before)
    if (inString && !isName && CUT.test(text.slice(at, at + CUT_LENGTH))) findings.opaque ??= 'assembler-include'
    return
  }
  const isText = /^\.include/i.test(text.slice(at, at + 8))
  const end = at + (isText ? '.include' : '.incbin').length
  if (isWord(text.charCodeAt(end))) return // `.included`, `.include_dirs`
  const [, escaped, name] = NAME.exec(text.slice(at, at + SLICE_LENGTH)) ?? []
  // Unescaped in a string, the quote ends that string, and the name goes on who knows where.
  if (name !== undefined && (escaped === '\\' || !inString)) {
    findings.request('assembler', isText ? 'text' : 'presence', name)
    return
  }
  if (inString ? mayNameInString(text, end) : mayName(text, at, end)) findings.opaque ??= 'assembler-include'
}

/** In a string: the name may come from the next one, or be made up of operands. */
function mayNameInString(text: string, end: number): boolean {
  return /^[ \t"\\]/.test(text.charAt(end))
}

/** In assembly: the name may be a macro's, of either preprocessor. In C a member of a structure may be called so. */
function mayName(text: string, at: number, end: number): boolean {
  if (MEMBER.test(text.slice(end, end + 64))) return false
  return !isWord(text.charCodeAt(at - 1)) || /^[ \t]*\\?"/.test(text.slice(end, end + 64))
}
