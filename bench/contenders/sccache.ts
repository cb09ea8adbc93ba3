import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describeResult } from '../../test/lan/lab/command.ts'
import { sccacheHits } from './cache-log.ts'
import type { Contender } from './contender.ts'
import { endAll } from './daemons.ts'
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
  start: async ({ client, shared }) => {
    const store = join(shared, 'sccache')
    await mkdir(store, { recursive: true })
    const { env, server } = await startSccache(client, store)
    const servers = new Map([[client, { env, server }]])
    return {
      inside: (command) => ({ argv: command, env }),
      elsewhere: async (host, command) => {
        const other = servers.get(host) ?? (await startSccache(host, store))
        servers.set(host, other)
        return { argv: command, env: other.env }
      },
      cc: ['sccache', 'gcc'],
      counts: async () => {
        const result = await client.run(['sccache', '--show-stats'], { env })
        if (result.exitCode !== 0) throw new Error(describeResult(result))
        return { remote: 0, hits: sccacheHits(result.stdout), strays: 0 }
      },
      complaints: () => [],
      stop: () => endAll([...servers.values()].map((each) => each.server)),
    }
  },
}
