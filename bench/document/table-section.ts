import { countedValues, type Goal, type Row, type Table, valuesOf } from '../results.ts'
import { extremes, median, pairedRatio } from '../statistics.ts'
import { figure, markdownTable, ratio } from './figures.ts'

/** The contender that all others are held against. */
const OURS = 'hybridgrid'

/** One table of measurements in Markdown: medians, spread, ratios of the same rounds, goals, and what does not count. */
export function tableSection(table: Table): string {
  const ours = table.rows.find(({ contender }) => contender === OURS)
  const remote = table.rows.some(({ runs }) => runs.some((run) => run.remote !== null))
  const others = ours === undefined ? [] : [`${OURS} ÷ it`]
  const header = ['', `median (${table.unit})`, 'least – most', 'rounds', ...others, ...(remote ? ['remote'] : [])]
  const rows = table.rows.map((row) => [...cells(row, ours), ...(remote ? [remoteCell(row)] : [])])
  const notes = [
    ...table.goals.map((goal) => goalLine(table, goal)),
    ...table.rows.flatMap(({ contender, missing }) => (missing === null ? [] : [`- ${contender}: ${missing}`])),
    ...table.rows.flatMap(faultLines),
    ...table.notes.map((note) => `- ${note}`),
  ]
  return [`### ${table.title}`, '', markdownTable(header, rows), '', ...notes].join('\n').trimEnd()
}

function cells(row: Row, ours: Row | undefined): readonly string[] {
  const values = countedValues(row)
  const name = row.contender === OURS ? `**${OURS}**` : row.contender
  if (values.length === 0) return [name, '-', '-', `0 of ${row.runs.length}`, ...(ours === undefined ? [] : ['-'])]
  const { least, most } = extremes(values)
  const rounds = values.length === row.runs.length ? String(values.length) : `${values.length} of ${row.runs.length}`
  const shown = [name, figure(median(values)), `${figure(least)} – ${figure(most)}`, rounds]
  if (ours === undefined) return shown
  return [...shown, row === ours ? '' : ratio(pairedRatio(valuesOf(ours), valuesOf(row)))]
}

function remoteCell({ runs }: Row): string {
  const remote = runs.flatMap((run) => (run.remote === null ? [] : [run.remote]))
  return remote.length === 0 ? '' : figure(median(remote))
}

function goalLine({ rows }: Table, goal: Goal): string {
  const words = `- Goal: ${goal.contender} at most ${goal.atMost} × ${goal.over.length > 1 ? 'the better of ' : ''}${goal.over.join(', ')}`
  const rowOf = (name: string) => rows.find(({ contender }) => contender === name)
  const better = goal.over
    .flatMap((name) => rowOf(name) ?? [])
    .filter((row) => countedValues(row).length > 0)
    .sort((a, b) => median(countedValues(a)) - median(countedValues(b)))[0]
  const reached = better && pairedRatio(valuesOf(rowOf(goal.contender)), valuesOf(better))
  if (better === undefined || reached === undefined) return `${words}: cannot be said yet.`
  return `${words}: ${ratio(reached)} × ${better.contender}, ${reached <= goal.atMost ? 'reached' : '**not reached**'}.`
}

function faultLines({ contender, runs }: Row): readonly string[] {
  return runs.flatMap(({ fault, value }, round) =>
    fault === null ? [] : [`- Not counted: ${contender} in round ${round + 1} (${figure(value)}): ${fault}`],
  )
}
