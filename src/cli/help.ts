import { type Command, HELP_FLAG } from './command.ts'
import { textTable } from './text-table.ts'

/** The help of `hg` itself, or of a group such as `hg node`. */
export function groupHelp(commands: readonly Command[], words: readonly string[]): string {
  const members = commands.filter((command) => words.every((word, at) => command.words[at] === word))
  const prefix = ['hg', ...words].join(' ')
  const lines = textTable(members.map((command) => [`  hg ${command.words.join(' ')}`, command.summary]))
  const about = words.length === 0 ? 'hybridgrid compiles C and C++ on every machine of the local network.\n\n' : ''
  const builds = words.length === 0 ? '\nTo build: `hgbuild make`, `hgbuild ninja`, … (see `hgbuild --help`)\n' : ''
  return `${about}Usage: ${prefix} COMMAND [OPTIONS]\n\n${lines}${builds}\nEvery command has --help.\n`
}

/** The help of one command. */
export function commandHelp({ words, summary, notes, flags }: Command): string {
  const shown = [...flags, HELP_FLAG].filter((flag) => !flag.hidden)
  const lines = textTable(shown.map((flag) => [`  ${flag.usage}`, flag.help]))
  const tail = notes === undefined ? '' : `\n${notes}\n`
  return `hg ${words.join(' ')}: ${summary}\n\nUsage: hg ${words.join(' ')} [OPTIONS]\n\n${lines}${tail}`
}
