import type { Running } from '../../test/lan/lab/command.ts'

/** A daemon runs as long as its suite. */
export const DAEMON_MAX_MS = 7_200_000
/** A daemon that takes longer to end is killed. */
const END_MAX_MS = 10_000

/** Ends daemons that the harness started, and waits until they are gone. */
export async function endAll(daemons: readonly Running[]): Promise<void> {
  const killAll = (signal: NodeJS.Signals) => {
    for (const daemon of daemons) daemon.kill(signal)
  }
  killAll('SIGTERM')
  const patience = setTimeout(() => killAll('SIGKILL'), END_MAX_MS)
  await Promise.all(daemons.map((daemon) => daemon.ended))
  clearTimeout(patience)
}
