import type { Settings } from '../node/settings-table.ts'
import type { NodeStatus } from '../status/snapshot.ts'
import { textTable } from './text-table.ts'

/** What a node says of itself when it starts. */
export function nodeBanner(status: NodeStatus, settings: Pick<Settings, 'port' | 'httpPort'>): string {
  const host = status.httpHost.includes(':') ? `[${status.httpHost}]` : status.httpHost
  const pages = status.httpPort === 0 ? 'none' : `http://${host}:${status.httpPort}/workers`
  const rows = textTable([
    ['  id', status.id],
    ['  nodes', `port ${status.port}${otherThan(settings.port, status.port)}`],
    ['  status', `${pages}${otherThan(settings.httpPort, status.httpPort)}`],
    ['  slots', String(status.slots)],
  ])
  return `node ${status.name} is running\n${rows}${notices(status)
    .map((line) => `  ${line}\n`)
    .join('')}`
}

function otherThan(wanted: number, got: number): string {
  return wanted === got || wanted === 0 || got === 0 ? '' : ` (${wanted} is taken)`
}

function notices({ meshOpen, mdns, sandboxMissing }: NodeStatus): readonly string[] {
  return [
    ...(meshOpen ? ['the mesh is open to the local network: `hg mesh key new` closes it'] : []),
    ...(mdns ? [] : ['mDNS is off: other nodes are found by --peer only']),
    ...(sandboxMissing === null ? [] : [`compiles for peers are not confined (${sandboxMissing}): see \`hg doctor\``]),
  ]
}
