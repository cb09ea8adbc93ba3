import { rmSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describeResult, mustRun, type Running } from '../../test/lan/lab/command.ts'
import { eventually } from '../../test/lan/lab/eventually.ts'
import type { Host } from '../../test/lan/lab/host.ts'
import type { Contender, Deployed, Field } from './contender.ts'
import { DAEMON_MAX_MS, endAll } from './daemons.ts'
import { icecreamAskedJobs, icecreamComplaints, icecreamEndedJobs, icecreamJobs } from './icecc-log.ts'
import { ownFolder, textOf } from './own-folder.ts'

const NETWORK = 'bench'
/** Where its programs look for the daemon of their machine; hosts of a lab share all but their own folders. */
const SOCKET_FOLDER = '/run/icecc'
const USER = 'icecc'
/** The first compile sends the packed compiler to a worker, which unpacks it: on a small share of a core. */
const UNPACK_MAX_MS = 120_000

/** Icecream: a scheduler chooses who compiles. */
export const icecc: Contender = {
  name: 'icecc',
  packages: { icecc: 'icecc', iceccd: 'icecc', 'icecc-scheduler': 'icecc' },
  version: ['icecc', '--version'],
  settings: [
    'scheduler on the first worker; `iceccd` on every host, on the workers with `-m` compiles at once (2, in client-cpu 3; 1 for an uneven worker that is weaker than the client)',
    'on the client `-m 1` in scaling, many-files and heavy-headers, so that it compiles along; else `-m 0`, as the manual says for one that only sends. Tried once with `-m 1` in cold-project: redis on the even machines took 80.6 s in the place of 80.4, on the uneven ones 99.5 in the place of 106 and 101',
    'the compiler packed once with `icecc --build-native` and named by `ICECC_VERSION`, sent to every worker before anything is measured; its own compression (zstd 1)',
    'stands in for the compilers through `/usr/lib/icecc/bin` in `PATH`',
  ],
  quietWhenIdle: true,
  start: async (field) => {
    const deployed = await startIcecream(field)
    for (const worker of field.workers) await sendCompilers(field.client, worker, deployed)
    return deployed
  },
}

async function startIcecream({ client, workers, jobs, clientJobs, shared }: Field): Promise<Deployed> {
  const [first] = workers
  if (first === undefined) throw new RangeError('icecream needs a worker')
  await mkdir(SOCKET_FOLDER, { recursive: true })
  const scheduler = join(await ownFolder(first, 'icecc'), 'scheduler.log')
  const daemons: Running[] = [
    first.spawn(['icecc-scheduler', '-n', NETWORK, '-l', scheduler, '-vv'], { timeoutMs: DAEMON_MAX_MS }),
  ]
  await eventually('the scheduler is ready', 20_000, async () => (await textOf(scheduler)).includes('scheduler ready'))
  const logs: string[] = []
  for (const [index, host] of [client, ...workers].entries()) {
    const folder = await ownFolder(host, 'icecc')
    await ownFolder(host, 'icecc/socket', USER)
    const base = await ownFolder(host, 'icecc/compilers', USER)
    const log = join(folder, 'iceccd.log')
    const limit = String(host === client ? clientJobs : jobs[index - 1])
    const who = ['-n', NETWORK, '-s', first.address, '-N', host.name, '-m', limit]
    const argv = withSocket(host, ['iceccd', ...who, '-b', base, '-l', log, '-vv'])
    daemons.push(host.spawn(argv, { timeoutMs: DAEMON_MAX_MS }))
    if (host !== client) logs.push(log)
  }
  const env = { PATH: `/usr/lib/icecc/bin:${client.env['PATH']}`, ICECC_VERSION: await packedCompiler(shared) }
  return {
    inside: (command) => ({ argv: withSocket(client, command), env }),
    cc: ['gcc'],
    counts: async () => {
      const said = (await Promise.all(logs.map(textOf))).join('\n')
      const left = icecreamAskedJobs(await textOf(scheduler)) - icecreamEndedJobs(said)
      return { remote: icecreamJobs(said), hits: 0, strays: 0, alongside: clientJobs > 0 ? Math.max(0, left) : 0 }
    },
    complaints: ({ stderr }) => icecreamComplaints(stderr),
    stop: () => endAll(daemons),
  }
}

let packing: Promise<string> | undefined

/** Packed once for all fields, without limits: on a third of a core it takes a minute. */
async function packedCompiler(shared: string): Promise<string> {
  packing ??= packCompiler()
  const packed = join(shared, basename(await packing))
  await copyFile(await packing, packed)
  return packed
}

async function packCompiler(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hybridgrid-icecc-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  await mustRun(['icecc', '--build-native'], { cwd: folder })
  const name = (await readdir(folder)).find((file) => file.includes('.tar'))
  if (name === undefined) throw new Error('icecc --build-native made no package')
  return join(folder, name)
}

/** Runs a command so that it sees the socket folder of its own host. */
function withSocket(host: Host, command: readonly string[]): readonly string[] {
  const mount = `mount --bind "$1" ${SOCKET_FOLDER}; shift; exec "$@"`
  return ['sh', '-c', mount, 'sh', join(host.folder, 'icecc/socket'), ...command]
}

async function sendCompilers(client: Host, worker: Host, deployed: Deployed): Promise<void> {
  const source = join(client.folder, 'icecc-warm.c')
  await writeFile(source, 'int warm;\n')
  const { argv, env } = deployed.inside(['gcc', '-c', source, '-o', join(client.folder, 'icecc-warm.o')])
  const before = await deployed.counts()
  await eventually(`${worker.name} compiles for icecream`, UNPACK_MAX_MS, async () => {
    const result = await client.run(argv, { env: { ...env, ICECC_PREFERRED_HOST: worker.name } })
    if (result.exitCode !== 0) throw new Error(describeResult(result))
    return (await deployed.counts()).remote > before.remote
  })
}
