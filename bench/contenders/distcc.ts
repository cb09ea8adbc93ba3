import { join } from 'node:path'
import type { Running } from '../../test/lan/lab/command.ts'
import { eventually } from '../../test/lan/lab/eventually.ts'
import type { Contender, Deployed, Field } from './contender.ts'
import { DAEMON_MAX_MS, endAll } from './daemons.ts'
import { distccComplaints, distccHomeJobs, distccJobs } from './distcc-log.ts'
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
    '`DISTCC_HOSTS` names every worker with `/LIMIT` (2, in client-cpu 3; 1 for an uneven worker that is weaker than the client); without `lzo`, which the manual recommends below 100 Mbit/s only',
    'in scaling, many-files and heavy-headers its client compiles along: `localhost/1` stands first, where the manual wants it. Last it took the same time (9.9 s of lua over two workers both ways; 20.3 in the place of 20.5 of 12 C++ examples, two rounds)',
    'in cold-project it only sends: the manual has that for clients of less than a fifth of the whole, and this one is a fifth. Tried once with `localhost/1`: redis on the even machines took 82.2 s in the place of 81.2, on the uneven ones 104 in the place of 105 and 102',
    'with `localhost` it says in a verbose log what it did at home, which costs nothing that could be measured (1.32 s of CPU for 100 compiles of hello.c with and without)',
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
  const { client, workers, jobs, clientJobs } = field
  const name = option === '' ? 'distcc' : 'distcc-pump'
  // Two modes may stand side by side.
  const port = option === '' ? '3632' : '3634'
  const logs: string[] = []
  const daemons: Running[] = []
  for (const [index, worker] of workers.entries()) {
    const log = join(await ownFolder(worker, name), 'distccd.log')
    const limits = ['--jobs', String((jobs[index] ?? 0) + SPARE_JOBS), '--allow', `${client.address}/32`]
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
  // Only then compiles at home are meant, and must be told from those that are not.
  const clientLog = clientJobs > 0 ? join(await ownFolder(client, `${name}-client`), 'distcc.log') : undefined
  const local = clientJobs > 0 ? [`localhost/${clientJobs}`] : []
  const env = {
    ...added,
    ...(clientLog === undefined ? {} : { DISTCC_VERBOSE: '1', DISTCC_LOG: clientLog }),
    PATH: `/usr/lib/distcc:${client.env['PATH']}`,
    DISTCC_DIR: await ownFolder(client, `${name}-client`),
    DISTCC_HOSTS: [...local, ...workers.map(({ address }, index) => `${address}:${port}/${jobs[index]}${option}`)].join(
      ' ',
    ),
  }
  return {
    inside: (command) => ({ argv: wrap(command), env }),
    cc: ['gcc'],
    counts: async () => {
      const remote = (await said()).reduce((sum, log) => sum + distccJobs(log), 0)
      const told = clientLog === undefined ? '' : await textOf(clientLog)
      const strays = distccComplaints(told).length
      return { remote, hits: 0, strays, alongside: Math.max(0, distccHomeJobs(told) - strays) }
    },
    complaints: ({ stderr }) => distccComplaints(stderr),
    stop: () => endAll(daemons),
  }
}
