import type { Contender, Deployed, Field } from '../contenders/contender.ts'
import { plain } from '../contenders/plain.ts'
import type { Deployments } from '../deployments.ts'
import { counted, type Expected, faultOf } from '../fault.ts'
import type { Goal, Run, Table } from '../results.ts'
import { inRounds } from '../rounds.ts'
import { median } from '../statistics.ts'
import type { SuiteOptions } from '../suite.ts'
import { timeCommand } from '../timing/hyperfine.ts'
import type { SingleSource } from '../work/single-source.ts'

export interface SourceTableInit {
  readonly title: string
  readonly contenders: readonly Contender[]
  readonly goals: readonly Goal[]
  /** Whether each compile is of a source that nobody has compiled yet, or always of the same. */
  readonly kind: 'miss' | 'hit'
  readonly runs: number
  readonly warmup: number
}

const ROUNDS = 5
const QUICK_ROUNDS = 2

/** One source compiled by several contenders; the value of a round is the median of its runs. */
export async function sourceTable(
  deployments: Deployments,
  field: Field,
  source: SingleSource,
  { title, contenders, goals, kind, runs, warmup }: SourceTableInit,
  options: SuiteOptions,
): Promise<Table> {
  const timed = async (deployed: Deployed, contender: Contender): Promise<Run | string> => {
    const times = { runs, warmup, expected: {} }
    if (contender === plain) return timeRuns(field, deployed, source, times)
    if (kind === 'miss') {
      return timeRuns(field, deployed, source, { ...times, prepare: source.freshen, expected: { remote: runs } })
    }
    if (!(await hitsAtAll(field, deployed, source))) return 'it has no cache that answers here'
    return timeRuns(field, deployed, source, { ...times, expected: { hits: runs } })
  }
  const measure = (contender: Contender) => async () => {
    const run = await deployments.with(contender, (deployed) => timed(deployed, contender))
    return typeof run === 'string' ? run : { ms: run }
  }
  const entrants = contenders.map((contender) => ({ name: contender.name, measure: measure(contender) }))
  const rounds = options.rounds ?? (options.quick ? QUICK_ROUNDS : ROUNDS)
  const { ms } = await inRounds(rounds, ['ms'], entrants)
  return { title, unit: 'ms', rows: ms, goals, notes: [], at: null }
}

interface Runs {
  readonly runs: number
  readonly warmup: number
  readonly prepare?: readonly string[]
  readonly expected: Expected
}

async function timeRuns(
  { client }: Field,
  deployed: Deployed,
  { cwd, args }: SingleSource,
  { expected, ...runs }: Runs,
): Promise<Run> {
  const command = { command: [...deployed.cc, ...args], cwd, ...runs }
  const { result, done } = await counted(deployed, () => timeCommand(client, deployed, command))
  const remote = expected.remote === undefined ? null : done.remote
  return { value: median(result), fault: faultOf(done, expected, []), remote }
}

/** Tries whether the second of two equal compiles is answered from a cache. */
export async function hitsAtAll(
  { client }: Pick<Field, 'client'>,
  deployed: Deployed,
  { cwd, args }: Pick<SingleSource, 'cwd' | 'args'>,
): Promise<boolean> {
  const { argv, env } = deployed.inside([...deployed.cc, ...args])
  const once = () => client.run(argv, { cwd, env })
  await once()
  const { done } = await counted(deployed, once)
  return done.hits > 0
}
