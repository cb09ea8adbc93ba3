import { distcc } from '../contenders/distcc.ts'
import { hybridgrid } from '../contenders/hybridgrid.ts'
import { icecc } from '../contenders/icecc.ts'
import { onField } from '../field.ts'
import type { Suite } from '../suite.ts'
import { luas } from '../work/luas.ts'
import { buildTables } from './build-tables.ts'

const WORKERS = [1, 2, 4, 8]
const QUICK_WORKERS = [2]
const CLIENT_SHARE = 0.35
const WORKER_SHARE = 0.2
const JOBS_PER_WORKER = 2
const CONTENDERS = [distcc, icecc, hybridgrid]

/** What each further worker brings. */
export const scaling: Suite = {
  name: 'scaling',
  title: 'From one worker to eight',
  question: `Three builds of lua side by side, 96 compiles, on a client of ${CLIENT_SHARE} core and workers of ${WORKER_SHARE} core; \`make -j\` with two jobs for each worker and two more.`,
  contenders: CONTENDERS,
  packages: { 'dpkg-source': 'dpkg-dev' },
  run: async function* (options) {
    for (const workers of options.quick ? QUICK_WORKERS : WORKERS) {
      const quota = [CLIENT_SHARE, ...Array.from({ length: workers }, () => WORKER_SHARE)]
      yield* onField({ hosts: quota.length, quota, jobs: JOBS_PER_WORKER }, async function* (deployments, field) {
        const { compiles, ...work } = await luas(field, options.quick ? 1 : 3)
        const title = workers === 1 ? 'one worker' : `${workers} workers`
        const rounds = options.rounds ?? (options.quick ? 1 : 2)
        const jobs = JOBS_PER_WORKER * workers + 2
        const init = { title, work, compiles, jobs, rounds, contenders: CONTENDERS, goals: [], at: workers }
        yield* buildTables(deployments, field, init, options)
      })
    }
  },
}
