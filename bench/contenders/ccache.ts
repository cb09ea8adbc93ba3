import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describeResult, type Running } from '../../test/lan/lab/command.ts'
import { eventually } from '../../test/lan/lab/eventually.ts'
import type { Host } from '../../test/lan/lab/host.ts'
import { ccacheHits } from './cache-log.ts'
import type { Contender, Field } from './contender.ts'
import { DAEMON_MAX_MS, endAll } from './daemons.ts'
import { ownFolder } from './own-folder.ts'

const STORE_PORT = '6379'

/** Remembers compiles on this machine, and in a store for all machines. */
export const ccache: Contender = {
  name: 'ccache',
  packages: { ccache: 'ccache', 'redis-server': 'redis-server' },
  version: ['ccache', '--version'],
  settings: [
    'a local cache with the defaults of the package (direct mode, compressed)',
    'between machines a redis-server on one of them as `remote_storage`, in memory only',
    'stands in for the compilers through `/usr/lib/ccache` in `PATH`',
  ],
  quietWhenIdle: true,
  start: async (field) => {
    const stores = await startStore(field)
    const { client } = field
    const envOf = async (host: Host) => ({
      PATH: `/usr/lib/ccache:${host.env['PATH']}`,
      CCACHE_DIR: await ownFolder(host, 'ccache'),
      ...remoteStorage(field),
    })
    const env = await envOf(client)
    return {
      inside: (command) => ({ argv: command, env }),
      elsewhere: async (host, command) => ({ argv: command, env: await envOf(host) }),
      forget: () => rm(env.CCACHE_DIR, { recursive: true, force: true }),
      cc: ['gcc'],
      counts: async () => {
        const result = await client.run(['ccache', '--print-stats'], { env })
        if (result.exitCode !== 0) throw new Error(describeResult(result))
        return { remote: 0, hits: ccacheHits(result.stdout), strays: 0 }
      },
      complaints: () => [],
      stop: () => endAll(stores),
    }
  },
}

/** The store stands on the first worker; alone, a machine needs none. */
async function startStore({ workers: [first] }: Field): Promise<readonly Running[]> {
  if (first === undefined) return []
  const folder = await ownFolder(first, 'ccache-store')
  const argv = ['redis-server', '--bind', first.address, '--port', STORE_PORT, '--save', '', '--dir', folder]
  const store = first.spawn([...argv, '--protected-mode', 'no'], {
    timeoutMs: DAEMON_MAX_MS,
    log: join(folder, 'redis.log'),
  })
  const ping = ['redis-cli', '-h', first.address, '-p', STORE_PORT, 'PING']
  await eventually('the store answers', 20_000, async () => (await first.run(ping)).stdout === 'PONG\n')
  return [store]
}

function remoteStorage({ workers: [first] }: Field): Readonly<Record<string, string>> {
  return first === undefined ? {} : { CCACHE_REMOTE_STORAGE: `redis://${first.address}:${STORE_PORT}` }
}
