import { PATH_MAX_BYTES } from '../../base/limits.ts'
import type { ScanFindings } from './scan-findings.ts'
import { isBlank, isNewline, isWord } from './source-text.ts'

/** Comments passed over while looking for a directive's parts may cost this multiple of the text's size in all. */
const GAP_WORK_FACTOR = 8
/** How far back a line's beginning is looked for; keeps endless lines linear. */
const LOOK_BACK_LENGTH = 512
/** Longer names of macros and directives are left to the compiler. */
const WORD_MAX_LENGTH = 1024

const LINE_FEED = 10
const QUOTE = 34
const STAR = 42
const SLASH = 47
const LESS = 60
const GREATER = 62
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf'

export interface HeaderName {
  readonly start: 'quote' | 'angle'
  readonly name: string
}

/** One reading of a file, and how to find one's way in it. */
export class TextScanner {
  readonly text: string
  readonly findings: ScanFindings
  /** Keeps hostile nests of comments linear: each may be passed over from many directives. */
  #gapWorkLeft: number

  constructor(text: string, findings: ScanFindings) {
    this.text = text
    this.findings = findings
    this.#gapWorkLeft = GAP_WORK_FACTOR * (text.length + 1024)
  }

  /** The first position from `at` on that is neither blank nor inside a block comment. */
  skipGap(at: number): number {
    const { text } = this
    let position = at
    for (;;) {
      while (isBlank(text.charCodeAt(position))) position += 1
      if (text.charCodeAt(position) !== SLASH || text.charCodeAt(position + 1) !== STAR) return position
      if (this.#gapWorkLeft < 0) {
        this.findings.opaque ??= 'excessive'
        return text.length
      }
      const end = text.indexOf('*/', position + 2)
      this.#gapWorkLeft -= (end === -1 ? text.length : end) - position
      if (end === -1) return text.length
      position = end + 2
    }
  }

  /** Whether only blanks, or the end of a comment, stand before `at` on its line: else `#` begins no directive. */
  beginsLine(at: number): boolean {
    const { text } = this
    let before = at - 1
    while (before >= 0 && isBlank(text.charCodeAt(before))) before -= 1
    if (before < 0 || isNewline(text.charCodeAt(before))) return true
    if (text.charCodeAt(before) === SLASH) return text.charCodeAt(before - 1) === STAR
    return before === 2 && text.startsWith(BYTE_ORDER_MARK)
  }

  /** What stands before `at` on its line; undefined when the line begins too far back. */
  lineBefore(at: number): string | undefined {
    const from = Math.max(0, at - LOOK_BACK_LENGTH)
    const before = this.text.slice(from, at)
    const newline = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r'))
    return newline === -1 && from > 0 ? undefined : before.slice(newline + 1)
  }

  /** The identifier at `at`, or an empty string. */
  wordAt(at: number): string {
    const limit = at + WORD_MAX_LENGTH
    let end = at
    while (end < limit && isWord(this.text.charCodeAt(end))) end += 1
    if (end === limit) this.findings.opaque ??= 'excessive'
    return this.text.slice(at, end)
  }

  /** The name between the quotes or brackets that open at `at`, if they close on the same line. */
  headerNameAt(at: number): HeaderName | undefined {
    const { text } = this
    const opening = text.charCodeAt(at)
    if (opening !== QUOTE && opening !== LESS) return undefined
    const closing = opening === QUOTE ? QUOTE : GREATER
    const limit = Math.min(text.length, at + PATH_MAX_BYTES)
    for (let end = at + 1; end < limit; end += 1) {
      const code = text.charCodeAt(end)
      if (code === closing) return { start: opening === QUOTE ? 'quote' : 'angle', name: text.slice(at + 1, end) }
      if (code === LINE_FEED) return undefined // A lone CR is no line's end to gcc, and no closing quote to anybody.
    }
    return undefined
  }

  /** What follows on the line; undefined if that is more than `maxLength`. */
  restOfLine(at: number, maxLength: number): string | undefined {
    let end = at
    while (end < this.text.length && !isNewline(this.text.charCodeAt(end))) {
      if (end - at > maxLength) return undefined
      end += 1
    }
    return this.text.slice(at, end)
  }

  /** Whether nothing but blanks and comments follows on the line. */
  lineEndsAt(at: number): boolean {
    const end = this.skipGap(at)
    return end >= this.text.length || isNewline(this.text.charCodeAt(end)) || this.text.startsWith('//', end)
  }
}
