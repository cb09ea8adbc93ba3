import { spawn } from 'node:child_process'
import { installTestPackages } from './install-test-packages.ts'

/** One part of the tests, and the commands that run it. */
interface Level {
  readonly name: string
  readonly what: string
  readonly commands: readonly (readonly string[])[]
}

/** A file of tests that takes longer hangs. On a LAN a file builds a large project three times. */
const FILE_MAX_MS = 300_000
const LAN_FILE_MAX_MS = 1_800_000

/** In the order in which they run: the quickest to fail first. */
const LEVELS: readonly Level[] = [
  {
    name: 'check',
    what: 'types and style',
    commands: [
      ['tsc', '-p', '.'],
      ['biome', 'check', '.'],
    ],
  },
  { name: 'unit', what: 'one part at a time', commands: [nodeTest('unit', 'sim', 'contract')] },
  { name: 'integration', what: 'whole programs on this machine', commands: [nodeTest('integration')] },
  { name: 'lan', what: 'a LAN of namespaces', commands: [nodeTest('lan')] },
]

/** Numbers that node's test runner closes with, and which are added up here. */
const COUNTS = ['tests', 'pass', 'fail', 'cancelled', 'skipped', 'todo'] as const
type Totals = Record<(typeof COUNTS)[number], number>

/** With all that the runner prints after it. */
const FAILING_TESTS = /^✖ failing tests:$.*/ms

interface LevelResult {
  readonly name: string
  readonly ok: boolean
  readonly seconds: number
  /** What node's test runner says once more of the tests that failed. */
  readonly failures: string
}

/** Runs the levels named on the command line, or all. Ends with node's own closing lines, over all levels. */
async function main(): Promise<number> {
  const asked = process.argv.slice(2)
  const unknown = asked.filter((name) => !LEVELS.some((level) => level.name === name))
  if (unknown.length > 0) {
    const names = LEVELS.map(({ name }) => name).join(', ')
    console.error(`error: no level of tests is called ${unknown.join(', ')}\n  hint: there are ${names}`)
    return 2
  }
  if (!installTestPackages()) {
    console.error('error: the packages that the tests need could not be installed')
    return 1
  }
  const levels = LEVELS.filter(({ name }) => asked.length === 0 || asked.includes(name))
  const totals: Totals = { tests: 0, pass: 0, fail: 0, cancelled: 0, skipped: 0, todo: 0 }
  const results: LevelResult[] = []
  for (const level of levels) results.push(await runLevel(level, totals))
  conclude(results, totals)
  return results.every(({ ok }) => ok) ? 0 : 1
}

async function runLevel({ name, what, commands }: Level, totals: Totals): Promise<LevelResult> {
  console.log(`\n=== ${name}: ${what}`)
  const startedAt = performance.now()
  let ok = true
  let failures = ''
  for (const command of commands) {
    const { exitCode, stdout } = await show(command)
    ok &&= exitCode === 0
    addCounts(totals, stdout)
    failures += stdout.match(FAILING_TESTS)?.[0] ?? ''
  }
  return { name, ok, seconds: (performance.now() - startedAt) / 1000, failures }
}

/** The failed tests come last, where a log that was cut still has them. */
function conclude(results: readonly LevelResult[], totals: Totals): void {
  for (const { name, failures } of results) if (failures !== '') console.log(`\n=== failed in ${name}\n${failures}`)
  console.log('\n=== all')
  for (const { name, ok, seconds } of results) {
    console.log(`${ok ? '✔' : '✖'} ${name.padEnd(12)} ${seconds.toFixed(1).padStart(7)} s`)
  }
  for (const count of COUNTS) console.log(`ℹ ${count} ${totals[count]}`)
}

/** Runs a command, showing and returning what it prints. */
function show([program = '', ...args]: readonly string[]): Promise<{ exitCode: number; stdout: string }> {
  // Outside the namespaces of the LAN tests no test may speak to the machine's own network.
  const env = { ...process.env, HG_MDNS: 'off', FORCE_COLOR: '0' }
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], env })
  let stdout = ''
  child.stdout.on('data', (bytes: Buffer) => {
    stdout += bytes.toString()
    process.stdout.write(bytes)
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ exitCode: code ?? 1, stdout }))
  })
}

function addCounts(totals: Totals, stdout: string): void {
  for (const count of COUNTS) {
    const told = new RegExp(`^ℹ ${count} (\\d+)$`, 'gm')
    for (const [, number] of stdout.matchAll(told)) totals[count] += Number(number)
  }
}

function nodeTest(...folders: readonly string[]): readonly string[] {
  // A LAN takes all cores of the machine, so its files run one at a time.
  const lan = folders.includes('lan')
  const options = [`--test-timeout=${lan ? LAN_FILE_MAX_MS : FILE_MAX_MS}`, ...(lan ? ['--test-concurrency=1'] : [])]
  const files = folders.map((folder) => `test/${folder}/**/*.test.ts`)
  return ['node', '--test', '--test-reporter=spec', ...options, ...files]
}

process.exitCode = await main()
