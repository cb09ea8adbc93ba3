import type { CacheStats } from '../cache/cache.ts'
import { CHORES, type ChoreProgress } from '../cache/cache-chores.ts'
import { fields, flag, nullable, number, type Shape, type Shaped, text, word } from './shape.ts'

/** A cache in numbers: `hg cache stats`. What is counted is counted since the node started; null when none runs. */
export const isCacheStatus = fields({
  folder: text,
  bytes: number,
  maxBytes: number,
  blobs: number,
  results: number,
  hits: nullable(number),
  misses: nullable(number),
  evicted: nullable(number),
  dropped: nullable(number),
  unwritten: nullable(number),
  loaded: flag,
})
export type CacheStatus = Shaped<typeof isCacheStatus>

/** How far `hg cache verify` or `clear` is. */
export const isChoreProgress: Shape<ChoreProgress> = fields({
  chore: word(...CHORES),
  running: flag,
  done: number,
  total: number,
  removed: number,
  removedBytes: number,
})

/** The numbers of the cache that a node serves. */
export function cacheStatus(stats: CacheStats): CacheStatus {
  return stats
}

/** The numbers of a cache that no node serves: nobody counted what happened to it. */
export function idleCacheStatus(stats: CacheStats, maxBytes: number): CacheStatus {
  return { ...stats, maxBytes, hits: null, misses: null, evicted: null, dropped: null, unwritten: null }
}
