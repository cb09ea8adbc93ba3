import type { JobLog } from '../scheduler/job-log.ts'
import { JOBS_LISTED_MAX, jobList, stats } from '../status/job-listing.ts'
import { buildSummary, type NodeFacts, nodeStatus, type SeenMesh, workerList } from '../status/snapshot.ts'

export interface AnswersComponents {
  readonly facts: () => NodeFacts
  readonly mesh: () => SeenMesh
  readonly jobs: JobLog
  /** Ends the node, after the answer was given. */
  readonly stop: () => void
}

/** What `hg` and `hgbuild` may ask this node over the local socket, by name. */
export function answers({
  facts,
  mesh,
  jobs,
  stop,
}: AnswersComponents): ReadonlyMap<string, (args: unknown) => unknown> {
  return new Map<string, (args: unknown) => unknown>([
    ['status', () => nodeStatus(facts(), mesh())],
    ['peers', () => workerList(mesh())],
    ['stats', () => stats(jobs.totals)],
    ['jobs', (args) => jobList(jobs.latest(Math.min(wholeNumber(args, 'last') ?? JOBS_LISTED_MAX, JOBS_LISTED_MAX)))],
    ['build-summary', (args) => buildSummary(jobs.build(text(args, 'build') ?? ''), 0)],
    [
      'stop',
      () => {
        stop()
        return { stopping: true }
      },
    ],
  ])
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
