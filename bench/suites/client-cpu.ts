import type { Contender, Deployed, Field } from '../contenders/contender.ts'
import { distcc } from '../contenders/distcc.ts'
import { hybridgrid } from '../contenders/hybridgrid.ts'
import { icecc } from '../contenders/icecc.ts'
import type { Deployments } from '../deployments.ts'
import { onField } from '../field.ts'
import type { Table } from '../results.ts'
import { inRounds } from '../rounds.ts'
import type { Suite, SuiteOptions } from '../suite.ts'
import { type BuildWork, buildUntimed, timeBuild } from '../timing/timed-build.ts'
import { luas } from '../workloads/luas.ts'
import { redisCompiles } from '../workloads/redis-compiles.ts'

const CONTENDERS = [distcc, icecc, hybridgrid]
/** No more than one worker takes, so that none stays at home. */
const JOBS = 3
const REMOTE_SHARE_MIN = 0.95
const GOALS = [{ contender: 'hybridgrid', atMost: 0.2, over: ['distcc'] }]

/** What a client's machine has to do for a compile that another one does. */
export const clientCpu: Suite = {
  name: 'client-cpu',
  title: 'What a remote compile costs the client',
  question: `The compiles of redis 7.0.15 and nothing else, \`make -j${JOBS}\`, on a client and one worker without limits: the CPU time of all that runs on the client, make and node included. Nobody has seen any of redis' files before.`,
  quick: {
    title: 'What a remote compile costs the client',
    question: `A build of lua, links and make included, \`make -j${JOBS}\`, on a client and one worker without limits: the CPU time of all that runs on the client.`,
  },
  rounds: { full: 3, quick: 1 },
  contenders: CONTENDERS,
  packages: { 'dpkg-source': 'dpkg-dev' },
  run: (options) =>
    onField({ hosts: 2, jobs: JOBS }, async function* (deployments, field) {
      const used = await luas(field, 1)
      const { compiles, ...work } = options.quick ? used : await redisCompiles(field)
      const common = { work, compiles, rounds: options.rounds }
      yield await cpuTable(deployments, field, { ...common, title: 'daemons just started', before: undefined }, options)
      if (options.quick) return
      yield await cpuTable(deployments, field, { ...common, title: 'after a build of lua', before: used }, options)
    }),
}

interface CpuTableInit {
  readonly title: string
  readonly work: BuildWork
  readonly compiles: number
  readonly rounds: number
  /** What has been built before, unmeasured. */
  readonly before: BuildWork | undefined
}

async function cpuTable(
  deployments: Deployments,
  field: Field,
  { title, work, compiles, rounds, before }: CpuTableInit,
  { say }: SuiteOptions,
): Promise<Table> {
  const { client, workers } = field
  const build = {
    host: client,
    hosts: [client, ...workers],
    options: [`-j${JOBS}`],
    expected: { remote: Math.round(compiles * REMOTE_SHARE_MIN) },
  }
  const measured = async (deployed: Deployed) => {
    if (before !== undefined) await buildUntimed(client, deployed.inside([...before.command, `-j${JOBS}`]), before)
    const { clientCpu } = await timeBuild(deployed, work, build)
    return { clientCpu: { ...clientCpu, value: (1000 * clientCpu.value) / compiles } }
  }
  const measure = (contender: Contender) => async () => {
    say(`${title}: ${contender.name}`)
    return deployments.with(contender, measured)
  }
  const entrants = CONTENDERS.map((contender) => ({ name: contender.name, measure: measure(contender) }))
  const { clientCpu: rows } = await inRounds(rounds, ['clientCpu'], entrants)
  return { title: `${compiles} compiles, ${title}`, unit: 'CPU ms', rows, goals: GOALS, notes: [], at: null }
}
