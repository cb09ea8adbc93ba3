import { HybridgridError, messageOf } from '../base/errors.ts'
import { SettingsError } from '../node/settings-error.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

export type CommandFailure = { readonly code: 'COMMAND_FAILED'; readonly exit: ExitCode }

/** An expected failure of a command: one line that says what, one that says what to do. */
export class CommandError extends HybridgridError<CommandFailure> {
  constructor(exit: ExitCode, message: string, hint: string) {
    super({ code: 'COMMAND_FAILED', exit }, `${message}\n  hint: ${hint}`)
  }
}

export function noNode(): CommandError {
  return new CommandError(EXIT.noNode, 'no node is running on this machine', 'start one with `hg node start`')
}

/** Tells a failure in two lines and returns its exit code. Of a fault of ours it also tells where it happened. */
export function tellError(error: unknown, terminal: Pick<Terminal, 'err'>): ExitCode {
  if (error instanceof HybridgridError) {
    const hint = error instanceof SettingsError ? `\n  hint: ${error.hint}` : ''
    terminal.err(`error: ${error.message}${hint}\n`)
    if (error instanceof CommandError) return error.reason.exit
    return error instanceof SettingsError ? EXIT.usage : EXIT.failed
  }
  terminal.err(`error: ${messageOf(error)}\n`)
  const remedy = error instanceof Error && 'code' in error ? REMEDIES.get(String(error.code)) : undefined
  if (remedy !== undefined) {
    terminal.err(`  hint: ${remedy}\n`)
    return EXIT.failed
  }
  terminal.err('  hint: this is a fault in hybridgrid; please report it with the lines below\n')
  terminal.err(`${error instanceof Error ? error.stack : 'no stack'}\n`)
  return EXIT.failed
}

/** What systems refuse, by their names for it, and what can be done. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'make room on that disk, or name a folder on another in HG_HOME'],
  ['EDQUOT', 'make room within your quota, or name a folder on another disk in HG_HOME'],
  ['EROFS', 'name a folder that can be written to in HG_HOME'],
  ['EACCES', 'make it accessible to you, or name a folder of your own in HG_HOME'],
  ['EPERM', 'make it accessible to you, or name a folder of your own in HG_HOME'],
])
