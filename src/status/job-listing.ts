import type { JobRecord, JobTotals } from '../scheduler/job-log.ts'
import { counts, fields, flag, list, nullable, number, type Shaped, text } from './shape.ts'

/** Jobs that one answer lists; `hg jobs --last` may ask for fewer. */
export const JOBS_LISTED_MAX = 10_000

/** One compiler call, as `hg jobs` lists it. */
export const isJobStatus = fields({
  build: nullable(text),
  /** Milliseconds since 1970. */
  startedAt: number,
  subject: text,
  compile: flag,
  /** Name of the peer that compiled it; null when it ran here, and then `reason` says why. */
  peer: nullable(text),
  reason: nullable(text),
  /** Milliseconds of each phase that it passed through. */
  phases: counts,
})
export type JobStatus = Shaped<typeof isJobStatus>

export const isJobList = list(isJobStatus, JOBS_LISTED_MAX)

/** What became of the calls since the node started: `hg stats`. */
export const isStats = fields({
  calls: number,
  compiles: number,
  remote: number,
  byPeer: counts,
  byReason: counts,
})
export type Stats = Shaped<typeof isStats>

/** Records of the job log as JSON, in their order. */
export function jobList(records: readonly JobRecord[]): readonly JobStatus[] {
  return records.map(({ build, startedAt, subject, compile, place, phases }) => ({
    build: build ?? null,
    startedAt,
    subject,
    compile,
    peer: place.at === 'peer' ? place.name : null,
    reason: place.at === 'local' ? place.reason : null,
    phases: Object.fromEntries(Object.entries(phases).filter(([, ms]) => ms !== undefined)),
  }))
}

/** Totals of the job log as JSON. */
export function stats({ calls, compiles, remote, byPeer, byReason }: JobTotals): Stats {
  return { calls, compiles, remote, byPeer: Object.fromEntries(byPeer), byReason: Object.fromEntries(byReason) }
}
