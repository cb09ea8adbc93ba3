import { ccache } from '../contenders/ccache.ts'
import type { Contender, Deployed, Field } from '../contenders/contender.ts'
import { distcc } from '../contenders/distcc.ts'
import { hybridgrid } from '../contenders/hybridgrid.ts'
import { icecc } from '../contenders/icecc.ts'
import { plain } from '../contenders/plain.ts'
import { sccache } from '../contenders/sccache.ts'
import type { Deployments } from '../deployments.ts'
import { counted, type Expected, faultOf } from '../fault.ts'
import { onField } from '../field.ts'
import type { Goal, Run, Table } from '../results.ts'
import { inRounds } from '../rounds.ts'
import { median } from '../statistics.ts'
import type { Suite, SuiteOptions } from '../suite.ts'
import { timeCommand } from '../timing/hyperfine.ts'
import { helloSource, type SingleSource, serverSource } from '../work/single-source.ts'

const HIT_CONTENDERS = [plain, ccache, sccache, hybridgrid]
const MISS_CONTENDERS = [plain, distcc, icecc, hybridgrid]
/** A round's value is the median of so many runs, after some that warm up. */
const RUNS = { hit: 30, miss: 15 }
const QUICK_RUNS = { hit: 10, miss: 5 }
const WARMUP = 3

/** What one compile costs when everything is warm. */
export const singleFile: Suite = {
  name: 'single-file',
  title: 'One file, everything warm',
  question:
    'The same command again and again on an idle client with one worker, both without limits, timed by hyperfine; the value of a round is the median of its runs. Before each remote compile the source is changed, so that nobody has compiled it yet.',
  contenders: [...new Set([...HIT_CONTENDERS, ...MISS_CONTENDERS])],
  packages: { hyperfine: 'hyperfine' },
  run: (options) =>
    onField({ hosts: 2, jobs: 2 }, async function* (deployments, field) {
      const sources = [await helloSource(field.client.folder), await serverSource(field.client.folder)]
      for (const source of sources) {
        options.say(`${source.name}, remote miss`)
        yield await missTable(deployments, field, source, options)
        options.say(`${source.name}, local hit`)
        yield await hitTable(deployments, field, source, options)
      }
    }),
}

function missTable(
  deployments: Deployments,
  field: Field,
  source: SingleSource,
  options: SuiteOptions,
): Promise<Table> {
  const small = source.name === 'hello.c'
  const goals: Goal[] = small ? [{ contender: 'hybridgrid', atMost: 0.9, over: ['distcc', 'icecc'] }] : []
  const runs = (options.quick ? QUICK_RUNS : RUNS).miss
  const timed = (deployed: Deployed, contender: Contender) =>
    timeRuns(field, deployed, source, {
      runs,
      prepare: source.freshen,
      expected: contender === plain ? {} : { remote: runs },
    })
  return table(deployments, `${source.name}: remote miss, one worker`, MISS_CONTENDERS, timed, goals, options)
}

function hitTable(deployments: Deployments, field: Field, source: SingleSource, options: SuiteOptions): Promise<Table> {
  const goals: Goal[] = [{ contender: 'hybridgrid', atMost: 0.6, over: ['ccache'] }]
  const runs = (options.quick ? QUICK_RUNS : RUNS).hit
  const timed = async (deployed: Deployed, contender: Contender) => {
    if (contender === plain) return timeRuns(field, deployed, source, { runs, expected: {} })
    if (!(await hitsAtAll(field, deployed, source))) return 'it has no cache that answers here'
    return timeRuns(field, deployed, source, { runs, expected: { hits: runs } })
  }
  return table(deployments, `${source.name}: local hit`, HIT_CONTENDERS, timed, goals, options)
}

async function table(
  deployments: Deployments,
  title: string,
  contenders: readonly Contender[],
  timed: (deployed: Deployed, contender: Contender) => Promise<Run | string>,
  goals: readonly Goal[],
  options: SuiteOptions,
): Promise<Table> {
  const entrants = contenders.map((contender) => ({
    name: contender.name,
    measure: async () => {
      const run = await deployments.with(contender, (deployed) => timed(deployed, contender))
      return typeof run === 'string' ? run : { ms: run }
    },
  }))
  const { ms } = await inRounds(options.rounds ?? (options.quick ? 2 : 5), ['ms'], entrants)
  return { title, unit: 'ms', rows: ms, goals, notes: [] }
}

interface Runs {
  readonly runs: number
  readonly prepare?: readonly string[]
  readonly expected: Expected
}

async function timeRuns(
  { client }: Field,
  deployed: Deployed,
  { cwd, args }: SingleSource,
  { expected, ...runs }: Runs,
): Promise<Run> {
  const command = { command: [...deployed.cc, ...args], cwd, warmup: WARMUP, ...runs }
  const { result, done } = await counted(deployed, () => timeCommand(client, deployed, command))
  return {
    value: median(result),
    fault: faultOf(done, expected, []),
    remote: expected.remote === undefined ? null : done.remote,
  }
}

/** Tries whether the second of two equal compiles is answered from a cache. */
async function hitsAtAll({ client }: Field, deployed: Deployed, { cwd, args }: SingleSource): Promise<boolean> {
  const { argv, env } = deployed.inside([...deployed.cc, ...args])
  const once = () => client.run(argv, { cwd, env })
  await once()
  const { done } = await counted(deployed, once)
  return done.hits > 0
}
