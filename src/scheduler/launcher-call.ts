import type { Moment } from '../cache/cacheable.ts'
import type { MissReason } from '../cache/miss-reason.ts'
import type { CallOptions } from './call-options.ts'
import type { RemoteTimes } from './compile-job.ts'
import type { JobPlace } from './job-log.ts'
import type { LauncherHand } from './launcher-hand.ts'

/** One call of a compiler, from its launcher's first word. */
export interface Call {
  readonly hand: LauncherHand
  readonly env: ReadonlyMap<string, string>
  readonly options: CallOptions
  readonly began: Moment
  readonly times: RemoteTimes & { treeMs?: number; lookupMs?: number; localMs?: number }
}

/** Where a call ended up; its launcher is gone. */
export interface Done {
  readonly place: JobPlace
  /** Why the cache did not have it, if it was asked. */
  readonly miss?: MissReason
  /** How a compiler ended that ran here; undefined when that is not known, or none did. */
  readonly exitCode?: number | undefined
  /** Settles when its result is in the cache, if it is to be; never rejects. */
  readonly kept: Promise<void>
}

export function doneAt(place: JobPlace): Done {
  return { place, kept: Promise.resolve() }
}
