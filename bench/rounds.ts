import type { Row, Run } from './results.ts'

/** One that is measured beside others. */
export interface Entrant<Metric extends string> {
  readonly name: string
  /** Does the work once. A string says why it cannot do it at all; it is not asked again. */
  measure(round: number): Promise<Readonly<Record<Metric, Run>> | string>
}

/**
 * Lets all entrants do the same work in every round, each round beginning with another one, so that neither the order nor
 * a machine that is busy for a while favours any of them. Returns a row for each entrant, for each metric.
 */
export async function inRounds<Metric extends string>(
  rounds: number,
  metrics: readonly Metric[],
  entrants: readonly Entrant<Metric>[],
): Promise<Readonly<Record<Metric, readonly Row[]>>> {
  const measured = entrants.map((entrant) => ({ entrant, runs: [] as Readonly<Record<Metric, Run>>[], missing: '' }))
  for (let round = 0; round < rounds; round++) {
    for (const each of rotated(measured, round)) {
      if (each.missing !== '') continue
      const run = await each.entrant.measure(round)
      if (typeof run === 'string') each.missing = run
      else each.runs.push(run)
    }
  }
  const rowsOf = (metric: Metric) =>
    measured.map(({ entrant, runs, missing }) => ({
      contender: entrant.name,
      runs: missing === '' ? runs.map((run) => run[metric]) : [],
      missing: missing === '' ? null : missing,
    }))
  return recordOf(metrics, rowsOf)
}

/** An object with the same made for each name. */
export function recordOf<K extends string, V>(names: readonly K[], make: (name: K) => V): Readonly<Record<K, V>> {
  const record: Partial<Record<K, V>> = {}
  for (const name of names) record[name] = make(name)
  return record as Record<K, V>
}

function rotated<T>(values: readonly T[], by: number): readonly T[] {
  const start = values.length === 0 ? 0 : by % values.length
  return [...values.slice(start), ...values.slice(0, start)]
}
