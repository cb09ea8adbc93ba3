import type { CacheKeeper } from '../cache/cache.ts'
import { CHORES, type Chore } from '../cache/cache-chores.ts'
import type { JobLog } from '../scheduler/job-log.ts'
import { cacheStatus } from '../status/cache-listing.ts'
import { JOBS_LISTED_MAX, jobList, stats } from '../status/job-listing.ts'
import { buildSummary, type NodeFacts, nodeStatus, type SeenMesh, workerList } from '../status/snapshot.ts'

export interface AnswersComponents {
  readonly facts: () => NodeFacts
  readonly mesh: () => SeenMesh
  readonly jobs: JobLog
  readonly cache: CacheKeeper
  /** Ends the node, after the answer was given. */
  readonly stop: () => void
}

/** What `hg` and `hgbuild` may ask this node over the local socket, by name. */
export function answers({
  facts,
  mesh,
  jobs,
  cache,
  stop,
}: AnswersComponents): ReadonlyMap<string, (args: unknown) => unknown> {
  return new Map<string, (args: unknown) => unknown>([
    ['status', () => nodeStatus(facts(), mesh())],
    ['peers', () => workerList(mesh())],
    ['stats', () => stats(jobs.totals)],
    ['jobs', (args) => jobList(jobs.latest(Math.min(wholeNumber(args, 'last') ?? JOBS_LISTED_MAX, JOBS_LISTED_MAX)))],
    ['build-summary', (args) => buildSummary(jobs.build(text(args, 'build') ?? ''), 0)],
    ['cache-stats', () => cacheStatus(cache.stats())],
    ['cache-begin', (args) => cache.begin(choreOf(args))],
    ['cache-progress', () => cache.progress()],
    [
      'stop',
      () => {
        stop()
        return { stopping: true }
      },
    ],
  ])
}

/** Reading everything again does no harm, whatever was meant. */
function choreOf(args: unknown): Chore {
  return CHORES.find((chore) => chore === text(args, 'chore')) ?? 'verify'
}

function text(args: unknown, name: string): string | undefined {
  const value = field(args, name)
  return typeof value === 'string' ? value : undefined
}

function wholeNumber(args: unknown, name: string): number | undefined {
  const value = field(args, name)
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined
}

function field(args: unknown, name: string): unknown {
  return typeof args === 'object' && args !== null && name in args ? Reflect.get(args, name) : undefined
}
