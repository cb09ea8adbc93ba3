import { distcc } from '../contenders/distcc.ts'
import { hybridgrid } from '../contenders/hybridgrid.ts'
import { icecc } from '../contenders/icecc.ts'
import { plain } from '../contenders/plain.ts'
import { onField } from '../field.ts'
import type { Suite } from '../suite.ts'
import { largeSource } from '../workloads/large-source.ts'
import { tinyFiles } from '../workloads/tiny-files.ts'
import { buildTables } from './build-tables.ts'
import { sourceTable } from './source-table.ts'

const SHARES = [0.5, 0.5, 0.5]
const FILES = 1000
const QUICK_FILES = 60
/** The client is a third of the whole. */
const CLIENT_JOBS = 1
const CONTENDERS = [plain, distcc, icecc, hybridgrid]
const LARGE_RUNS = 3

function question(files: number): string {
  return `${files} sources of three lines, \`make -j6\`, on a client and two workers of ${SHARES[0]} core. And one source of 5 MB, a table of bytes, sent to one worker, both without limits.`
}

/** The two ends: where the compile is nearly nothing, and where the bytes are nearly all. */
export const manyFiles: Suite = {
  name: 'many-files',
  title: 'A thousand tiny files, and one of 5 MB',
  question: question(FILES),
  quick: { title: `${QUICK_FILES} tiny files, and one of 5 MB`, question: question(QUICK_FILES) },
  rounds: { full: 3, quick: 1 },
  contenders: CONTENDERS,
  packages: { hyperfine: 'hyperfine' },
  run: async function* (options) {
    const small = { hosts: SHARES.length, quota: SHARES, jobs: 2, clientJobs: CLIENT_JOBS }
    yield* onField(small, async function* (deployments, field) {
      const compiles = options.quick ? QUICK_FILES : FILES
      const work = await tinyFiles(field, compiles)
      const title = `${compiles} tiny files`
      const init = { title, work, compiles, jobs: 6, rounds: options.rounds, goals: [], contenders: CONTENDERS }
      yield* buildTables(deployments, field, init, options)
    })
    yield* onField({ hosts: 2, jobs: 2 }, async function* (deployments, field) {
      const source = await largeSource(field.client.folder)
      const runs = options.quick ? 1 : LARGE_RUNS
      options.say('one source of 5 MB')
      const init = {
        title: 'one source of 5 MB',
        contenders: CONTENDERS,
        goals: [],
        kind: 'miss',
        runs,
        warmup: 1,
      } as const
      yield await sourceTable(deployments, field, source, init, options)
    })
  },
}
