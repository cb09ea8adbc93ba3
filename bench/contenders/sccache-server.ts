import type { Running } from '../../test/lan/lab/command.ts'
import { eventually } from '../../test/lan/lab/eventually.ts'
import type { Host } from '../../test/lan/lab/host.ts'
import { DAEMON_MAX_MS } from './daemons.ts'

const PORT = '4226'

/** Starts the server of one machine over a folder, and says in which environment its clients find it. */
export async function startSccache(
  host: Host,
  folder: string,
): Promise<{ env: Record<string, string>; server: Running }> {
  const env = { SCCACHE_DIR: folder, SCCACHE_SERVER_PORT: PORT, SCCACHE_IDLE_TIMEOUT: '0' }
  const server = host.spawn(['sccache'], {
    env: { ...env, SCCACHE_START_SERVER: '1', SCCACHE_NO_DAEMON: '1' },
    timeoutMs: DAEMON_MAX_MS,
  })
  const stats = ['sccache', '--show-stats']
  // Asking starts a server too, so whether ours runs is looked at as well.
  await eventually('the sccache server listens', 20_000, async () => {
    const ports = await host.run(['ss', '-ltn'])
    return ports.stdout.includes(`:${PORT} `) && (await host.run(stats, { env })).exitCode === 0
  })
  return { env, server }
}
