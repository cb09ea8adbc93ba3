import { ccache } from '../contenders/ccache.ts'
import { distcc } from '../contenders/distcc.ts'
import { hybridgrid } from '../contenders/hybridgrid.ts'
import { icecc } from '../contenders/icecc.ts'
import { plain } from '../contenders/plain.ts'
import { sccache } from '../contenders/sccache.ts'
import { onField } from '../field.ts'
import type { Goal } from '../results.ts'
import type { Suite } from '../suite.ts'
import { helloSource, serverSource } from '../work/single-source.ts'
import { sourceTable } from './source-table.ts'

const HIT_CONTENDERS = [plain, ccache, sccache, hybridgrid]
const MISS_CONTENDERS = [plain, distcc, icecc, hybridgrid]
const HIT_GOALS: readonly Goal[] = [{ contender: 'hybridgrid', atMost: 0.6, over: ['ccache'] }]
const MISS_GOALS: readonly Goal[] = [{ contender: 'hybridgrid', atMost: 0.9, over: ['distcc', 'icecc'] }]
/** A round's value is the median of so many runs, after some that warm up. */
const RUNS = { hit: 30, miss: 15 }
const QUICK_RUNS = { hit: 8, miss: 4 }
const WARMUP = 3
const QUICK_WARMUP = 1

/** What one compile costs when everything is warm. */
export const singleFile: Suite = {
  name: 'single-file',
  title: 'One file, everything warm',
  question:
    'The same command again and again on an idle client with one worker, both without limits, timed by hyperfine; the value of a round is the median of its runs. Before each remote compile the source is changed, so that nobody has compiled it yet.',
  contenders: [...new Set([...HIT_CONTENDERS, ...MISS_CONTENDERS])],
  packages: { hyperfine: 'hyperfine', 'dpkg-source': 'dpkg-dev' },
  run: (options) =>
    onField({ hosts: 2, jobs: 2 }, async function* (deployments, field) {
      const { miss, hit } = options.quick ? QUICK_RUNS : RUNS
      const warmup = options.quick ? QUICK_WARMUP : WARMUP
      const { folder } = field.client
      for (const source of [await helloSource(folder), await serverSource(folder)]) {
        const goals = source.name === 'hello.c' ? MISS_GOALS : []
        const missTitle = `${source.name}: remote miss, one worker`
        options.say(missTitle)
        const misses = {
          title: missTitle,
          contenders: MISS_CONTENDERS,
          goals,
          kind: 'miss',
          runs: miss,
          warmup,
        } as const
        yield await sourceTable(deployments, field, source, misses, options)
        const hitTitle = `${source.name}: local hit`
        options.say(hitTitle)
        const hits = {
          title: hitTitle,
          contenders: HIT_CONTENDERS,
          goals: HIT_GOALS,
          kind: 'hit',
          runs: hit,
          warmup,
        } as const
        yield await sourceTable(deployments, field, source, hits, options)
      }
    }),
}
