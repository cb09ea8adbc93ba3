import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../../src/base/clock.ts'
import { agentOf } from '../../../src/cli/agent-client.ts'
import { isJobList, JOBS_LISTED_MAX, type JobStatus } from '../../../src/status/job-listing.ts'
import { isNodeStatus, isWorkerList } from '../../../src/status/snapshot.ts'
import { type Running, startCommand } from '../../lan/lab/command.ts'
import { eventually } from '../../lan/lab/eventually.ts'

/** Two nodes on this machine's loopback: one whose agent is called, and one that compiles. */
export interface OracleMesh {
  /** Environment with which a launcher finds the agent. */
  readonly env: Readonly<Record<string, string>>
  /** What the agent noted of the calls of one build. */
  jobsOf(build: string): Promise<readonly JobStatus[]>
  stop(): Promise<void>
}

const ROOT = join(import.meta.dirname, '../../..')
/** More than rows at once, so that a machine that is busy with others still takes all. */
const WORKER_SLOTS = '16'
const START_MAX_MS = 60_000
const RUN_MAX_MS = 600_000
/** Ends the nodes of a test run that was killed. */
const IDLE_EXIT_MS = '60000'

/** What the worker takes. */
export type Way = 'trees' | 'text'

/** Starts both nodes and waits until the client knows which compilers the worker has. */
export async function startOracleMesh(way: Way): Promise<OracleMesh> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hg-oracle-mesh-')))
  const nodes: Running[] = []
  const start = (name: string, ...options: readonly string[]): string => {
    const home = join(folder, name)
    mkdirSync(home)
    nodes.push(
      startCommand(
        [
          process.execPath,
          join(ROOT, 'src/cli/hg.ts'),
          'node',
          'start',
          '--name',
          name,
          '--no-mdns',
          '--idle-exit-ms',
          IDLE_EXIT_MS,
          ...options,
        ],
        {
          env: { ...machineEnvironment(), HG_HOME: home, HG_PORT: '0', HG_HTTP_PORT: '0' },
          log: join(folder, `${name}.log`),
          timeoutMs: RUN_MAX_MS,
        },
      ),
    )
    return home
  }
  const stop = async () => {
    for (const node of nodes) node.kill('SIGTERM')
    await Promise.all(nodes.map(({ ended }) => ended))
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const home = start('client', '--slots', '0')
    const ask = agentOf(home, systemClock)
    const status = await eventually('the client serves', START_MAX_MS, () => ask('status', isNodeStatus))
    start(
      'worker',
      '--slots',
      WORKER_SLOTS,
      '--peer',
      `127.0.0.1:${status.port}`,
      ...(way === 'text' ? ['--no-trees'] : []),
    )
    await eventually('the client knows the compilers of the worker', START_MAX_MS, async () => {
      const nodes = (await ask('peers', isWorkerList)) ?? []
      const [own, peer] = [true, false].map((self) => nodes.find((node) => node.self === self)?.toolchains)
      return own !== undefined && own.length > 0 && peer?.length === own.length
    })
    const jobs = async () => (await ask('jobs', isJobList, { last: JOBS_LISTED_MAX })) ?? []
    return {
      env: { HG_HOME: home, HG_NODE_STARTED: '1' },
      jobsOf: async (build) => (await jobs()).filter((job) => job.build === build),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** What a program needs to run at all; nothing of the terminal that the tests run in. */
export function machineEnvironment(): Readonly<Record<string, string>> {
  const { PATH = '/usr/bin:/bin', HOME = '/' } = process.env
  return { PATH, HOME, LC_ALL: 'C.UTF-8' }
}
