import { writeSync } from 'node:fs'
import { homedir } from 'node:os'
import { isatty } from 'node:tty'
import { systemClock } from '../base/clock.ts'
import { systemRandom } from '../base/random.ts'
import { stateFolder } from '../base/state-folder.ts'
import { agentOf } from './agent-client.ts'
import { CompilersFolder } from './compilers-folder.ts'
import { descriptorsToPass, openDescriptors } from './descriptors.ts'
import { deafTo, stayDeafTo, takeIgnoredSignals } from './ignored-signals.ts'
import { launcherProgram } from './launcher-program.ts'
import { packageVersion } from './package-folder.ts'
import { endAs, runCommand } from './run-command.ts'
import { runHgbuild } from './run-hgbuild.ts'

// The program `hgbuild`, where the native launcher does not do it all by itself.

const { env } = process
const ignored = takeIgnoredSignals(env)
stayDeafTo(ignored)
const descriptors = descriptorsToPass(openDescriptors(), env.MAKEFLAGS ?? '') // First: before we open any.
const cwd = currentFolder()
const home = stateFolder({ platform: process.platform, env, homeFolder: homedir(), cwd })

/** A build may stand in a folder that was removed; what it runs may not mind. */
function currentFolder(): string {
  try {
    return process.cwd()
  } catch {
    return '/'
  }
}

/**
 * Not by `process.stderr`: that would make a pipe that we share with the build non-blocking under its hands.
 * What cannot be written is lost, as it is for a shell.
 */
function write(descriptor: number, text: string): void {
  try {
    writeSync(descriptor, text)
  } catch {
    // Closed or full: the build's exit code matters more than our words.
  }
}

const launcher = launcherProgram()
const ending = await runHgbuild(
  {
    clock: systemClock,
    random: systemRandom,
    ask: agentOf(home, systemClock),
    terminal: { out: (text) => write(1, text), err: (text) => write(2, text) },
    compilers: new CompilersFolder({ clock: systemClock, random: systemRandom }, { home, launcher }),
    run: (command) => runCommand({ ...command, words: deafTo(ignored, command.words), descriptors }),
  },
  {
    argv: process.argv.slice(2),
    env,
    cwd,
    home,
    launcher,
    version: packageVersion,
    stderrIsTerminal: isatty(2),
  },
)
endAs(ending)
