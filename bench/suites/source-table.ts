import type { Contender, Deployed, Field } from '../contenders/contender.ts'
import { plain } from '../contenders/plain.ts'
import type { Deployments } from '../deployments.ts'
import { counted, type Expected, faultOf } from '../fault.ts'
import type { Goal, Run, Table } from '../results.ts'
import { inRounds } from '../rounds.ts'
import { median } from '../statistics.ts'
import type { SuiteOptions } from '../suite.ts'
import { timeCommand } from '../timing/hyperfine.ts'
import type { SingleSource } from '../workloads/single-source.ts'

export interface SourceTableInit {
  readonly title: string
  readonly contenders: readonly Contender[]
  readonly goals: readonly Goal[]
  /** Whether each compile is of a source that nobody has compiled yet, or always of the same. */
  readonly kind: 'miss' | 'hit'
  readonly runs: number
  readonly warmup: number
  /** Compiles at once in each run, again and again, each to an object of its own; what one of them took is told. One if left out. */
  readonly inFlight?: number
}

/** Compiles for each place in flight within one run: the start of what starts them is little beside. */
const TURNS_IN_FLIGHT = 20

/** One source compiled by several contenders; the value of a round is the median of its runs. */
export async function sourceTable(
  deployments: Deployments,
  field: Field,
  source: SingleSource,
  { title, contenders, goals, kind, runs, warmup, inFlight = 1 }: SourceTableInit,
  options: SuiteOptions,
): Promise<Table> {
  const timed = async (deployed: Deployed, contender: Contender): Promise<Run | string> => {
    const times = { runs, warmup, inFlight, expected: {} }
    if (contender === plain) return timeRuns(field, deployed, source, times)
    const expected = expectedOfRuns({ kind, runs, warmup, inFlight })
    if (kind === 'miss') return timeRuns(field, deployed, source, { ...times, prepare: source.freshen, expected })
    if (!(await hitsAtAll(field, deployed, source))) return 'it has no cache that answers here'
    return timeRuns(field, deployed, source, { ...times, expected })
  }
  const measure = (contender: Contender) => async () => {
    const run = await deployments.with(contender, (deployed) => timed(deployed, contender))
    return typeof run === 'string' ? run : { ms: run }
  }
  const entrants = contenders.map((contender) => ({ name: contender.name, measure: measure(contender) }))
  const { ms } = await inRounds(options.rounds, ['ms'], entrants)
  return { title, unit: 'ms', rows: ms, goals, notes: [], at: null }
}

interface Runs {
  readonly runs: number
  readonly warmup: number
  readonly inFlight: number
  readonly prepare?: readonly string[]
  readonly expected: Expected
}

async function timeRuns(
  { client }: Field,
  deployed: Deployed,
  { cwd, args }: SingleSource,
  { expected, inFlight, ...runs }: Runs,
): Promise<Run> {
  const compile = [...deployed.cc, ...args]
  const command = { command: inFlight === 1 ? compile : atOnce(compile, inFlight), cwd, ...runs }
  const { result, done } = await counted(deployed, () => timeCommand(client, deployed, command))
  const remote = expected.remote === undefined ? null : done.remote
  return {
    value: median(result) / compilesInRun(inFlight),
    fault: faultOf(done, expected, []),
    remote,
    alongside: null,
  }
}

/** All of them, those that are not timed included: counters tell of both. */
export function expectedOfRuns({
  kind,
  runs,
  warmup,
  inFlight = 1,
}: Pick<SourceTableInit, 'kind' | 'runs' | 'warmup' | 'inFlight'>): Expected {
  const compiles = (runs + warmup) * compilesInRun(inFlight)
  return kind === 'miss' ? { remote: compiles } : { hits: compiles }
}

function compilesInRun(inFlight: number): number {
  return inFlight === 1 ? 1 : inFlight * TURNS_IN_FLIGHT
}

/** The same compile so often, `inFlight` at a time, each to an object of its own. */
function atOnce(compile: readonly string[], inFlight: number): readonly string[] {
  const each = compile.map((word, at) => (compile[at - 1] === '-o' ? `${word}.{}` : word))
  return ['sh', '-c', `seq ${compilesInRun(inFlight)} | xargs -P ${inFlight} -I '{}' "$@"`, 'sh', ...each]
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
