import { lua, redis } from '../../test/lan/builds/projects.ts'
import type { Contender, Field } from '../contenders/contender.ts'
import { distcc } from '../contenders/distcc.ts'
import { distccPump } from '../contenders/distcc-pump.ts'
import { hybridgrid } from '../contenders/hybridgrid.ts'
import { icecc } from '../contenders/icecc.ts'
import { plain } from '../contenders/plain.ts'
import type { Deployments } from '../deployments.ts'
import { onField } from '../field.ts'
import type { Table } from '../results.ts'
import { inRounds } from '../rounds.ts'
import type { Suite, SuiteOptions } from '../suite.ts'
import { BUILD_METRICS, projectWork, timeBuild } from '../timing/timed-build.ts'

/** Five slow machines, so that they fit on two cores with room for the harness. */
const EVEN = [0.35, 0.35, 0.35, 0.35, 0.35]
/** The same power in all, unevenly. */
const UNEVEN = [0.35, 0.6, 0.4, 0.25, 0.15]
const JOBS = 8
const JOBS_PER_WORKER = 2
/** Compiles that must have left the client for a run to count as one over the network. */
const REMOTE_SHARE_MIN = 0.6

/** A project that nobody has built yet, on a small network. */
export const coldProject: Suite = {
  name: 'cold-project',
  title: 'A cold build of redis on five machines',
  question: `redis 7.0.15, \`make -j${JOBS}\`, nothing remembered, on a client and four workers with a share of one core each.`,
  contenders: [plain, distcc, distccPump, icecc, hybridgrid],
  packages: { 'dpkg-source': 'dpkg-dev' },
  run: async function* (options) {
    const all = [plain, distcc, distccPump, icecc, hybridgrid]
    options.say('five even machines')
    yield* onField({ hosts: EVEN.length, quota: EVEN, jobs: JOBS_PER_WORKER }, (deployments, field) =>
      buildTables(deployments, field, `client and four workers of ${EVEN[0]} core`, all, options),
    )
    if (options.quick) return
    options.say('five uneven machines')
    const shares = UNEVEN.slice(1).join(', ')
    // What the client does alone was measured on the even ones.
    yield* onField({ hosts: UNEVEN.length, quota: UNEVEN, jobs: JOBS_PER_WORKER }, (deployments, field) =>
      buildTables(deployments, field, `client of ${UNEVEN[0]} core, workers of ${shares}`, all.slice(1), options),
    )
  },
}

async function* buildTables(
  deployments: Deployments,
  field: Field,
  where: string,
  contenders: readonly Contender[],
  options: SuiteOptions,
): AsyncIterable<Table> {
  const work = await projectWork(field, options.quick ? lua('gcc') : redis)
  const hosts = [field.client, ...field.workers]
  const compiles = options.quick ? LUA_COMPILES : REDIS_COMPILES
  const measure = (contender: Contender) => () => {
    options.say(`  ${contender.name}`)
    const expected = contender === plain ? {} : { remote: Math.round(compiles * REMOTE_SHARE_MIN) }
    return deployments.with(contender, (deployed) =>
      timeBuild(deployed, work, { host: field.client, hosts, options: [`-j${JOBS}`], expected }),
    )
  }
  const entrants = contenders.map((contender) => ({ name: contender.name, measure: measure(contender) }))
  const rows = await inRounds(options.rounds ?? (options.quick ? 1 : 3), BUILD_METRICS, entrants)
  const goals = [{ contender: 'hybridgrid', atMost: 1, over: ['distcc', 'distcc pump', 'icecc'] }]
  const title = options.quick ? `lua in place of redis, ${where}` : `redis, ${where}`
  yield { title, unit: 's', rows: rows.seconds, goals, notes: [] }
  yield { title: `${title}: CPU of the client`, unit: 'CPU s', rows: rows.clientCpu, goals: [], notes: [] }
  yield { title: `${title}: CPU of all machines`, unit: 'CPU s', rows: rows.allCpu, goals: [], notes: [] }
}

/** Compiles of one translation unit in each build, links and configure tests not counted. */
const REDIS_COMPILES = 190
const LUA_COMPILES = 32
