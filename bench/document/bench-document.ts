import type { ContenderNote, SuiteResult } from '../results.ts'
import { tableSection } from './table-section.ts'

/** What the document needs to know of a suite, besides what it found. */
export interface SuiteWords {
  readonly name: string
  readonly title: string
  readonly question: string
}

/** A plot of a suite: its file, as seen from the document. */
export interface PlotLink {
  readonly suite: string
  readonly path: string
}

const HEAD = `# Benchmarks

How fast hybridgrid is beside what people would use instead. Written by \`npm run bench\`, which anyone can run as root on
Debian 12: it installs the contenders from Debian, makes a network of small machines out of namespaces and CPU quotas on
this one, and lets each contender do the same work in turn, round after round, each round beginning with another. Where the
document stands still and the code went on, run it again: \`npm run bench -- SUITE\` measures one suite anew and leaves the others as they
are, \`--quick\` takes a short look into \`docs/BENCHMARKS.quick.md\`, \`--rounds N\` sets how often.

Read it so: **ratios count, times do not.** A ratio is the median over rounds of the ratio within one round; a time depends on
who else used the machine. \`hybridgrid ÷ it\` below 1 says that hybridgrid was faster. A run in which a contender compiled at
home what it was to send away is named and not counted. A dash says that a contender cannot do it, or that none of its runs counts.
[performance.md](performance.md) says where the time goes and what stands in the way of what was not reached.`

/** Writes the whole document from what the suites found. */
export function benchDocument(
  suites: readonly SuiteWords[],
  results: readonly SuiteResult[],
  plots: readonly PlotLink[],
): string {
  const sections = suites.flatMap((suite) => {
    const result = results.find((each) => each.suite === suite.name)
    return result === undefined ? [] : [suiteSection(suite, result, plots)]
  })
  return `${[HEAD, ...sections, setupSection(results)].join('\n\n')}\n`
}

function suiteSection({ name, title, question }: SuiteWords, result: SuiteResult, plots: readonly PlotLink[]): string {
  const where = `Measured ${result.takenAt.slice(0, 10)} at revision \`${result.revision}\` in ${Math.round(result.seconds)} s on ${result.machine}.`
  const images = plots.filter((plot) => plot.suite === name).map(({ path }) => `![${title}](${path})`)
  return [
    `## ${title}`,
    `${question} Run it alone: \`npm run bench -- ${name}\`.`,
    result.quick ? `${where} **A quick look: too few rounds to rely on.**` : where,
    ...images,
    ...result.tables.map(tableSection),
  ].join('\n\n')
}

function setupSection(results: readonly SuiteResult[]): string {
  const notes = new Map<string, ContenderNote>()
  for (const { contenders } of results) for (const note of contenders) notes.set(note.name, note)
  const lines = [...notes.values()].map(
    ({ name, version, settings }) =>
      `**${name}** (${version})\n${settings.map((setting) => `- ${setting}`).join('\n')}`,
  )
  return ['## How the contenders are set up', 'Each as its own manual recommends.', ...lines].join('\n\n')
}
