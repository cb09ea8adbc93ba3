import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fields, list, number } from '../../src/status/shape.ts'
import { type CommandOptions, describeResult } from '../../test/lan/lab/command.ts'
import type { Host } from '../../test/lan/lab/host.ts'
import type { Deployed } from '../contenders/contender.ts'

/** More runs than any of ours has. */
const RUNS_MAX = 100_000
const isReport = fields({ results: list(fields({ times: list(number, RUNS_MAX) }), 1) })

export interface TimedCommand {
  readonly command: readonly string[]
  /** Runs before each time, untimed. */
  readonly prepare?: readonly string[]
  readonly runs: number
  readonly warmup: number
  readonly cwd: string
}

/** Times one command with hyperfine on a host, the contender's way: ms of each run. */
export async function timeCommand(
  host: Host,
  deployed: Deployed,
  { command, prepare, runs, warmup, cwd }: TimedCommand,
  options: CommandOptions = {},
): Promise<readonly number[]> {
  const report = join(host.folder, 'hyperfine.json')
  const counts = ['--warmup', String(warmup), '--runs', String(runs), '--export-json', report]
  const prepared = prepare === undefined ? [] : ['--prepare', shellWords(prepare)]
  // Without a shell: it would take longer to start than a cache to answer.
  const hyperfine = ['hyperfine', '-N', '--style', 'none', ...counts, ...prepared, shellWords(command)]
  const { argv, env } = deployed.inside(hyperfine)
  const result = await host.run(argv, { ...options, cwd, env })
  if (result.exitCode !== 0) throw new Error(describeResult(result))
  return timesIn(await readFile(report, 'utf8'))
}

/** The times of hyperfine's JSON report, in ms. */
export function timesIn(report: string): readonly number[] {
  const value: unknown = JSON.parse(report)
  if (!isReport(value)) throw new Error('hyperfine reported in another shape')
  return value.results.flatMap(({ times }) => times.map((seconds) => seconds * 1000))
}

/** Words as hyperfine takes a command apart. */
export function shellWords(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ')
}
