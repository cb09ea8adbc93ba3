import { homedir } from 'node:os'
import { systemClock } from '../base/clock.ts'
import { systemRandom } from '../base/random.ts'
import { stateFolder } from '../base/state-folder.ts'
import { agentOf } from './agent-client.ts'
import { runHg } from './run-hg.ts'
import { processTerminal } from './terminal.ts'

// The program `hg`.

// `hg peers | head -1`: nobody reads on, so there is nothing left to do.
process.stdout.on('error', () => process.exit())

const home = stateFolder({ platform: process.platform, env: process.env, homeFolder: homedir(), cwd: process.cwd() })
const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // The second one ends the process at once, as it would have without us.
  process.once(signal, () => interruption.abort(new Error(signal)))
}

process.exitCode = await runHg(process.argv.slice(2), {
  terminal: processTerminal,
  ask: agentOf(home, systemClock),
  home,
  env: process.env,
  cwd: process.cwd(),
  clock: systemClock,
  random: systemRandom,
  interrupted: interruption.signal,
})
// Whatever else is open must not keep a finished command here; but what it said is still to arrive.
process.stdout.write('', () => process.exit())
