import { join } from 'node:path'
import { installObstacle, installPackages, missingPrograms } from '../scripts/install-packages.ts'
import { messageOf } from '../src/base/errors.ts'
import { quotaMissing } from '../test/lan/lab/support.ts'
import { type BenchOptions, benchOptions } from './bench-options.ts'
import { type DocumentPlace, keepResult, writeDocument } from './document/write-results.ts'
import { machineWords, noteOf, revisionOf } from './machine.ts'
import { putTemporaryFilesInMemory } from './memory-disk.ts'
import type { Table } from './results.ts'
import type { Suite } from './suite.ts'
import { QUICK_SUITES, SUITES } from './suites/all.ts'

const PACKAGE = join(import.meta.dirname, '..')
const FULL: DocumentPlace = { folder: join(PACKAGE, 'docs'), file: 'BENCHMARKS.md', data: 'benchmarks' }
/** Not kept in the repository. */
const QUICK: DocumentPlace = { folder: join(PACKAGE, 'docs'), file: 'BENCHMARKS.quick.md', data: 'benchmarks.quick' }

/** A quick look begins no further suite after so long: the longest took 95 s on a slow machine, and all is to end within five minutes. */
const QUICK_MAX_MS = 190_000

/** Runs the suites that were asked for, and writes the document. */
async function main(): Promise<number> {
  const options = benchOptions(
    process.argv.slice(2),
    SUITES.map(({ name }) => name),
  )
  if (typeof options === 'string') {
    console.error(`error: ${options}\n  hint: npm run bench -- [--quick] [--rounds N] [SUITE...]`)
    return 2
  }
  const place = options.quick ? QUICK : FULL
  const chosen = options.writeOnly
    ? []
    : (options.quick ? QUICK_SUITES : SUITES).filter(
        ({ name }) => options.suites.length === 0 || options.suites.includes(name),
      )
  const obstacle = chosen.length > 0 && prepared(chosen)
  if (obstacle) {
    console.error(`error: nothing was measured: ${obstacle}`)
    return 1
  }
  const onDisk = chosen.length > 0 ? putTemporaryFilesInMemory() : undefined
  if (onDisk !== undefined) console.error(`files are on disk: ${onDisk}`)
  const machine = machineWords(onDisk === undefined)
  let failed = false
  const leftOut: string[] = []
  for (const suite of chosen) {
    if (options.quick && performance.now() > QUICK_MAX_MS) leftOut.push(suite.name)
    else failed = !(await measured(suite, options, place, machine)) || failed
  }
  if (leftOut.length > 0) console.error(`time was up before ${leftOut.join(', ')}`)
  console.error(`wrote ${await writeDocument(place, SUITES, leftOut)}`)
  return failed ? 1 : 0
}

/** Installs what the suites need. Returns why they cannot run here; false when they can. */
function prepared(suites: readonly Suite[]): string | false {
  const lab = quotaMissing()
  if (lab) return lab
  const packages: Record<string, string> = {}
  for (const suite of suites) {
    for (const each of [suite.packages, ...suite.contenders.map((contender) => contender.packages)])
      Object.assign(packages, each)
  }
  const missing = missingPrograms(packages)
  if (missing.length === 0) return false
  const obstacle = installObstacle()
  if (obstacle !== undefined) return `${missing.join(', ')} cannot be installed: ${obstacle}`
  return installPackages(missing.flatMap((program) => packages[program] ?? [])) ? false : 'apt failed'
}

/** False when the suite failed; what it found before that is kept. */
async function measured(
  suite: Suite,
  { quick, rounds: asked }: BenchOptions,
  place: DocumentPlace,
  machine: string,
): Promise<boolean> {
  const say = (what: string) => console.error(`${Math.round(performance.now() / 1000)} s [${suite.name}] ${what}`)
  const rounds = asked ?? (quick ? suite.rounds.quick : suite.rounds.full)
  const began = performance.now()
  const path = `${join(PACKAGE, 'bin')}:${process.env['PATH']}`
  const about = {
    suite: suite.name,
    quick,
    takenAt: new Date().toISOString(),
    revision: await revisionOf(PACKAGE),
    machine,
    contenders: await Promise.all(suite.contenders.map((contender) => noteOf(contender, path))),
  }
  const tables: Table[] = []
  const seconds = () => (performance.now() - began) / 1000
  const keep = (failure: string | null) => keepResult(place, { ...about, seconds: seconds(), tables, failure })
  try {
    for await (const table of suite.run({ quick, rounds, say })) {
      tables.push(table)
      await keep('it was interrupted')
    }
    await keep(null)
    say(`${tables.length} tables in ${Math.round(seconds())} s`)
    return true
  } catch (error) {
    say(`failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    if (tables.length > 0) await keep(firstLine(messageOf(error)))
    return false
  }
}

/** What comes behind it is what a program printed. */
function firstLine(words: string): string {
  return words.split('\n', 1)[0] ?? ''
}

process.exitCode = await main()
