import { isNodeStatus } from '../../status/snapshot.ts'
import type { Command } from '../command.ts'
import { CommandError, noNode } from '../command-error.ts'
import { EXIT } from '../exit-codes.ts'
import { processAlive } from '../processes.ts'

/** A node that ends cleanly has let go of its peers and jobs after so long. */
const ENDS_WITHIN_MS = 15_000
const LOOK_MS = 50

export const nodeStop: Command = {
  words: ['node', 'stop'],
  summary: 'end the node on this machine',
  flags: [],
  run: async (_call, { ask, clock, terminal }) => {
    const status = await ask('status', isNodeStatus)
    if (status === undefined) throw noNode()
    await ask('stop', isAnything)
    const deadline = clock.now() + ENDS_WITHIN_MS
    while (processAlive(status.pid)) {
      if (clock.now() >= deadline) {
        throw new CommandError(
          EXIT.failed,
          `node ${status.name} has not ended after ${ENDS_WITHIN_MS / 1000} s`,
          `end it with \`kill ${status.pid}\``,
        )
      }
      await clock.sleep(LOOK_MS)
    }
    terminal.err(`node ${status.name} has ended\n`)
    return EXIT.ok
  },
}

function isAnything(answer: unknown): answer is unknown {
  return answer !== undefined
}
