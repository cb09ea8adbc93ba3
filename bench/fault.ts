import type { Counts, Deployed } from './contenders/contender.ts'

/** What a run must have done to count. */
export interface Expected {
  /** At least so many compiles on other machines; left out where nothing is meant to leave the client. */
  readonly remote?: number
  /** At least so many on other machines or on the client as its share of the work; as `remote` if left out. */
  readonly shared?: number
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
  { remote, shared = 0, hits = 0 }: Expected,
  complaints: readonly string[],
): string | null {
  if (complaints.length > 0) return `${complaints.length} times it said the like of: ${complaints[0]}`
  if (remote === undefined) return done.hits < hits ? missed(done.hits, hits) : null // Staying at home was right.
  if (done.strays > 0) return `${done.strays} compiles fell back to the client`
  if (done.remote < remote) return `only ${done.remote} of at least ${remote} compiles were remote`
  const { alongside = 0 } = done
  if (done.remote + alongside < shared) {
    return `only ${done.remote} compiles were remote and ${alongside} the client's share, of at least ${shared} in all`
  }
  return done.hits < hits ? missed(done.hits, hits) : null
}

function missed(hits: number, expected: number): string {
  return `only ${hits} of at least ${expected} compiles were answered from a cache`
}
