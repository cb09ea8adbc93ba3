import type { Command } from './command.ts'
import { cacheClear, cacheStats, cacheVerify } from './commands/cache.ts'
import { doctor } from './commands/doctor.ts'
import { jobs } from './commands/jobs.ts'
import { meshKeyNew, meshKeyShow } from './commands/mesh-key.ts'
import { nodeLogs } from './commands/node-logs.ts'
import { nodeStart } from './commands/node-start.ts'
import { nodeStatusCommand } from './commands/node-status.ts'
import { nodeStop } from './commands/node-stop.ts'
import { peers } from './commands/peers.ts'
import { statsCommand } from './commands/stats.ts'

/** Everything `hg` can do, in the order of its help. */
export const COMMANDS: readonly Command[] = [
  nodeStart,
  nodeStop,
  nodeStatusCommand,
  nodeLogs,
  peers,
  statsCommand,
  jobs,
  cacheStats,
  cacheVerify,
  cacheClear,
  meshKeyNew,
  meshKeyShow,
  doctor,
]
