import { distcc } from '../contenders/distcc.ts'
import { distccPump } from '../contenders/distcc-pump.ts'
import { hybridgrid } from '../contenders/hybridgrid.ts'
import { icecc } from '../contenders/icecc.ts'
import { onField } from '../field.ts'
import type { Suite } from '../suite.ts'
import { jsonExamples } from '../workloads/json-examples.ts'
import { buildTables } from './build-tables.ts'

const SHARES = [0.35, 0.35, 0.35, 0.35, 0.35]
const EXAMPLES = 40
const QUICK_EXAMPLES = 6
/** The client is a fifth of the whole, and preprocessing here is much of the work. */
const CLIENT_JOBS = 1
const CONTENDERS = [distcc, distccPump, icecc, hybridgrid]

function question(examples: number): string {
  return `The first ${examples} examples of nlohmann-json 3.11, a library of headers only: \`g++ -std=c++17 -O1 -g\`, \`make -j8\`, on a client and four workers of ${SHARES[0]} core.`
}

/** C++ whose headers are most of the work. */
export const heavyHeaders: Suite = {
  name: 'heavy-headers',
  title: 'C++ with heavy headers',
  question: question(EXAMPLES),
  quick: { title: 'C++ with heavy headers', question: question(QUICK_EXAMPLES) },
  rounds: { full: 3, quick: 1 },
  contenders: CONTENDERS,
  packages: { 'dpkg-source': 'dpkg-dev', 'g++': 'g++' },
  run: (options) =>
    onField(
      { hosts: SHARES.length, quota: SHARES, jobs: 2, clientJobs: CLIENT_JOBS },
      async function* (deployments, field) {
        const compiles = options.quick ? QUICK_EXAMPLES : EXAMPLES
        const work = await jsonExamples(field, compiles)
        const goals = [{ contender: 'hybridgrid', atMost: 1, over: ['distcc', 'distcc pump', 'icecc'] }]
        const contenders = CONTENDERS.filter((contender) => !options.quick || contender !== distccPump)
        const title = `${compiles} examples`
        yield* buildTables(
          deployments,
          field,
          { title, work, compiles, jobs: 8, rounds: options.rounds, goals, contenders },
          options,
        )
      },
    ),
}
