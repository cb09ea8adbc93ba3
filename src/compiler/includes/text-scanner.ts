import { PATH_MAX_BYTES } from '../../base/limits.ts'
import type { ScanFindings } from './scan-findings.ts'
import { isBlank, isNewline, isWord } from './source-text.ts'

/** Comments passed over while looking for a directive's parts may cost this multiple of the text's size in all. */
const GAP_WORK_FACTOR = 8
/** How far back a line's beginning is looked for; keeps endless lines linear. */
const LOOK_BACK_LENGTH = 512
/** Longer names of macros and directives are left to the compiler. */
const WORD_MAX_LENGTH = 1024

const QUOTE = 34
const STAR = 42
const SLASH = 47
const LESS = 60
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf'

export interface HeaderName {
  readonly start: 'quote' | 'angle'
  readonly name: string
}

/** One reading of a file, and how to find one's way in it. */
export class TextScanner {
  readonly text: string
  readonly findings: ScanFindings
  /** Characters looked at one by one so far: a small multiple of the text's length, whatever the text. */
  work = 0
  /** Keeps hostile nests of comments linear: each may be passed over from many directives. */
  #gapWorkLeft: number
  readonly #quotes: Finder
  readonly #angles: Finder
  readonly #lineFeeds: Finder

  constructor(text: string, findings: ScanFindings) {
    this.text = text
    this.findings = findings
    this.#gapWorkLeft = GAP_WORK_FACTOR * (text.length + 1024)
    this.#quotes = new Finder(text, '"')
    this.#angles = new Finder(text, '>')
    this.#lineFeeds = new Finder(text, '\n')
  }

  /** The first position from `at` on that is neither blank nor inside a block comment. */
  skipGap(at: number): number {
    const { text } = this
    let position = at
    for (;;) {
      while (isBlank(text.charCodeAt(position))) position += 1
      if (text.charCodeAt(position) !== SLASH || text.charCodeAt(position + 1) !== STAR) break
      if (this.#gapWorkLeft < 0) {
        this.findings.opaque ??= 'excessive'
        return text.length
      }
      const found = text.indexOf('*/', position + 2)
      const end = found === -1 ? text.length : found + 2
      this.#gapWorkLeft -= end - position
      position = end
    }
    this.work += position - at
    return position
  }

  /** Whether only blanks, or the end of a comment, stand before `at` on its line: else `#` begins no directive. */
  beginsLine(at: number): boolean {
    const { text } = this
    let before = at - 1
    while (before >= 0 && isBlank(text.charCodeAt(before))) before -= 1
    this.work += at - before
    if (before < 0 || isNewline(text.charCodeAt(before))) return true
    if (text.charCodeAt(before) === SLASH) return text.charCodeAt(before - 1) === STAR
    return before === 2 && text.startsWith(BYTE_ORDER_MARK)
  }

  /** What stands before `at` on its line; undefined when the line begins too far back. */
  lineBefore(at: number): string | undefined {
    const from = Math.max(0, at - LOOK_BACK_LENGTH)
    const before = this.text.slice(from, at)
    this.work += before.length
    const newline = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r'))
    return newline === -1 && from > 0 ? undefined : before.slice(newline + 1)
  }

  /** The identifier at `at`, or an empty string. */
  wordAt(at: number): string {
    const limit = at + WORD_MAX_LENGTH
    let end = at
    while (end < limit && isWord(this.text.charCodeAt(end))) end += 1
    if (end === limit) this.findings.opaque ??= 'excessive'
    this.work += end - at
    return this.text.slice(at, end)
  }

  /** The name between the quotes or brackets that open at `at`, if they close on the same line. */
  headerNameAt(at: number): HeaderName | undefined {
    const { text } = this
    const opening = text.charCodeAt(at)
    if (opening !== QUOTE && opening !== LESS) return undefined
    const end = (opening === QUOTE ? this.#quotes : this.#angles).next(at + 1)
    if (end - at > PATH_MAX_BYTES || end === text.length) return undefined
    // A lone CR is no line's end to gcc, and no closing quote to anybody.
    if (this.#lineFeeds.next(at + 1) < end) return undefined
    return { start: opening === QUOTE ? 'quote' : 'angle', name: text.slice(at + 1, end) }
  }

  /** What follows on the line; undefined if that is more than `maxLength`. */
  restOfLine(at: number, maxLength: number): string | undefined {
    const { text } = this
    let end = at
    while (end < text.length && end - at <= maxLength && !isNewline(text.charCodeAt(end))) end += 1
    this.work += end - at
    return end - at > maxLength ? undefined : text.slice(at, end)
  }

  /** Whether nothing but blanks and comments follows on the line. */
  lineEndsAt(at: number): boolean {
    const end = this.skipGap(at)
    return end >= this.text.length || isNewline(this.text.charCodeAt(end)) || this.text.startsWith('//', end)
  }
}

/** Finds a character from here on, over and over, in one pass over the text. */
class Finder {
  readonly #text: string
  readonly #character: string
  #from = 0
  #found = -1

  constructor(text: string, character: string) {
    this.#text = text
    this.#character = character
  }

  /** The text's length if there is none. */
  next(at: number): number {
    if (at < this.#from || at > this.#found) {
      const found = this.#text.indexOf(this.#character, at)
      this.#from = at
      this.#found = found === -1 ? this.#text.length : found
    }
    return this.#found
  }
}
