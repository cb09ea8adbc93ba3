import type { ContenderNote, SuiteResult } from '../results.ts'
import { tableSection } from './table-section.ts'

/** What the document needs to know of a suite, besides what it found. */
export interface SuiteWords {
  readonly name: string
  readonly title: string
  readonly question: string
  /** Rounds that it takes to be sure. */
  readonly rounds: { readonly full: number }
  /** The same of a quick look, where that does other work. */
  readonly quick?: { readonly title: string; readonly question: string }
}

/** A plot of a suite: its file, as seen from the document. */
export interface PlotLink {
  readonly suite: string
  readonly path: string
}

const HEAD = `# Benchmarks

How fast hybridgrid is beside what people would use instead. Written by \`npm run bench\`, which anyone can run as root on
Debian 12: it installs the contenders from Debian, makes a network of small machines out of namespaces and CPU quotas on
this one, and lets each contender do the same work in turn, round after round, each round beginning with another. What is built and
kept lies in memory where there is room for it, for all of them: what a new file costs is the disk's doing. Where the
document stands still and the code went on, run it again: \`npm run bench -- SUITE\` measures one suite anew and leaves the others as they
are, \`--quick\` takes a short look into \`docs/BENCHMARKS.quick.md\`, \`--rounds N\` sets how often.

Read it so: **ratios count, times do not.** A ratio is the median over rounds of the ratio within one round; a time depends on
who else used the machine. \`hybridgrid ÷ it\` below 1 says that hybridgrid was faster. \`remote\` is how many compiles other machines
did, \`at home\` how many the client did as its share, both by the contender's own count. A build over the network counts when no
compile fell back to the client that was to be sent away, when six in ten compiles were one or the other (what configure scripts try
may stay at home), and when the workers did at least half as much of that as they have of all CPU: four fifths of the CPU, two fifths of the
compiles. Any other run is named and not counted. A dash says that a contender cannot do it, or that none of its runs counts.
[performance.md](performance.md) says where the time goes and what stands in the way of what was not reached.`

/** Writes the whole document from what the suites found; `leftOut` names those that there was no time for. */
export function benchDocument(
  suites: readonly SuiteWords[],
  results: readonly SuiteResult[],
  plots: readonly PlotLink[],
  leftOut: readonly string[] = [],
): string {
  const resultOf = ({ name }: SuiteWords) => results.find(({ suite }) => suite === name)
  const sections = suites.flatMap((suite) => {
    const result = resultOf(suite)
    return result === undefined ? [] : [suiteSection(suite, result, plots)]
  })
  const missing = suites.filter((suite) => resultOf(suite) === undefined || leftOut.includes(suite.name))
  return `${[HEAD, ...scopeLines(results, missing), ...sections, setupSection(results)].join('\n\n')}\n`
}

const MINUTE_SECONDS = 60

/** How long all of it takes, and what is not there. */
function scopeLines(results: readonly SuiteResult[], missing: readonly SuiteWords[]): readonly string[] {
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0)
  const took = `The suites below took ${Math.round(seconds / MINUTE_SECONDS)} min in all.`
  const kept = ({ name }: SuiteWords) => results.some(({ suite }) => suite === name)
  const names = missing
    .map((suite) => `\`${suite.name}\`${kept(suite) ? ' (below as measured before)' : ''}`)
    .join(', ')
  return [...(results.length > 0 ? [took] : []), ...(missing.length > 0 ? [`Left out this time: ${names}.`] : [])]
}

function suiteSection(suite: SuiteWords, result: SuiteResult, plots: readonly PlotLink[]): string {
  const { name } = suite
  const { title, question } = (result.quick ? suite.quick : undefined) ?? suite
  const where = `Measured ${result.takenAt.slice(0, 10)} at revision \`${result.revision}\` in ${Math.round(result.seconds)} s on ${result.machine}.`
  const images = plots.filter((plot) => plot.suite === name).map(({ path }) => `![${title}](${path})`)
  return [
    `## ${title}`,
    `${question} Run it alone: \`npm run bench -- ${name}\`.`,
    [where, ...doubts(suite, result)].join(' '),
    ...images,
    ...result.tables.map(tableSection),
  ].join('\n\n')
}

/** Why the figures say less than they should. */
function doubts({ rounds: { full } }: SuiteWords, { quick, tables, failure }: SuiteResult): readonly string[] {
  const rounds = Math.min(...tables.flatMap(({ rows }) => rows.flatMap(({ runs }) => runs.length || [])))
  return [
    ...(quick ? ['**A quick look: too few rounds to rely on.**'] : []),
    ...(!quick && rounds < full ? [`In ${rounds} of the ${full} rounds that it takes unless told.`] : []),
    ...(failure ? [`**It broke off, and tables are missing:** ${failure}`] : []),
  ]
}

function setupSection(results: readonly SuiteResult[]): string {
  const notes = new Map<string, ContenderNote>()
  // What was measured last says how a contender is set up now.
  const byAge = results.toSorted((a, b) => a.takenAt.localeCompare(b.takenAt))
  for (const { contenders } of byAge) for (const note of contenders) notes.set(note.name, note)
  const lines = [...notes.values()].map(
    ({ name, version, settings }) =>
      `**${name}** (${version})\n${settings.map((setting) => `- ${setting}`).join('\n')}`,
  )
  return ['## How the contenders are set up', 'Each as its own manual recommends.', ...lines].join('\n\n')
}
