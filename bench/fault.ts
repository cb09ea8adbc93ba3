import type { Counts, Deployed } from './contenders/contender.ts'

/** What a run must have done to count. */
export interface Expected {
  /** At least so many compiles on other machines. */
  readonly remote?: number
  /** Whether those count to them that the client did as its share of the work. */
  readonly alongside?: boolean
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
    alongside: (after.alongside ?? 0) - (before.alongside ?? 0),
  }
  return { result, done }
}

/** Why a run does not count; null when it does. */
export function faultOf(
  done: Counts,
  { remote, hits = 0, alongside = false }: Expected,
  complaints: readonly string[],
): string | null {
  if (complaints.length > 0) return `${complaints.length} times it said the like of: ${complaints[0]}`
  if (remote === undefined) return done.hits < hits ? missed(done.hits, hits) : null // Staying at home was right.
  if (done.strays > 0) return `${done.strays} compiles fell back to the client`
  const shared = done.remote + (alongside ? (done.alongside ?? 0) : 0)
  if (shared < remote) return `only ${done.remote} of at least ${remote} compiles were remote`
  return done.hits < hits ? missed(done.hits, hits) : null
}

function missed(hits: number, expected: number): string {
  return `only ${hits} of at least ${expected} compiles were answered from a cache`
}
