import { isWord } from './source-text.ts'
import type { TextScanner } from './text-scanner.ts'

type TimeUse = 'usesDate' | 'usesTime' | 'usesTimestamp'

const TIME_WORDS: ReadonlyMap<string, TimeUse> = new Map([
  ['__DATE__', 'usesDate'],
  ['__TIME__', 'usesTime'],
  ['__TIMESTAMP__', 'usesTimestamp'],
])

const SHORTEST_LENGTH = '__TI'.length

/**
 * Beginnings from which `##` may make them where the macro that pastes stands elsewhere: `PASTE(__TI, ME__)`. Only beside the
 * comma that parts them: glibc's <bits/types.h> has `__TIME*_T_TYPE` in a comment. One that the time and its stamp share
 * counts as the time's, which no cache keeps; one letter is what parameters are called in headers of compilers (`__D`).
 */
const FIRST_HALVES: ReadonlyMap<string, TimeUse> = new Map(
  [...TIME_WORDS].toReversed().flatMap(([word, use]) => beginningsOf(word).map((beginning) => [beginning, use])),
)
/** What follows `__` then. */
const SECOND_HALVES: ReadonlyMap<string, TimeUse> = new Map([
  ['DATE__', 'usesDate'],
  ['TIME__', 'usesTime'],
  ['TIMESTAMP__', 'usesTimestamp'],
  ['STAMP__', 'usesTimestamp'],
])
const LONGEST_LENGTH = '__TIMESTAMP__'.length

function beginningsOf(word: string): readonly string[] {
  return Array.from({ length: word.length - SHORTEST_LENGTH }, (_, more) => word.slice(0, SHORTEST_LENGTH + more))
}

/** Takes the whole word around `at`: `MY__DATE__` is another macro. */
export function scanTimeMacro({ text, findings }: TextScanner, at: number): void {
  let from = at
  while (at - from <= LONGEST_LENGTH && isWord(text.charCodeAt(from - 1))) from -= 1
  let end = at
  while (end - from <= LONGEST_LENGTH && isWord(text.charCodeAt(end))) end += 1
  const word = text.slice(from, end)
  const use =
    TIME_WORDS.get(word) ??
    (COMMA_BEHIND.test(text.slice(end, end + COMMA_DISTANCE)) ? FIRST_HALVES.get(word) : undefined) ??
    (COMMA_BEFORE.test(text.slice(Math.max(0, from - COMMA_DISTANCE), from)) ? SECOND_HALVES.get(word) : undefined)
  if (use !== undefined) findings[use] = true
}

const COMMA_BEHIND = /^\s*,/
const COMMA_BEFORE = /,\s*$/
/** As many blanks as anyone puts beside a comma, and a line end. */
const COMMA_DISTANCE = 16

const PASTE = /[ \t]*(?:##|%:%:)[ \t]*/g
const PASTED_MACRO = /__(?:DATE|TIME(?:STAMP)?)__/
/** Room for the longest macro, cut into its letters by pastes with a blank on each side. */
const WINDOW_LENGTH = 4 * LONGEST_LENGTH

/** Macros that `##` makes on the spot, wherever it cuts them: `__DA ## TE__`. */
export function scanTimePastes(scanner: TextScanner): void {
  scanPastesBy(scanner, '##')
  if (scanner.text.includes('%:%:')) scanPastesBy(scanner, '%:%:')
}

function scanPastesBy({ text, findings }: TextScanner, operator: string): void {
  for (let at = text.indexOf(operator); at !== -1; at = text.indexOf(operator, at + operator.length)) {
    const window = text.slice(Math.max(0, at - WINDOW_LENGTH), at + WINDOW_LENGTH)
    if (!window.includes('_')) continue
    const [pasted] = PASTED_MACRO.exec(window.replace(PASTE, '')) ?? []
    const use = pasted === undefined ? undefined : TIME_WORDS.get(pasted)
    if (use !== undefined) findings[use] = true
  }
}
