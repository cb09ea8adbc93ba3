import { isJobList } from '../../src/status/job-listing.ts'
import { fields } from '../../src/status/shape.ts'
import { describeResult } from '../../test/lan/lab/command.ts'
import type { Host } from '../../test/lan/lab/host.ts'
import type { Deployed, Field } from '../contenders/contender.ts'
import { median } from '../statistics.ts'
import { timeCommand } from '../timing/hyperfine.ts'
import type { SingleSource } from '../work/single-source.ts'
import type { PartTimes } from './micro-parts.ts'

/**
 * Where the time of one compile over the mesh goes, in microseconds: the whole command as its caller sees it, the node's
 * own account of it, and the compiler alone for comparison.
 */
export async function missProfile(
  { client }: Field,
  deployed: Deployed,
  source: SingleSource,
  runs: number,
): Promise<PartTimes> {
  const { cwd, args, freshen, name } = source
  const timed = { cwd, runs, warmup: runs, prepare: freshen }
  const whole = median(await timeCommand(client, deployed, { ...timed, command: ['gcc', ...args] }))
  const phases = await phasesOf(client, runs)
  const agent = phases['totalMs'] ?? 0
  const alone = { ...deployed, inside: (argv: readonly string[]) => ({ argv, env: {} }) }
  const compile = median(await timeCommand(client, alone, { ...timed, command: ['gcc', ...args] }))
  const output = ['-E', '-fdirectives-only', ...args.filter((arg) => arg !== '-c' && arg !== '-MMD')]
  const preprocess = median(await timeCommand(client, alone, { ...timed, command: ['gcc', ...output] }))
  const parts = Object.entries(phases).filter(([phase]) => phase !== 'totalMs')
  return micros({
    [`${name}: whole command`]: whole,
    [`${name}: outside the agent (launcher starts, connects, writes, ends)`]: whole - agent,
    ...Object.fromEntries(parts.map(([phase, ms]) => [`${name}: agent, ${phase.replace(/Ms$/, '')}`, ms])),
    [`${name}: agent, all else`]: agent - parts.reduce((sum, [, ms]) => sum + ms, 0),
    [`${name}: gcc alone`]: compile,
    [`${name}: its preprocessor alone`]: preprocess,
  })
}

/** The median of each phase over the last compiles of a node. */
async function phasesOf(client: Host, count: number): Promise<Readonly<Record<string, number>>> {
  const result = await client.run(['hg', 'jobs', '--json', '--last', String(count)])
  const value: unknown = result.exitCode === 0 ? JSON.parse(result.stdout) : undefined
  if (!fields({ jobs: isJobList })(value)) throw new Error(describeResult(result))
  const names = new Set(value.jobs.flatMap(({ phases }) => Object.keys(phases)))
  const medianOf = (name: string) => median(value.jobs.flatMap(({ phases }) => phases[name] ?? []))
  return Object.fromEntries([...names].map((name) => [name, medianOf(name)]))
}

function micros(milliseconds: Readonly<Record<string, number>>): PartTimes {
  return Object.fromEntries(Object.entries(milliseconds).map(([name, ms]) => [name, ms * 1000]))
}
