import { isWorkerList, type WorkerStatus } from '../../status/snapshot.ts'
import { type Command, JSON_FLAG } from '../command.ts'
import { noNode } from '../command-error.ts'
import { EXIT } from '../exit-codes.ts'
import { textTable } from '../text-table.ts'

/** Nodes announce themselves once a second; looking more often shows nothing new. */
const WATCH_MS = 1_000
/** Clears a terminal and begins at its top. */
const CLEAR = '\u001b[2J\u001b[H'

export const peers: Command = {
  words: ['peers'],
  summary: 'list the nodes of the mesh, as this one sees them',
  flags: [JSON_FLAG, { name: 'watch', shape: 'switch', usage: '--watch', help: 'go on until interrupted' }],
  run: async ({ flags }, { ask, clock, terminal, interrupted }) => {
    const show = async () => {
      const workers = await ask('peers', isWorkerList)
      if (workers === undefined) throw noNode()
      return flags.json === true ? `${JSON.stringify({ peers: workers })}\n` : peersTable(workers)
    }
    const clears = flags.watch === true && flags.json !== true && terminal.columns !== undefined
    do {
      const shown = await show()
      terminal.out(clears ? `${CLEAR}${shown}` : shown)
      if (flags.watch === true) await clock.sleep(WATCH_MS, interrupted).catch(() => undefined) // Interrupted: the loop ends.
    } while (flags.watch === true && !interrupted.aborted)
    return EXIT.ok
  },
}

/** The listing for people; this node is marked with a star. */
export function peersTable(workers: readonly WorkerStatus[]): string {
  const rows = workers.map((worker) => [
    `${worker.name}${worker.self ? ' *' : ''}`,
    worker.arch,
    worker.os,
    `${worker.running}/${worker.slots}`,
    worker.load.toFixed(1),
    worker.latencyMs === null ? '-' : `${worker.latencyMs.toFixed(1)} ms`,
    worker.role,
    toolchainWords(worker.toolchains),
  ])
  return textTable([['NAME', 'ARCH', 'OS', 'SLOTS', 'LOAD', 'LATENCY', 'ROLE', 'TOOLCHAINS'], ...rows])
}

/** gcc and g++ of one version are two toolchains, but one word to people. */
function toolchainWords(toolchains: WorkerStatus['toolchains']): string {
  return [...new Set(toolchains.map(({ version, target }) => `${version} (${target})`))].join(', ') || 'none'
}
