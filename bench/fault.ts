import type { CommandResult } from '../test/lan/lab/command.ts'
import type { Counts, Deployed } from './contenders/contender.ts'

/** What a run must have done to count. */
export interface Expected {
  /** At least so many compiles on other machines. */
  readonly remote?: number
  /** At least so many answered from a cache. */
  readonly hits?: number
}

/** What a contender did while `work` ran, by its own counters. */
export async function counted<T>(
  deployed: Deployed,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly done: Counts }> {
  const before = await deployed.counts()
  const result = await work()
  const after = await deployed.counts()
  const done = {
    remote: after.remote - before.remote,
    hits: after.hits - before.hits,
    strays: after.strays - before.strays,
  }
  return { result, done }
}

/** Why a run does not count; null when it does. */
export function faultOf(
  done: Counts,
  { remote = 0, hits = 0 }: Expected,
  complaints: readonly string[],
): string | null {
  if (complaints.length > 0) return `${complaints.length} times it said the like of: ${complaints[0]}`
  if (done.strays > 0) return `${done.strays} compiles fell back to the client`
  if (done.remote < remote) return `only ${done.remote} of at least ${remote} compiles were remote`
  if (done.hits < hits) return `only ${done.hits} of at least ${hits} compiles were answered from a cache`
  return null
}

/** The same for a command that printed. */
export function faultOfResult(
  deployed: Deployed,
  done: Counts,
  expected: Expected,
  result: CommandResult,
): string | null {
  return faultOf(done, expected, deployed.complaints(result))
}
