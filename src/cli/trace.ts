import { type JobStatus, placeOf } from '../status/job-listing.ts'

/** One bar of a Chrome trace; times in microseconds. Format: "Trace Event Format", complete events. */
interface TraceEvent {
  readonly name: string
  readonly cat: string
  readonly ph: 'X'
  readonly ts: number
  readonly dur: number
  readonly pid: string
  /** Bars that overlap in time stand in different rows. */
  readonly tid: number
  readonly args: Readonly<Record<string, unknown>>
}

/** A build's compiles as a trace: a group per place, as many rows in it as compiles ran there at once. */
export function chromeTrace(jobs: readonly JobStatus[]): { readonly traceEvents: readonly TraceEvent[] } {
  const rowsByPlace = new Map<string, number[]>()
  const traceEvents = jobs
    .toSorted((a, b) => a.startedAt - b.startedAt)
    .map((job): TraceEvent => {
      const place = placeOf(job)
      const rows = rowsByPlace.get(place) ?? []
      rowsByPlace.set(place, rows)
      const ms = job.phases.totalMs ?? 0
      const free = rows.findIndex((busyUntil) => busyUntil <= job.startedAt)
      const row = free < 0 ? rows.length : free
      rows[row] = job.startedAt + ms
      const args = { ...job.phases, reason: job.reason }
      const [ts, dur] = [job.startedAt * 1000, ms * 1000]
      return { name: job.subject, cat: job.compile ? 'compile' : 'other', ph: 'X', ts, dur, pid: place, tid: row, args }
    })
  return { traceEvents }
}
