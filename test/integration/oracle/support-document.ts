import { LOCAL_REASONS } from '../../../src/compiler/local-reason.ts'
import { CHAPTERS } from './chapters.ts'
import { bytesOf, type OracleRow, type Place } from './oracle-table.ts'
import { PROCESS_RULES } from './process-rules.ts'

/** `docs/compiler-support.md`, made of the very rows that the oracle calls: it cannot say anything else. */
export function supportDocument(): string {
  const chapters = Object.entries(CHAPTERS).map(([title, rows]) => `## ${capital(title)}\n\n${table(rows)}`)
  const rules = PROCESS_RULES.map(({ what, outcome }) => `| ${what} | ${outcome} |`)
  const processes = `## Signals, files, processes\n\n| what | outcome |\n|---|---|\n${rules.join('\n')}\n`
  const reasons = Object.entries(LOCAL_REASONS).map(([code, words]) => `| \`${code}\` | ${words} |`)
  const closing = `## Reasons to stay here\n\n| reason | the compile |\n|---|---|\n${reasons.join('\n')}\n`
  return `${OPENING}\n${chapters.join('\n')}\n${processes}\n${closing}`
}

const OPENING = `# What becomes of a compiler call

Written by \`node scripts/write-compiler-support.ts\` from the tables in \`test/integration/oracle\`; do not edit. Each line is
called by the tests, plainly and through two nodes, and must end the same: exit code, stdout, stderr, and every file to
the byte, modes included. What no command line tells follows them, and has tests of its own.

**tree**: compiled by a peer, from its sources and headers at their own paths. **text**: preprocessed here, compiled by a peer.
Anything else is the reason why it is compiled here; a list of them is at the end. *Without trees* is for peers that
have no sandbox which can show them a client's files, and for sources of which it cannot be told what they include. There, debug info may differ where the table says so: a text's
checksum is not its source's, and a compiler that is told that its input is preprocessed writes that down.

What is not in the tables:

- A compile that fails for a peer is always repeated here, so that the errors are the compiler's own: \`remote-failed\`.
- What a peer's compiler prints is shown as it is, unless it would look different here: at a terminal (colours, links, width)
  and in locales beyond \`C\`, \`POSIX\` and \`C.UTF-8\` a compile that prints anything is repeated here: \`remote-printed\`.
- \`-march=native\` and its kin travel as the processor's name and features, if this machine's compiler confirms that they mean
  the same. They stay here where the options are written into what is compiled: gcc's debug info, \`-flto\`, \`-fverbose-asm\`.
- A compile that may tell the date or the time is told this machine's by SOURCE_DATE_EPOCH, where the compiler heeds that (gcc since 7)
  and TZ is the node's; else, and where it may tell the age of a file, it stays here: \`tells-time\`.
- The compiler is started by its full path, which \`gcc -v\` and \`gcc -###\` tell as COLLECT_GCC.
`

function table(rows: readonly OracleRow[]): string {
  const lines: string[] = []
  let tools: string[] = []
  rows.forEach((row, at) => {
    tools.push(row.tool)
    const next = rows[at + 1]
    if (next !== undefined && cells(next) === cells(row)) return
    const [name, ...rest] = cells(row).split('\0')
    lines.push(`| ${[name, tools.join(' '), ...rest].join(' | ')} |`)
    tools = []
  })
  return `| case | compilers | arguments | place | without trees |\n|---|---|---|---|---|\n${lines.join('\n')}\n`
}

function cells({ name, args, situation, place, textPlace }: OracleRow): string {
  const around = Object.entries(situation.env).map(([key, value]) => `${key}=${value}`)
  if (situation.terminal) around.unshift('at a terminal')
  const said = args.length === 0 ? '' : code(args.map(shown).join(' '))
  const words = around.length === 0 ? said : `${said} (${around.map(code).join(' ')})`
  return [name, words, placeWords(place), placeWords(textPlace)].join('\0')
}

function placeWords(place: Place): string {
  if (place.at === 'local') return `\`${place.reason}\``
  return place.at === 'text' && place.differing === 'debug-info' ? '**text**, other debug info' : `**${place.at}**`
}

/** A word as a shell would need it, near enough for people; what is no character as its bytes, and what is long cut. */
function shown(word: string): string {
  const bytes = bytesOf(word)
  const text = bytes.toString('latin1') === word || bytes.toString() === word ? word : escaped(bytes)
  const printable = text.replace(/\n/g, '\\n')
  const short = printable.length > WORD_MAX_LENGTH ? `${printable.slice(0, WORD_MAX_LENGTH)}…` : printable
  return /^[\w@%+=:,./<>$#~^-]+$/.test(short) ? short : `'${short}'`
}

const WORD_MAX_LENGTH = 48
const WORDS_MAX_LENGTH = 200

function escaped(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`)
}

/** In a table a bar ends a cell, even within code. */
function code(text: string): string {
  const short = text.length > WORDS_MAX_LENGTH ? `${text.slice(0, WORDS_MAX_LENGTH)}…` : text
  return `\`${short.replaceAll('|', '\\|').replaceAll('`', "'")}\``
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
