import type { Context } from './command.ts'
import { tellError } from './command-error.ts'
import { COMMANDS } from './commands.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { commandHelp, groupHelp } from './help.ts'
import { packageVersion } from './package-folder.ts'
import { findCommand, parseFlags } from './parse-command.ts'

/** Runs one command of `hg`. Never rejects. */
export async function runHg(argv: readonly string[], context: Context): Promise<ExitCode> {
  const { terminal } = context
  try {
    if (argv[0] === '--version') {
      terminal.out(`${packageVersion}\n`)
      return EXIT.ok
    }
    const found = findCommand(COMMANDS, argv)
    if ('group' in found) {
      const asked = argv.slice(found.group.length).some((word) => word === '--help' || word === '-h')
      if (asked) terminal.out(groupHelp(COMMANDS, found.group))
      else terminal.err(groupHelp(COMMANDS, found.group))
      return asked ? EXIT.ok : EXIT.usage
    }
    const flags = parseFlags(found.command, found.rest)
    if (flags.help === true) {
      terminal.out(commandHelp(found.command))
      return EXIT.ok
    }
    return await found.command.run({ flags, words: found.rest }, context)
  } catch (error) {
    return tellError(error, terminal)
  }
}
