import { mkdir, rm } from 'node:fs/promises'
import { describeResult } from '../../test/lan/lab/command.ts'
import { launchNode, meshComplete, startMesh } from '../../test/lan/lab/mesh.ts'
import type { Contender } from './contender.ts'
import { endAll } from './daemons.ts'
import { hybridgridCounts } from './hybridgrid-log.ts'

const START_MAX_MS = 20_000

/** What this repository is. */
export const hybridgrid: Contender = {
  name: 'hybridgrid',
  packages: { gcc: 'gcc', bwrap: 'bubblewrap' },
  version: ['hg', '--version'],
  settings: [
    'a free core of the client compiles along where that ends sooner, which is its own default, in every suite; which tables have the others set up so too is said below each',
    '`hg node start` on every host, which find each other over mDNS, and `hgbuild` before the command; strangers compile in the sandbox',
    '`--slots 4` on hosts without a share of their own: a node offers its slots less the cores that others use, and hosts that share all cores take each other for such others',
  ],
  // Nodes tell each other every second how they are.
  quietWhenIdle: false,
  start: async ({ client, workers }) => {
    for (const { home } of [client, ...workers]) {
      await rm(home, { recursive: true, force: true })
      await mkdir(home)
    }
    const alone = workers.length === 0
    const nodes = alone ? [launchNode(client, '--no-mdns')] : await startMesh([client, ...workers])
    if (alone) await meshComplete([client], START_MAX_MS)
    return {
      inside: (command) => ({ argv: ['hgbuild', '--quiet', ...command], env: {} }),
      elsewhere: async (_host, command) => ({ argv: ['hgbuild', '--quiet', ...command], env: {} }),
      cc: ['gcc'],
      counts: async () => {
        const result = await client.run(['hg', 'stats', '--json'])
        if (result.exitCode !== 0) throw new Error(describeResult(result))
        return hybridgridCounts(result.stdout)
      },
      complaints: () => [], // Its counters say it.
      stop: () => endAll(nodes),
    }
  },
}
