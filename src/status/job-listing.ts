import type { MissReason } from '../cache/miss-reason.ts'
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
  /** Name of the peer that compiled it; when neither `peer` nor `cache` is there it ran here, and `reason` says why. */
  peer: nullable(text),
  /** How it went there: as a `tree` of files or as preprocessed `text`. */
  way: nullable(text),
  /** Whose result was taken instead of compiling: `local` or a peer's name. */
  cache: nullable(text),
  reason: nullable(text),
  /** Why the cache did not have it: `header-changed: /usr/include/zlib.h`; null when it had, or was not asked. */
  miss: nullable(text),
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
  cached: number,
  byMiss: counts,
  byCache: counts,
  byPeer: counts,
  byReason: counts,
})
export type Stats = Shaped<typeof isStats>

/** A reason in one line: its code, and the header that changed with how many others did. */
function missText(miss: MissReason): string {
  if (miss.code !== 'header-changed') return miss.code
  const others = miss.count > 1 ? ` and ${miss.count - 1} more` : ''
  return `${miss.code}: ${miss.path}${others}`
}

/** Where a job's result came from, for people: `pi`, `cache local`, `here`. */
export function placeOf({ peer, cache }: Pick<JobStatus, 'peer' | 'cache'>): string {
  return peer ?? (cache === null ? 'here' : `cache ${cache}`)
}

/** Records of the job log as JSON, in their order. */
export function jobList(records: readonly JobRecord[]): readonly JobStatus[] {
  return records.map(({ build, startedAt, subject, compile, place, miss, phases }) => ({
    build: build ?? null,
    startedAt,
    subject,
    compile,
    peer: place.at === 'peer' ? place.name : null,
    way: place.at === 'peer' ? place.way : null,
    cache: place.at === 'cache' ? place.name : null,
    reason: place.at === 'local' ? place.reason : null,
    miss: miss === undefined ? null : missText(miss),
    phases: Object.fromEntries(Object.entries(phases).filter(([, ms]) => ms !== undefined)),
  }))
}

/** Totals of the job log as JSON. */
export function stats({ calls, compiles, remote, cached, byMiss, byCache, byPeer, byReason }: JobTotals): Stats {
  return {
    calls,
    compiles,
    remote,
    cached,
    byMiss: Object.fromEntries(byMiss),
    byCache: Object.fromEntries(byCache),
    byPeer: Object.fromEntries(byPeer),
    byReason: Object.fromEntries(byReason),
  }
}
