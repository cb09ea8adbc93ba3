import { mkdir } from 'node:fs/promises'
import { openLog } from '../node/logging.ts'
import type { Settings } from '../node/settings-table.ts'
import { isNodeStatus, type NodeStatus } from '../status/snapshot.ts'
import type { Context } from './command.ts'
import { CommandError } from './command-error.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { logFile } from './log-file.ts'
import { nodeBanner } from './node-banner.ts'
import { packageVersion, sandboxFile } from './package-folder.ts'
import { processAlive } from './processes.ts'
import { withStartLock } from './start-lock.ts'
import { settleV8 } from './v8-settings.ts'

/** Runs a node in this process until it is told to end. */
export async function runNode(settings: Settings, context: Context): Promise<ExitCode> {
  const { home, ask, terminal, interrupted } = context
  settleV8()
  await mkdir(home, { recursive: true, mode: 0o700 })
  const log = openLog(logFile(home), settings.logLevel)
  const node = await withStartLock({ ...context, alive: processAlive }, home, async () => {
    await refuseSecond(context)
    const { startNode } = await import('../node/node.ts') // libp2p takes half a second to load; `hg peers` does without.
    return startNode(settings, { home, log, sandboxHelper: sandboxFile, version: packageVersion })
  })
  const status = await ask('status', isNodeStatus)
  if (status !== undefined) terminal.err(nodeBanner(status, settings))
  await Promise.race([node.idle, aborted(interrupted)])
  await node.stop()
  return EXIT.ok
}

/** One node per state folder. */
export async function refuseSecond({ ask, home }: Pick<Context, 'ask' | 'home'>): Promise<void> {
  const status = await ask('status', isNodeStatus)
  if (status !== undefined) throw alreadyRunning(status, home)
}

export function alreadyRunning({ name, pid }: Pick<NodeStatus, 'name' | 'pid'>, home: string): CommandError {
  return new CommandError(
    EXIT.alreadyRunning,
    `node ${name} (process ${pid}) is already running with the state folder ${home}`,
    'stop it with `hg node stop`, or set HG_HOME to another folder for a second node',
  )
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
