import { LOCAL_REASONS, type LocalReason } from '../../../src/compiler/local-reason.ts'

/** One command line of the oracle. Whatever becomes of it, it must end as it does without us. */
export interface OracleRow {
  readonly name: string
  readonly tool: string
  /** Bytes that are no UTF-8 stand in them as `rawByte` makes them. */
  readonly args: readonly string[]
  /** Where it runs when peers take input trees. */
  readonly place: Place
  /** Where it runs when they take nothing but text. */
  readonly textPlace: Place
  readonly situation: Situation
}

export type Place =
  | { readonly at: 'tree' }
  /** `differing` are files that may differ from the plain ones, in ways that DESIGN.md section 4 allows the text way. */
  | { readonly at: 'text'; readonly differing: 'nothing' | 'debug-info' }
  | { readonly at: 'local'; readonly reason: LocalReason }

/** What is there when the command is called. */
export interface Situation {
  readonly env: Readonly<Record<string, string>>
  /** A shell command that is run first; it makes inputs that only a compiler can make. */
  readonly before: string | undefined
  /** The folder it is called in, below the project. */
  readonly folder: string
  /** Whether stderr is a terminal. */
  readonly terminal: boolean
  readonly umask: string | undefined
  /** Whether what is written differs from run to run even without us: then only names and endings are compared. */
  readonly varying: boolean
}

/**
 * Rows of `name | tools | arguments | place | place without trees | situation`, a line each; a tool each becomes a row.
 *
 * - arguments are parted by blanks; a backslash protects the next character, `\xFF` is a byte; `''` is an empty one, `¦` stands for `|`
 * - places: `tree`, `text`, `text but debug info`, or a reason to stay at home. Without trees what went by tree goes by
 *   text, if nothing is said, and what stayed at home stays there
 * - situation: `NAME=value` of the environment, `in=FOLDER`, `terminal`, `umask=027`, `varying`, and last `before: COMMAND`
 */
export function oracleTable(text: string): readonly OracleRow[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.flatMap((line) => {
    const [name = '', tools = '', args = '', place = '', textPlace = '', situation = ''] = line
      .split('|')
      .map((cell) => cell.trim())
    const row = {
      name,
      args: splitWords(args),
      place: placeOf(place, line),
      textPlace: textPlace === '' ? withoutTrees(placeOf(place, line)) : placeOf(textPlace, line),
      situation: situationOf(situation),
    }
    return tools.split(' ').map((tool) => ({ ...row, tool }))
  })
}

/** A byte within a string; one that is no character is a lone surrogate, which no argument can hold otherwise. */
export function rawByte(byte: number): string {
  return String.fromCharCode(byte < 0x80 ? byte : RAW + byte)
}

/** The bytes that a word stands for. */
export function bytesOf(word: string): Buffer {
  const isRaw = (code: number) => code >= RAW + 0x80 && code <= RAW + 0xff
  return Buffer.concat(
    [...word].map((character) => {
      const code = character.codePointAt(0) ?? 0
      return isRaw(code) ? Buffer.from([code - RAW]) : Buffer.from(character)
    }),
  )
}

const RAW = 0xdc00

function splitWords(cell: string): readonly string[] {
  const words = cell.match(/(?:\\.|[^\\\s])+/gu) ?? []
  return words.map((word) => (word === "''" ? '' : unescaped(word)))
}

function unescaped(word: string): string {
  return word
    .replaceAll('¦', '|')
    .replace(/\\x([0-9A-F]{2})|\\(.)/gu, (_, byte, character) =>
      byte === undefined ? character : rawByte(Number.parseInt(byte, 16)),
    )
}

function placeOf(cell: string, line: string): Place {
  if (cell === 'tree') return { at: 'tree' }
  if (cell === 'text') return { at: 'text', differing: 'nothing' }
  if (cell === 'text but debug info') return { at: 'text', differing: 'debug-info' }
  if (!isReason(cell)) throw new Error(`no place: ${line}`)
  return { at: 'local', reason: cell }
}

function withoutTrees(place: Place): Place {
  return place.at === 'tree' ? { at: 'text', differing: 'nothing' } : place
}

function isReason(word: string): word is LocalReason {
  return Object.hasOwn(LOCAL_REASONS, word)
}

function situationOf(cell: string): Situation {
  const [facts = '', before] = cell.split('before:').map((part) => part.trim())
  const env: Record<string, string> = {}
  let folder = ''
  let terminal = false
  let varying = false
  let umask: string | undefined
  for (const fact of splitWords(facts)) {
    const equals = fact.indexOf('=')
    const [key, value] = equals < 0 ? [fact, ''] : [fact.slice(0, equals), fact.slice(equals + 1)]
    if (key === 'terminal') terminal = true
    else if (key === 'varying') varying = true
    else if (key === 'umask') umask = value
    else if (key === 'in') folder = value
    else env[key] = value
  }
  return { env, before: before?.replaceAll('¦', '|'), folder, terminal, umask, varying }
}
