import { isJobList, type JobStatus } from '../../src/status/job-listing.ts'
import { fields } from '../../src/status/shape.ts'
import { describeResult } from '../../test/lan/lab/command.ts'
import type { Host } from '../../test/lan/lab/host.ts'
import type { Deployed, Field } from '../contenders/contender.ts'
import { median } from '../statistics.ts'
import { timeCommand } from '../timing/hyperfine.ts'
import type { SingleSource } from '../workloads/single-source.ts'
import type { PartTimes } from './micro-parts.ts'

/** Whether each compile is of a source that nobody has compiled yet, or always of the same. */
export type ProfileKind = 'miss' | 'hit'

/**
 * Where the time of one compile goes, in microseconds: the whole command as its caller sees it, the node's own account of it, and
 * programs alone for comparison.
 */
export async function compileProfile(
  { client }: Field,
  deployed: Deployed,
  source: SingleSource,
  kind: ProfileKind,
  runs: number,
  note: (what: string) => void,
): Promise<PartTimes> {
  const { cwd, args, freshen, name } = source
  const timed = { cwd, runs, warmup: runs, ...(kind === 'miss' && { prepare: freshen }) }
  const whole = await timeCommand(client, deployed, { ...timed, command: ['gcc', ...args] })
  const jobs = await latestCompiles(client, runs)
  if (whole.length !== jobs.length) throw new Error(`${whole.length} runs and ${jobs.length} compiles of ${name}`)
  const paired = jobs.map((job, run) => ({ job, wholeMs: whole[run] ?? 0, phases: job.phases }))
  const meant = paired.filter(({ job }) => (kind === 'miss' ? job.peer : job.cache) !== null)
  if (2 * meant.length < runs) throw new Error(`only ${meant.length} of ${runs} compiles of ${name} were a ${kind}`)
  if (meant.length < paired.length)
    note(`${paired.length - meant.length} of ${runs} runs were no ${kind} and are left out.`)
  const parts = profileOf(meant)
  const alone = { ...deployed, inside: (argv: readonly string[]) => ({ argv, env: {} }) }
  const medianOf = async (command: readonly string[]) => median(await timeCommand(client, alone, { ...timed, command }))
  const output = ['-E', '-fdirectives-only', ...args.filter((arg) => arg !== '-c' && arg !== '-MMD')]
  const beside =
    kind === 'miss'
      ? { 'gcc alone': await medianOf(['gcc', ...args]), 'its preprocessor alone': await medianOf(['gcc', ...output]) }
      : { 'a program that does nothing, dynamically linked (`true`)': await medianOf(['true']) }
  const named = Object.entries({ ...parts, ...beside }).map(([part, ms]) => [`${name}: ${part}`, ms * 1000] as const)
  return Object.fromEntries(named)
}

/** One run as both ends saw it, in milliseconds. */
export interface ProfiledRun {
  readonly wholeMs: number
  readonly phases: JobStatus['phases']
}

/**
 * The median of each part over all runs, in milliseconds. What no one tells is reckoned within each run: medians of two lists are of two
 * different runs, and their difference is nobody's time.
 */
export function profileOf(runs: readonly ProfiledRun[]): Readonly<Record<string, number>> {
  const names = [...new Set(runs.flatMap(({ phases }) => Object.keys(phases)))].filter((name) => name !== TOTAL)
  const medianOf = (part: (run: ProfiledRun) => number) => median(runs.map(part))
  const totalOf = ({ phases }: ProfiledRun) => phases[TOTAL] ?? 0
  const partsOf = ({ phases }: ProfiledRun) => names.reduce((sum, name) => sum + (phases[name] ?? 0), 0)
  return {
    'whole command': medianOf(({ wholeMs }) => wholeMs),
    'outside the agent (launcher starts, connects, writes, ends)': medianOf((run) => run.wholeMs - totalOf(run)),
    ...Object.fromEntries(
      names.map((name) => [`agent, ${name.replace(/Ms$/, '')}`, medianOf(({ phases }) => phases[name] ?? 0)]),
    ),
    'agent, all else (the launcher writes the object while it waits)': medianOf((run) => totalOf(run) - partsOf(run)),
  }
}

const TOTAL = 'totalMs'

/** The last compiles of a node, in the order in which they began. */
async function latestCompiles(client: Host, count: number): Promise<readonly JobStatus[]> {
  const result = await client.run(['hg', 'jobs', '--json', '--last', String(count)])
  const value: unknown = result.exitCode === 0 ? JSON.parse(result.stdout) : undefined
  if (!fields({ jobs: isJobList })(value)) throw new Error(describeResult(result))
  return value.jobs.filter(({ compile }) => compile).toSorted((a, b) => a.startedAt - b.startedAt)
}
