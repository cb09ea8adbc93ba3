import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { silentLog } from '../../../src/base/log.ts'
import { type RunningNode, startNode } from '../../../src/node/node.ts'
import { resolveSettings } from '../../../src/node/settings.ts'
import { eventually } from '../../lan/lab/eventually.ts'
import { undo } from '../undo.ts'

/** A folder that goes with its test. */
export async function folderOf(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hg-gateway-'))
  undo(t, () => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

/** A whole node on ports that are free, which compiles for nobody and finds only the peers that it is told. Another's home is that of one that was stopped. */
export async function startGatewayNode(
  t: TestContext,
  flags: Readonly<Record<string, unknown>> = {},
  homeOfAnother?: string,
): Promise<RunningNode & { readonly home: string }> {
  const home = homeOfAnother ?? (await folderOf(t))
  const settings = resolveSettings({
    flags: { name: 'gateway', port: '0', 'http-port': '0', slots: '0', mdns: false, ...flags },
    env: {},
    file: undefined,
    machine: { hostname: 'gateway', cores: 1 },
    cwd: home,
  })
  const node = await startNode(settings, { home, log: silentLog, sandboxHelper: join(home, 'none'), version: '0.0.0' })
  undo(t, () => node.stop())
  return { ...node, home }
}

/** Where a node's gateway is. */
export function urlOf(node: RunningNode, path = ''): string {
  return `http://127.0.0.1:${node.httpPort}${path}`
}

/** Two nodes that know each other, and no more. */
export async function startTwoNodes(t: TestContext): Promise<readonly [RunningNode, RunningNode]> {
  const one = await startGatewayNode(t, { name: 'one' })
  const other = await startGatewayNode(t, { name: 'other', peer: [`127.0.0.1:${one.port}`] })
  for (const node of [one, other]) {
    await eventually(`${node.name} sees both`, 20_000, async () => {
      const workers: unknown = await (await fetch(urlOf(node, '/workers'))).json()
      return Array.isArray(workers) && workers.length === 2
    })
  }
  return [one, other]
}
