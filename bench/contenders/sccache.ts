import { describeResult } from '../../test/lan/lab/command.ts'
import { sccacheHits } from './cache-log.ts'
import type { Contender } from './contender.ts'
import { endAll } from './daemons.ts'
import { ownFolder } from './own-folder.ts'
import { startSccache } from './sccache-server.ts'

/** Remembers compiles through a server of its own on each machine. */
export const sccache: Contender = {
  name: 'sccache',
  packages: { sccache: 'sccache' },
  version: ['sccache', '--version'],
  settings: [
    'one server on the machine, started before; called as `CC="sccache gcc"`, since it has no folder of stand-ins',
    "Debian's package can store on a local disk only; between machines that disk is shared without any network, which is better than it would be",
  ],
  quietWhenIdle: true,
  start: async ({ client }) => {
    const { env, server } = await startSccache(client, await ownFolder(client, 'sccache'))
    return {
      inside: (command) => ({ argv: command, env }),
      cc: ['sccache', 'gcc'],
      counts: async () => {
        const result = await client.run(['sccache', '--show-stats'], { env })
        if (result.exitCode !== 0) throw new Error(describeResult(result))
        return { remote: 0, hits: sccacheHits(result.stdout), strays: 0 }
      },
      complaints: () => [],
      stop: () => endAll([server]),
    }
  },
}
