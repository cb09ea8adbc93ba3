import type { Clock } from '../base/clock.ts'
import type { Random } from '../base/random.ts'
import type { AskAgent } from './agent-client.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

/** One flag of a command. */
export interface Flag {
  /** Without dashes: `http-port`. */
  readonly name: string
  readonly shape: 'switch' | 'value' | 'repeated'
  /** How the help writes it: `--http-port PORT`. */
  readonly usage: string
  readonly help: string
  readonly short?: string
  readonly hidden?: true
}

/** One command of `hg`, as data: parser, help and suggestions are all made from this. */
export interface Command {
  /** `['node', 'start']`. */
  readonly words: readonly string[]
  readonly summary: string
  /** What the help says below the flags. */
  readonly notes?: string
  readonly flags: readonly Flag[]
  run(call: Call, context: Context): Promise<ExitCode>
}

/** What was written behind the command's words: flags by name, absent ones undefined. */
export interface Call {
  readonly flags: Readonly<Record<string, unknown>>
  /** The same as it was written. */
  readonly words: readonly string[]
}

/** What a command works with. */
export interface Context {
  readonly terminal: Terminal
  readonly ask: AskAgent
  /** The state folder. */
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly clock: Clock
  readonly random: Random
  /** Aborted by Ctrl-C and by SIGTERM. */
  readonly interrupted: AbortSignal
}

export const JSON_FLAG: Flag = { name: 'json', shape: 'switch', usage: '--json', help: 'print JSON' }
export const HELP_FLAG: Flag = { name: 'help', shape: 'switch', usage: '--help, -h', short: 'h', help: 'print this' }
