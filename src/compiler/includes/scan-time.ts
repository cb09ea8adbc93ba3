import { isWord } from './source-text.ts'
import type { TextScanner } from './text-scanner.ts'

type TimeUse = 'usesDate' | 'usesTime' | 'usesTimestamp'

/** The macros, and the halves from which `##` may make them where the macro that pastes stands elsewhere. */
const TIME_WORDS: ReadonlyMap<string, TimeUse> = new Map([
  ['__DATE__', 'usesDate'],
  ['__DATE', 'usesDate'],
  ['DATE__', 'usesDate'],
  ['__TIME__', 'usesTime'],
  ['__TIME', 'usesTime'],
  ['TIME__', 'usesTime'],
  ['__TIMESTAMP__', 'usesTimestamp'],
  ['__TIMESTAMP', 'usesTimestamp'],
  ['TIMESTAMP__', 'usesTimestamp'],
  ['STAMP__', 'usesTimestamp'],
])
const LONGEST_LENGTH = '__TIMESTAMP__'.length

/** Takes the whole word around `at`: `MY__DATE__` is another macro. */
export function scanTimeMacro({ text, findings }: TextScanner, at: number): void {
  let from = at
  while (at - from <= LONGEST_LENGTH && isWord(text.charCodeAt(from - 1))) from -= 1
  let end = at
  while (end - from <= LONGEST_LENGTH && isWord(text.charCodeAt(end))) end += 1
  const use = TIME_WORDS.get(text.slice(from, end))
  if (use !== undefined) findings[use] = true
}

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
