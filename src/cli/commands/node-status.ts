import { isNodeStatus, type NodeStatus } from '../../status/snapshot.ts'
import { type Command, JSON_FLAG } from '../command.ts'
import { noNode } from '../command-error.ts'
import { EXIT } from '../exit-codes.ts'
import { textTable } from '../text-table.ts'
import { counted, duration } from '../wording.ts'

export const nodeStatusCommand: Command = {
  words: ['node', 'status'],
  summary: 'show the node on this machine',
  flags: [JSON_FLAG],
  run: async ({ flags }, { ask, clock, terminal }) => {
    const status = await ask('status', isNodeStatus)
    if (status === undefined) throw noNode()
    terminal.out(flags.json === true ? `${JSON.stringify(status)}\n` : statusTable(status, clock.wallTime()))
    return EXIT.ok
  },
}

/** `now`: milliseconds since 1970. */
export function statusTable(status: NodeStatus, now: number): string {
  return textTable([
    ['name', status.name],
    ['id', status.id],
    ['version', status.version],
    ['up', `${duration(now - status.startedAt)} (process ${status.pid})`],
    ['slots', `${status.slots}, ${status.running} running, ${status.queued} waiting`],
    [
      'mesh',
      `${counted(status.peers + 1, 'node')}, ${counted(status.meshSlots, 'slot')}; ${status.meshOpen ? 'open to the local network' : 'closed by a key'}`,
    ],
    ['coordinator', status.coordinator === null ? 'none' : status.coordinator.name],
    ['port', String(status.port)],
    ['status pages', status.httpPort === 0 ? 'none' : `${status.httpHost} port ${status.httpPort}`],
    ['sandbox', status.sandboxMissing ?? 'yes'],
    ['state folder', status.home],
  ])
}
