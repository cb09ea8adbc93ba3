import { join } from 'node:path'
import type { Running } from '../../test/lan/lab/command.ts'
import { eventually } from '../../test/lan/lab/eventually.ts'
import type { Contender, Deployed, Field } from './contender.ts'
import { DAEMON_MAX_MS, endAll } from './daemons.ts'
import { distccComplaints, distccJobs } from './distcc-log.ts'
import { ownFolder, textOf } from './own-folder.ts'

/** distccd's default is two more than the machine has processors; ours have a part of one. */
const SPARE_JOBS = 2

/** Preprocesses at home, compiles elsewhere. */
export const distcc: Contender = {
  name: 'distcc',
  packages: { distcc: 'distcc', distccd: 'distcc' },
  version: ['distcc', '--version'],
  settings: [
    '`distccd --daemon` on each worker (the recommended standalone server), `--jobs` as many as the client sends it and two to spare, its log in a file',
    '`DISTCC_HOSTS` names every worker with `/LIMIT`; without `lzo`, which the manual recommends below 100 Mbit/s only; without `localhost`, which would compile with a fifth of the whole at most',
    'stands in for the compilers through `/usr/lib/distcc` in `PATH`',
  ],
  quietWhenIdle: true,
  start: (field) => startDistcc(field, { option: '', wrap: (command) => command, env: {} }),
}

interface Mode {
  /** What follows each host of the list. */
  readonly option: string
  readonly wrap: (command: readonly string[]) => readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** distcc with servers of its own on all workers. */
export async function startDistcc(field: Field, { option, wrap, env: added }: Mode): Promise<Deployed> {
  const { client, workers, jobs } = field
  const name = option === '' ? 'distcc' : 'distcc-pump'
  // Two modes may stand side by side.
  const port = option === '' ? '3632' : '3634'
  const logs: string[] = []
  const daemons: Running[] = []
  for (const worker of workers) {
    const log = join(await ownFolder(worker, name), 'distccd.log')
    const limits = ['--jobs', String(jobs + SPARE_JOBS), '--allow', `${client.address}/32`]
    const places = ['--listen', worker.address, '--port', port, '--log-file', log, '--log-level', 'info']
    daemons.push(
      worker.spawn(['distccd', '--daemon', '--no-detach', ...limits, ...places], { timeoutMs: DAEMON_MAX_MS }),
    )
    logs.push(log)
  }
  const said = () => Promise.all(logs.map(textOf))
  await eventually('every distccd listens', 20_000, async () =>
    (await said()).every((log) => log.includes('started (')),
  )
  const env = {
    ...added,
    PATH: `/usr/lib/distcc:${client.env['PATH']}`,
    DISTCC_DIR: await ownFolder(client, `${name}-client`),
    DISTCC_HOSTS: workers.map(({ address }) => `${address}:${port}/${jobs}${option}`).join(' '),
  }
  return {
    inside: (command) => ({ argv: wrap(command), env }),
    cc: ['gcc'],
    counts: async () => ({ remote: (await said()).reduce((sum, log) => sum + distccJobs(log), 0), hits: 0, strays: 0 }),
    complaints: ({ stderr }) => distccComplaints(stderr),
    stop: () => endAll(daemons),
  }
}
