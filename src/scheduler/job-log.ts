import { PEERS_MAX } from '../base/limits.ts'
import type { MissReason } from '../cache/miss-reason.ts'
import type { LocalReason } from '../compiler/local-reason.ts'
import type { PeerId } from '../protocols/mesh.ts'

/** Where a call ended up. */
export type JobPlace =
  | { readonly at: 'peer'; readonly peer: PeerId; readonly name: string; readonly way: 'tree' | 'text' }
  /** Not compiled: the result was known, to this node ('local') or to the named peer. */
  | { readonly at: 'cache'; readonly name: string }
  | { readonly at: 'local'; readonly reason: LocalReason }

/** Milliseconds of each phase; absent where the job did not pass through it. */
export interface JobPhases {
  readonly treeMs?: number
  readonly lookupMs?: number
  readonly preprocessMs?: number
  readonly waitMs?: number
  readonly remoteMs?: number
  readonly localMs?: number
  readonly totalMs: number
}

/** What is remembered of one compiler call. */
export interface JobRecord {
  /** Which `hgbuild` it belongs to; undefined for single compiles. */
  readonly build: string | undefined
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** The source, or the tool's name where there is none. */
  readonly subject: string
  /** Whether it was one translation unit that could have gone elsewhere. */
  readonly compile: boolean
  readonly place: JobPlace
  /** Why the cache did not have it; undefined when it had, or was not asked. */
  readonly miss?: MissReason | undefined
  readonly phases: JobPhases
}

/** How many calls ended where. */
export interface JobTotals {
  /** All compiler calls. */
  calls: number
  /** Calls that compile one translation unit. */
  compiles: number
  remote: number
  cached: number
  /** The part of `cached` that are compiles. */
  compilesCached: number
  /** Why the cache did not have the others that it was asked for. */
  readonly byMiss: Map<MissReason['code'], number>
  /** Whose results were taken. */
  readonly byCache: Map<string, number>
  readonly byPeer: Map<string, number>
  readonly byReason: Map<LocalReason, number>
  /** The part of `byReason` that are compiles. */
  readonly compilesByReason: Map<LocalReason, number>
}

/** Records kept for `hg jobs`: a large build's worth. */
const RECORDS_MAX = 10_000
/** Builds whose totals are kept: those that run, and the latest. */
const BUILDS_MAX = 64

/** The node's own memory of the calls it served. */
export class JobLog {
  readonly #records: JobRecord[] = []
  readonly #builds = new Map<string, JobTotals>()
  readonly totals: JobTotals = newTotals()

  add(record: JobRecord): void {
    this.#records.push(record)
    if (this.#records.length > RECORDS_MAX) this.#records.splice(0, RECORDS_MAX / 10)
    count(this.totals, record)
    if (record.build !== undefined) count(this.#build(record.build), record)
  }

  /** The latest `count` records, oldest first. */
  latest(count: number): readonly JobRecord[] {
    return count <= 0 ? [] : this.#records.slice(-count)
  }

  /** Totals of one build; undefined when nothing of it is remembered. */
  build(id: string): JobTotals | undefined {
    return this.#builds.get(id)
  }

  #build(id: string): JobTotals {
    const totals = this.#builds.get(id) ?? newTotals()
    this.#builds.delete(id) // What was used last stands last.
    this.#builds.set(id, totals)
    const oldest = this.#builds.keys().next()
    if (this.#builds.size > BUILDS_MAX && !oldest.done) this.#builds.delete(oldest.value)
    return totals
  }
}

function newTotals(): JobTotals {
  return {
    calls: 0,
    compiles: 0,
    remote: 0,
    cached: 0,
    compilesCached: 0,
    byMiss: new Map(),
    byCache: new Map(),
    byPeer: new Map(),
    byReason: new Map(),
    compilesByReason: new Map(),
  }
}

function count(totals: JobTotals, { place, miss, compile }: JobRecord): void {
  totals.calls += 1
  if (miss !== undefined) increment(totals.byMiss, miss.code)
  if (compile) totals.compiles += 1
  if (place.at === 'peer') {
    totals.remote += 1
    increment(totals.byPeer, nameIn(totals.byPeer, place.name))
  } else if (place.at === 'cache') {
    totals.cached += 1
    if (compile) totals.compilesCached += 1
    increment(totals.byCache, nameIn(totals.byCache, place.name))
  } else {
    increment(totals.byReason, place.reason)
    if (compile) increment(totals.compilesByReason, place.reason)
  }
}

/** Peers name themselves, and may take a new name for each job: beyond PEERS_MAX names they are counted together. */
function nameIn(counts: ReadonlyMap<string, number>, name: string): string {
  return counts.has(name) || counts.size < PEERS_MAX ? name : 'others'
}

function increment<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
