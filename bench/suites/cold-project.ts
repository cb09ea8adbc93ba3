import { lua, redis } from '../../test/lan/builds/projects.ts'
import { distcc } from '../contenders/distcc.ts'
import { distccPump } from '../contenders/distcc-pump.ts'
import { hybridgrid } from '../contenders/hybridgrid.ts'
import { icecc } from '../contenders/icecc.ts'
import { plain } from '../contenders/plain.ts'
import { onField } from '../field.ts'
import type { Suite } from '../suite.ts'
import { projectWork } from '../timing/timed-build.ts'
import { LUA_COMPILES } from '../workloads/luas.ts'
import { buildTables } from './build-tables.ts'

/** Five slow machines, so that they fit on two cores with room for the harness. */
const EVEN = [0.35, 0.35, 0.35, 0.35, 0.35]
/** The same power in all, unevenly. */
const UNEVEN = [0.35, 0.6, 0.4, 0.25, 0.15]
const JOBS = 8
const JOBS_PER_WORKER = 2
/** A worker that is weaker than the client gets one compile at a time, as who names hosts by hand would have it. */
const JOBS_OF_WEAK = 1
const UNEVEN_JOBS = UNEVEN.slice(1).map((share) => (share < (UNEVEN[0] ?? 0) ? JOBS_OF_WEAK : JOBS_PER_WORKER))
/** distcc's and icecc's clients do not compile along: neither was faster with it, as the document says. */
const CLIENT_JOBS = 0
const QUESTION = `\`make -j${JOBS}\`, nothing remembered, on a client and four workers with a share of a core each.`
/** Compiles of one translation unit in a build of redis: links and configure tests are not counted. */
const REDIS_COMPILES = 190
const CONTENDERS = [plain, distcc, distccPump, icecc, hybridgrid]
const GOALS = [{ contender: 'hybridgrid', atMost: 1, over: ['distcc', 'distcc pump', 'icecc'] }]

/** A project that nobody has built yet, on a small network. */
export const coldProject: Suite = {
  name: 'cold-project',
  title: 'A cold build of redis on five machines',
  question: `redis 7.0.15, ${QUESTION}`,
  quick: { title: 'A cold build of lua on five machines', question: `lua 5.4, ${QUESTION}` },
  rounds: { full: 3, quick: 1 },
  contenders: CONTENDERS,
  packages: { 'dpkg-source': 'dpkg-dev' },
  run: async function* (options) {
    const project = options.quick ? lua('gcc') : redis
    const compiles = options.quick ? LUA_COMPILES : REDIS_COMPILES
    const common = { compiles, jobs: JOBS, goals: GOALS, rounds: options.rounds }
    const even = { hosts: EVEN.length, quota: EVEN, jobs: JOBS_PER_WORKER, clientJobs: CLIENT_JOBS }
    yield* onField(even, async function* (deployments, field) {
      const title = `${project.name}, client and four workers of ${EVEN[0]} core`
      const work = await projectWork(field, project)
      // The include server of pump mode takes half of a quick look to start.
      const contenders = CONTENDERS.filter((contender) => !options.quick || contender !== distccPump)
      yield* buildTables(deployments, field, { ...common, title, work, contenders }, options)
    })
    if (options.quick) return
    const uneven = { hosts: UNEVEN.length, quota: UNEVEN, jobs: UNEVEN_JOBS, clientJobs: CLIENT_JOBS }
    yield* onField(uneven, async function* (deployments, field) {
      const title = `${project.name}, client of ${UNEVEN[0]} core, workers of ${UNEVEN.slice(1).join(', ')}`
      const work = await projectWork(field, project)
      // What the client does alone was measured on the even ones.
      const contenders = CONTENDERS.filter((contender) => contender !== plain)
      const notes = [`Compiles at once that distcc and icecc may send to each worker: ${UNEVEN_JOBS.join(', ')}.`]
      yield* buildTables(deployments, field, { ...common, title, work, contenders, notes }, options)
    })
  },
}
