import type { Contender, Field } from '../contenders/contender.ts'
import { distcc } from '../contenders/distcc.ts'
import { distccPump } from '../contenders/distcc-pump.ts'
import { icecc } from '../contenders/icecc.ts'
import { plain } from '../contenders/plain.ts'
import type { Deployments } from '../deployments.ts'
import type { Expected } from '../fault.ts'
import type { Goal, Row, Table } from '../results.ts'
import { inRounds } from '../rounds.ts'
import type { SuiteOptions } from '../suite.ts'
import { BUILD_METRICS, type BuildRuns, type BuildWork, timeBuild } from '../timing/timed-build.ts'

/** Of the compiles so many must have been remote or the client's share: configure tests and the like may stay at home. */
const SHARED_MIN = 0.6
/**
 * Of the compiles so many must have been remote, for each part of the whole power that the workers have: a half. One worker of a fifth of a
 * core beside a client of a third has 0.36 of both, and must do 0.18 of the work; four as strong as the client must do 0.4. With less a
 * contender has compiled at home and not over the network, however soon it was ready.
 */
const REMOTE_MIN = 0.5

export interface BuildsInit {
  readonly title: string
  readonly contenders: readonly Contender[]
  readonly work: BuildWork
  /** Translation units that may leave the client. */
  readonly compiles: number
  readonly jobs: number
  readonly rounds: number
}

export interface BuildTablesInit extends BuildsInit {
  readonly goals: readonly Goal[]
  readonly at?: number
  /** What was measured elsewhere and stands in each table as it is. */
  readonly beside?: BuildRows
  readonly notes?: readonly string[]
}

/** A row for each contender, for each metric. */
export type BuildRows = Readonly<Record<keyof BuildRuns, readonly Row[]>>

/** The same build by several contenders: its time, the client's CPU, and everybody's CPU. */
export async function* buildTables(
  deployments: Deployments,
  field: Field,
  init: BuildTablesInit,
  options: SuiteOptions,
): AsyncIterable<Table> {
  const { title, goals, beside, at = null, notes = [] } = init
  const measured = await buildRows(deployments, field, init, options)
  const rowsOf = (metric: keyof BuildRuns) => [...(beside?.[metric] ?? []), ...measured[metric]]
  yield { title, unit: 's', rows: rowsOf('seconds'), goals, notes: [setupNote(field, init.contenders), ...notes], at }
  yield {
    title: `${title}: CPU of the client in the whole build`,
    unit: 'client CPU s',
    rows: rowsOf('clientCpu').map(uncounted),
    goals: [],
    notes: [
      'With make, configure, links and what the client compiled itself; what one remote compile costs it: suite client-cpu.',
    ],
    at,
  }
  const all = rowsOf('allCpu').map(uncounted)
  yield { title: `${title}: CPU of all machines`, unit: 'CPU s', rows: all, goals: [], notes: [], at }
}

/** Lets contenders build in turns. */
export async function buildRows(
  deployments: Deployments,
  field: Field,
  { title, contenders, work, compiles, jobs, rounds }: BuildsInit,
  { say }: SuiteOptions,
): Promise<BuildRows> {
  const hosts = [field.client, ...field.workers]
  const measure = (contender: Contender) => async () => {
    say(`${title}: ${contender.name}`)
    const expected = contender === plain ? {} : expectedOf(field, compiles)
    const build = { host: field.client, hosts, options: [`-j${jobs}`], expected }
    return deployments.with(contender, (deployed) => timeBuild(deployed, work, build))
  }
  const entrants = contenders.map((contender) => ({ name: contender.name, measure: measure(contender) }))
  return inRounds(rounds, BUILD_METRICS, entrants)
}

/** What a build over the network must have done with its compiles. */
export function expectedOf({ workersShare }: Pick<Field, 'workersShare'>, compiles: number): Expected {
  return { remote: Math.round(compiles * REMOTE_MIN * workersShare), shared: Math.round(compiles * SHARED_MIN) }
}

/** Contenders that must be told whether the client compiles along. */
const TOLD: readonly Contender[] = [distcc, distccPump, icecc]

function setupNote({ clientJobs }: Field, contenders: readonly Contender[]): string {
  const told = contenders.filter((contender) => TOLD.includes(contender)).map(({ name }) => name)
  return clientJobs === 0
    ? `${told.join(', ')}: set up to send only. The client of hybridgrid compiles along by itself.`
    : `${told.join(', ')}: set up so that the client compiles along (${clientJobs} at once), as that of hybridgrid does by itself.`
}

function uncounted(row: Row): Row {
  return { ...row, runs: row.runs.map((run) => ({ ...run, remote: null, alongside: null })) }
}
