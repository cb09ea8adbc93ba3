import { countedValues, type Goal, type Row, type Run, type Table, valuesOf } from '../results.ts'
import { extremes, median, pairedRatio, pairedRatios } from '../statistics.ts'
import { count, figure, markdownTable, ratio } from './figures.ts'

/** The contender that all others are held against. */
const OURS = 'hybridgrid'

/** One table of measurements in Markdown: medians, spread, ratios of the same rounds, goals, and what does not count. */
export function tableSection(table: Table): string {
  const ours = table.rows.find(({ contender }) => contender === OURS)
  const counts = COUNTS.filter(({ of }) => table.rows.some(({ runs }) => runs.some((run) => isCount(of(run)))))
  const others = ours === undefined ? [] : [`${OURS} ÷ it`]
  const header = ['', `median (${table.unit})`, 'least – most', 'rounds', ...others, ...counts.map(({ name }) => name)]
  const rows = table.rows.map((row) => [...cells(row, ours), ...counts.map(({ of }) => countCell(row, of))])
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

/** What contenders counted in each run, in columns of their own where any did. */
const COUNTS = [
  { name: 'remote', of: ({ remote }: Run) => remote },
  { name: 'at home', of: ({ alongside }: Run) => alongside },
]

function isCount(value: number | null | undefined): value is number {
  return value !== null && value !== undefined
}

function countCell({ runs }: Row, of: (run: Run) => number | null | undefined): string {
  const counted = runs.map(of).filter(isCount)
  return counted.length === 0 ? '' : count(median(counted))
}

function goalLine({ rows }: Table, goal: Goal): string {
  const words = `- Goal: ${goal.contender} at most ${goal.atMost} × ${goal.over.length > 1 ? 'the better of ' : ''}${goal.over.join(', ')}`
  const rowOf = (name: string) => rows.find(({ contender }) => contender === name)
  const better = goal.over
    .flatMap((name) => rowOf(name) ?? [])
    .filter((row) => countedValues(row).length > 0)
    .sort((a, b) => median(countedValues(a)) - median(countedValues(b)))[0]
  const ratios = better === undefined ? [] : pairedRatios(valuesOf(rowOf(goal.contender)), valuesOf(better))
  if (better === undefined || ratios.length === 0) return `${words}: cannot be said yet.`
  const middle = median(ratios)
  const reached = middle <= goal.atMost
  const said = `${ratio(middle)} × ${better.contender}, ${reached ? 'reached' : '**not reached**'}`
  return `${words}: ${said} (${roundsWords(ratios, goal.atMost, reached)}).`
}

/** How far the rounds agree about a goal. */
function roundsWords(ratios: readonly number[], atMost: number, reached: boolean): string {
  if (ratios.length === 1) return 'one round only'
  const { least, most } = extremes(ratios)
  const others = ratios.filter((each) => each <= atMost !== reached).length
  const dissent = others === 0 ? '' : `; ${others} ${reached ? 'above' : 'within'} the goal`
  return `${ratios.length} rounds, ${ratio(least)} – ${ratio(most)}${dissent}`
}

function faultLines({ contender, runs }: Row): readonly string[] {
  return runs.flatMap(({ fault, value }, round) =>
    fault === null ? [] : [`- Not counted: ${contender} in round ${round + 1} (${figure(value)}): ${fault}`],
  )
}
