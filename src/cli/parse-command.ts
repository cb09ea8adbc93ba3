import meow from 'meow'
import { messageOf } from '../base/errors.ts'
import { nearest } from '../base/nearest.ts'
import { type Command, type Flag, HELP_FLAG } from './command.ts'
import { CommandError } from './command-error.ts'
import { EXIT } from './exit-codes.ts'

/** The command that `argv` begins with, and what follows its words. Throws `CommandError` for a word that is none. */
export function findCommand(
  commands: readonly Command[],
  argv: readonly string[],
): { readonly command: Command; readonly rest: readonly string[] } | { readonly group: readonly string[] } {
  const words: string[] = []
  for (;;) {
    const next = argv[words.length]
    const candidates = commands.filter((command) => words.every((word, at) => command.words[at] === word))
    const command = candidates.find((each) => each.words.length === words.length)
    if (command !== undefined) return { command, rest: argv.slice(words.length) }
    if (next === undefined || next.startsWith('-')) return { group: words }
    const choices = new Set(candidates.map((each) => each.words[words.length] ?? ''))
    if (!choices.has(next)) throw unknownCommand([...words, next], words, choices)
    words.push(next)
  }
}

/** Reads a command's flags. Throws `CommandError` for what it does not take. */
export function parseFlags(command: Command, rest: readonly string[]): Readonly<Record<string, unknown>> {
  const known = [...command.flags, HELP_FLAG]
  const { flags, input } = understood(command, rest, known)
  const names = new Map(known.map((flag) => [camelCase(flag.name), flag.name]))
  const entries = Object.entries(flags).map(([key, value]) => {
    const name = names.get(key)
    if (name === undefined) throw unknownFlag(command, key, known)
    return [name, value]
  })
  const [extra] = input
  if (extra !== undefined) throw usage(command, `'${extra}' is one word too many for \`hg ${command.words.join(' ')}\``)
  return Object.fromEntries(entries)
}

function understood(command: Command, rest: readonly string[], known: readonly Flag[]) {
  try {
    return meow({
      importMeta: import.meta,
      pkg: { name: 'hg' },
      argv: [...rest],
      autoHelp: false,
      autoVersion: false,
      allowUnknownFlags: true, // Ours are told apart in `parseFlags`, with a suggestion.
      booleanDefault: undefined,
      flags: Object.fromEntries(known.map((flag) => [camelCase(flag.name), meowFlag(flag)])),
    })
  } catch (error) {
    throw usage(command, messageOf(error).replace(/^The flag (\S+) can only be set once\.$/, '$1 is given twice'))
  }
}

function meowFlag({ shape, short }: Flag) {
  const shortFlag = short === undefined ? {} : { shortFlag: short }
  if (shape === 'switch') return { type: 'boolean' as const, ...shortFlag }
  return { type: 'string' as const, isMultiple: shape === 'repeated', ...shortFlag }
}

function unknownFlag(command: Command, key: string, known: readonly Flag[]): CommandError {
  const dashed = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  const name = dashed.length === 1 ? `-${dashed}` : `--${dashed}`
  const meant = nearest(
    dashed,
    known.filter((flag) => !flag.hidden).map((flag) => flag.name),
  )
  return usage(
    command,
    `\`hg ${command.words.join(' ')}\` has no option ${name}`,
    meant === undefined ? undefined : `did you mean --${meant}?`,
  )
}

function unknownCommand(said: readonly string[], words: readonly string[], choices: ReadonlySet<string>): CommandError {
  const meant = nearest(said.at(-1) ?? '', choices)
  const hint =
    meant === undefined
      ? `see \`${['hg', ...words, '--help'].join(' ')}\``
      : `did you mean \`${['hg', ...words, meant].join(' ')}\`?`
  return new CommandError(EXIT.usage, `\`hg ${said.join(' ')}\` is not a command`, hint)
}

function usage(command: Command, message: string, hint?: string): CommandError {
  return new CommandError(EXIT.usage, message, hint ?? `see \`hg ${command.words.join(' ')} --help\``)
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
