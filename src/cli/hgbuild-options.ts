import { resolve } from 'node:path'
import { nearest } from '../base/nearest.ts'
import { CommandError } from './command-error.ts'
import { EXIT } from './exit-codes.ts'
import { textTable } from './text-table.ts'

/** One option of `hgbuild`. Each is told to launcher and agent as a variable, so that nested builds have it too. */
interface BuildOption {
  readonly names: readonly string[]
  readonly variable: string
  /** What the variable becomes; an option without takes a value of its own. */
  readonly value?: string
  readonly argument?: { readonly name: string; readonly parse: (value: string, cwd: string) => string | undefined }
  readonly help: string
  readonly hidden?: true
}

const TARGETS: ReadonlySet<string> = new Set(['amd64', 'arm64'])

const OPTIONS: readonly BuildOption[] = [
  { names: ['--no-remote'], variable: 'HG_REMOTE', value: 'off', help: 'compile on this machine only' },
  { names: ['--no-cache'], variable: 'HG_CACHE', value: 'off', help: 'compile everything anew' },
  {
    names: ['--no-fallback'],
    variable: 'HG_FALLBACK',
    value: 'off',
    help: 'fail where a compile would have run here for want of a peer',
  },
  {
    names: ['--trace'],
    variable: 'HG_TRACE',
    argument: { name: 'FILE', parse: (value, cwd) => (value === '' ? undefined : resolve(cwd, value)) },
    help: 'write where and when each compile ran, as a trace for chrome://tracing',
  },
  { names: ['--quiet', '-q'], variable: 'HG_QUIET', value: '1', help: 'say nothing but what the command says' },
  { names: ['-v', '--verbose'], variable: 'HG_VERBOSE', value: '1', help: 'say more' },
  {
    names: ['--target'],
    variable: 'HG_TARGET',
    argument: { name: 'amd64|arm64', parse: (value) => (TARGETS.has(value) ? value : undefined) },
    help: 'compile for another machine',
    hidden: true, // Behind `cc` it is the launcher's to read.
  },
]

export type HgbuildCall =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'run'
      /** Variables that the options set. */
      readonly variables: Readonly<Record<string, string>>
      /** The command and its arguments, untouched; empty when there is none. */
      readonly command: readonly string[]
    }

/** Reads options up to the first word that is none: what follows is the command's own. Throws `CommandError`. */
export function parseHgbuild(argv: readonly string[], cwd: string): HgbuildCall {
  const variables: Record<string, string> = {}
  let at = 0
  for (; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (word === '--help' || word === '-h') return { kind: 'help' }
    if (word === '--version') return { kind: 'version' }
    if (word === '--') {
      at++
      break
    }
    if (!word.startsWith('-') || word === '-') break
    const equals = word.startsWith('--') ? word.indexOf('=') : -1
    const name = equals < 0 ? word : word.slice(0, equals)
    const option = OPTIONS.find(({ names }) => names.includes(name))
    if (option === undefined) throw unknownOption(name)
    if (option.argument === undefined) {
      if (equals >= 0) throw new CommandError(EXIT.usage, `${name} takes no value`, 'see `hgbuild --help`')
      variables[option.variable] = option.value ?? ''
      continue
    }
    const given = equals < 0 ? argv[++at] : word.slice(equals + 1)
    const value = given === undefined ? undefined : option.argument.parse(given, cwd)
    if (value === undefined) throw badValue(name, given, option.argument.name)
    variables[option.variable] = value
  }
  return { kind: 'run', variables, command: argv.slice(at) }
}

export function hgbuildHelp(): string {
  const rows = OPTIONS.filter((option) => !option.hidden).map(({ names, argument, help }) => [
    `  ${names.join(', ')}${argument === undefined ? '' : ` ${argument.name}`}`,
    help,
  ])
  return `hgbuild: run a build with its compiles spread over the mesh

Usage: hgbuild [OPTIONS] COMMAND ARGS...     hgbuild make, hgbuild ninja, hgbuild ./build.sh
       hgbuild [OPTIONS] COMPILER ARGS...    hgbuild cc -c hello.c; also as CC="hgbuild gcc"

${textTable([...rows, ['  --help, -h', 'print this'], ['  --version', 'print the version']])}
The build ends as it would without hgbuild, with the same exit code. If no node runs here, one is started in the
background; it leaves after 15 idle minutes. Without -j, make and ninja get one that fits the mesh.
`
}

function unknownOption(name: string): CommandError {
  const meant = nearest(
    name,
    OPTIONS.flatMap(({ names }) => names).filter((each) => each.startsWith('--')),
  )
  const hint = meant === undefined ? 'see `hgbuild --help`' : `did you mean ${meant}?`
  return new CommandError(EXIT.usage, `hgbuild has no option ${name}`, hint)
}

function badValue(name: string, value: string | undefined, argument: string): CommandError {
  const message = value === undefined || value === '' ? `${name} has no value` : `${name} cannot be '${value}'`
  return new CommandError(EXIT.usage, message, `write ${name}=${argument}`)
}
