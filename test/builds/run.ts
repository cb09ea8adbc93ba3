import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { debianSourceMissing } from '../lan/builds/debian-source.ts'
import { labMissing } from '../lan/lab/support.ts'
import { buildRounds, type Round } from './build-rounds.ts'
import { FULL_BUILDS } from './full-builds.ts'
import { percent, type Verdict, verdict } from './verdict.ts'

/** The client and two workers. */
const HOSTS = 3
/** One cause makes hundreds of objects differ; so many show which. */
const FAULTS_SHOWN = 40

/**
 * Builds the projects named on the command line, or all, and prints two rows of a table for each, with what was wrong: built
 * by the mesh, and once more from the cache. `--keep FOLDER` leaves all trees there. Ends with 1 if anything differs.
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { keep: { type: 'string' } } })
  const missing = labMissing() || debianSourceMissing()
  if (missing !== false) {
    console.error(`error: ${missing}`)
    return 2
  }
  const names = positionals.length > 0 ? positionals : Object.keys(FULL_BUILDS)
  let failed = false
  console.log(`| ${COLUMNS.join(' | ')} |`)
  console.log(`|${'---|'.repeat(COLUMNS.length)}`)
  for (const name of names) {
    const project = FULL_BUILDS[name]
    if (project === undefined)
      throw new Error(`no project is called ${name}; there are ${Object.keys(FULL_BUILDS).join(', ')}`)
    const keepIn = values.keep === undefined ? undefined : join(values.keep, name)
    for (const round of await buildRounds(project, { hosts: HOSTS, keepIn })) {
      const judged = verdict(round)
      console.log(row([name, round.from, ...cells(judged, round)]))
      for (const line of [...round.summaries, ...strayLines(judged), ...some(judged.faults)]) console.log(`  ${line}`)
      failed ||= judged.faults.length > 0
    }
  }
  return failed ? 1 : 0
}

const COLUMNS = [
  'project',
  'from',
  'compiles',
  'configure tests',
  'remote',
  'cached',
  'objects equal',
  'programs and libraries equal',
  'dependency files equal',
  'other files equal',
  'lines of warnings equal',
  'hgbuild ÷ plain, by step',
]

function cells({ compiles, configureTests, remote, cached, equal }: Verdict, round: Round): readonly string[] {
  const of = ([same, all]: readonly [number, number]) => `${same} of ${all}`
  const lacking = round.linesUnlike.filter((line) => line.startsWith('- ')).length
  return [
    String(compiles),
    String(configureTests),
    `${remote} (${percent(remote / compiles)})`,
    String(cached),
    of(equal.object),
    of(equal.linked),
    of(equal.dependencies),
    of(equal.other),
    of([round.linesSaid - lacking, round.linesSaid]),
    round.ratios.map((ratio) => ratio.toFixed(2)).join(', '),
  ]
}

function strayLines({ strays }: Verdict): readonly string[] {
  return [...strays].map(([place, subjects]) => `${place}: ${subjects.join(', ')}`)
}

function some(faults: readonly string[]): readonly string[] {
  const more = faults.length - FAULTS_SHOWN
  return more > 0 ? [...faults.slice(0, FAULTS_SHOWN), `and ${more} more`] : faults
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

process.exitCode = await main()
