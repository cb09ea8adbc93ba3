import { ccache } from '../contenders/ccache.ts'
import { distcc } from '../contenders/distcc.ts'
import { hybridgrid } from '../contenders/hybridgrid.ts'
import { icecc } from '../contenders/icecc.ts'
import { plain } from '../contenders/plain.ts'
import { sccache } from '../contenders/sccache.ts'
import { onField } from '../field.ts'
import type { Goal } from '../results.ts'
import type { Suite } from '../suite.ts'
import { helloSource, serverSource } from '../workloads/single-source.ts'
import { sourceTable } from './source-table.ts'

const HIT_CONTENDERS = [plain, ccache, sccache, hybridgrid]
const MISS_CONTENDERS = [plain, distcc, icecc, hybridgrid]
const HIT_GOALS: readonly Goal[] = [{ contender: 'hybridgrid', atMost: 0.6, over: ['ccache'] }]
const MISS_GOALS: readonly Goal[] = [{ contender: 'hybridgrid', atMost: 0.9, over: ['distcc', 'icecc'] }]
const IN_FLIGHT = 8
const IN_FLIGHT_GOALS: readonly Goal[] = [{ contender: 'hybridgrid', atMost: 1, over: ['ccache'] }]
const TABLES = {
  hit: { contenders: HIT_CONTENDERS, goals: HIT_GOALS },
  miss: { contenders: MISS_CONTENDERS, goals: MISS_GOALS },
}
/**
 * A round's value is the median of so many runs, after some that warm up: as many as a build has files before most of it,
 * for all contenders, of which one is compiled while it runs. server.c takes a second or two.
 */
const RUNS = { 'hello.c': { hit: 30, miss: 15, warmup: 30 }, 'server.c': { hit: 20, miss: 5, warmup: 3 } }
const RUNS_IN_FLIGHT = 5
const QUICK_RUNS = { hit: 10, miss: 8, warmup: 15 }

const QUESTION =
  'The same command again and again on an idle client with one worker, both without limits, timed by hyperfine; the value of a round is the median of its runs. Before each remote compile the source is changed, so that nobody has compiled it yet.'

/** What one compile costs when everything is warm. */
export const singleFile: Suite = {
  name: 'single-file',
  title: 'One file, everything warm',
  question: QUESTION,
  quick: { title: 'One small file, everything warm', question: QUESTION },
  rounds: { full: 5, quick: 1 },
  contenders: [...new Set([...HIT_CONTENDERS, ...MISS_CONTENDERS])],
  packages: { hyperfine: 'hyperfine', 'dpkg-source': 'dpkg-dev' },
  run: (options) =>
    onField({ hosts: 2, jobs: 2 }, async function* (deployments, field) {
      const { folder } = field.client
      for (const name of options.quick ? (['hello.c'] as const) : (['hello.c', 'server.c'] as const)) {
        const source = name === 'hello.c' ? await helloSource(folder) : await serverSource(folder)
        const { miss, hit, warmup } = options.quick ? QUICK_RUNS : RUNS[name]
        for (const kind of ['miss', 'hit'] as const) {
          const title = `${name}: ${kind === 'miss' ? 'remote miss, one worker' : 'local hit'}`
          options.say(title)
          const init = { title, kind, runs: kind === 'miss' ? miss : hit, warmup, ...TABLES[kind] }
          const goals = name === 'server.c' && kind === 'miss' ? [] : init.goals
          yield await sourceTable(deployments, field, source, { ...init, goals }, options)
        }
        if (options.quick || name !== 'hello.c') continue
        const title = `${name}: local hit, ${IN_FLIGHT} in flight`
        options.say(title)
        const init = { title, kind: 'hit', contenders: HIT_CONTENDERS.filter((each) => each !== plain) } as const
        const counts = { runs: RUNS_IN_FLIGHT, warmup: 1, inFlight: IN_FLIGHT, goals: IN_FLIGHT_GOALS }
        yield await sourceTable(deployments, field, source, { ...init, ...counts }, options)
      }
    }),
}
