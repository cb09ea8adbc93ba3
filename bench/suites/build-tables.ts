import type { Contender, Field } from '../contenders/contender.ts'
import { plain } from '../contenders/plain.ts'
import type { Deployments } from '../deployments.ts'
import type { Goal, Table } from '../results.ts'
import { inRounds } from '../rounds.ts'
import type { SuiteOptions } from '../suite.ts'
import { BUILD_METRICS, type BuildWork, timeBuild } from '../timing/timed-build.ts'

/** Compiles that must have left the client for a run to count as one over the network, but for what it compiled along. */
const REMOTE_SHARE_MIN = 0.6

export interface BuildTablesInit {
  readonly title: string
  readonly contenders: readonly Contender[]
  readonly work: BuildWork
  /** Translation units that may leave the client; none where nothing is to. */
  readonly compiles: number
  readonly jobs: number
  readonly rounds: number
  readonly goals: readonly Goal[]
  readonly at?: number
}

/** The same build by several contenders: its time, the client's CPU for each translation unit, and everybody's CPU. */
export async function* buildTables(
  deployments: Deployments,
  field: Field,
  init: BuildTablesInit,
  { say }: SuiteOptions,
): AsyncIterable<Table> {
  const { title, work, compiles, jobs, goals, at = null } = init
  const hosts = [field.client, ...field.workers]
  const measure = (contender: Contender) => async () => {
    say(`${title}: ${contender.name}`)
    const expected =
      contender === plain || compiles === 0 ? {} : { remote: Math.round(compiles * REMOTE_SHARE_MIN), alongside: true }
    const build = { host: field.client, hosts, options: [`-j${jobs}`], expected }
    return deployments.with(contender, (deployed) => timeBuild(deployed, work, build))
  }
  const entrants = init.contenders.map((contender) => ({ name: contender.name, measure: measure(contender) }))
  const rows = await inRounds(init.rounds, BUILD_METRICS, entrants)
  yield { title, unit: 's', rows: rows.seconds, goals, notes: [], at }
  if (compiles > 0) {
    const perUnit = rows.clientCpu.map((row) => ({
      ...row,
      runs: row.runs.map((run) => ({ ...run, remote: null, value: (1000 * run.value) / compiles })),
    }))
    yield {
      title: `${title}: the client's CPU for each of ${compiles} compiles`,
      unit: 'CPU ms',
      rows: perUnit,
      goals: [],
      notes: [],
      at,
    }
  }
  const all = rows.allCpu.map((row) => ({ ...row, runs: row.runs.map((run) => ({ ...run, remote: null })) }))
  yield { title: `${title}: CPU of all machines`, unit: 'CPU s', rows: all, goals: [], notes: [], at }
}
