import { cpus } from 'node:os'
import { distcc } from '../contenders/distcc.ts'
import { hybridgrid } from '../contenders/hybridgrid.ts'
import { icecc } from '../contenders/icecc.ts'
import { plain } from '../contenders/plain.ts'
import { onField } from '../field.ts'
import type { Suite } from '../suite.ts'
import { LUA_COMPILES, luas } from '../workloads/luas.ts'
import { type BuildRows, buildRows, buildTables } from './build-tables.ts'

const WORKERS = [1, 2, 4, 8]
const QUICK_WORKERS = [2]
const LUAS = 3
const QUICK_LUAS = 1
const CLIENT_SHARE = 0.35
const WORKER_SHARE = 0.2
const JOBS_PER_WORKER = 2
/** The client is stronger than any worker. */
const CLIENT_JOBS = 1
const CONTENDERS = [distcc, icecc, hybridgrid]

/** What each further worker brings. */
export const scaling: Suite = {
  name: 'scaling',
  title: 'From one worker to eight',
  question: question('Three builds of lua side by side', LUAS),
  quick: { title: 'Two workers', question: question('A build of lua', QUICK_LUAS) },
  rounds: { full: 2, quick: 1 },
  contenders: [plain, ...CONTENDERS],
  packages: { 'dpkg-source': 'dpkg-dev' },
  run: async function* (options) {
    let beside: BuildRows | undefined
    for (const workers of options.quick ? QUICK_WORKERS : WORKERS) {
      const quota = [CLIENT_SHARE, ...Array.from({ length: workers }, () => WORKER_SHARE)]
      const lab = { hosts: quota.length, quota, jobs: JOBS_PER_WORKER, clientJobs: CLIENT_JOBS }
      yield* onField(lab, async function* (deployments, field) {
        const { compiles, ...work } = await luas(field, options.quick ? QUICK_LUAS : LUAS)
        const title = workers === 1 ? 'one worker' : `${workers} workers`
        const jobs = JOBS_PER_WORKER * workers + 2
        const build = { work, compiles, jobs, rounds: options.rounds }
        // The client alone is the same whatever stands beside it.
        beside ??= await buildRows(deployments, field, { ...build, title: 'no worker', contenders: [plain] }, options)
        const notes = [coresNote(quota), 'plain is make on the client alone, measured once for all tables.']
        const init = { ...build, title, contenders: CONTENDERS, goals: [], at: workers, beside, notes }
        yield* buildTables(deployments, field, init, options)
      })
    }
  },
}

function question(builds: string, count: number): string {
  return `${builds}, ${count * LUA_COMPILES} compiles, on a client of ${CLIENT_SHARE} core and workers of ${WORKER_SHARE} core; \`make -j\` with two jobs for each worker and two more.`
}

/** Who else wants cores of the machine that plays all of them makes a difference once they want most of it. */
function coresNote(quota: readonly number[]): string {
  const wanted = quota.reduce((sum, share) => sum + share, 0)
  return `All machines together may use ${wanted.toFixed(2)} of the ${cpus().length} cores on which they are played.`
}
