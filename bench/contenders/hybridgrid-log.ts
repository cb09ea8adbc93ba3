import { counts, fields, number, type Shape } from '../../src/status/shape.ts'
import type { Counts } from './contender.ts'

/** Reasons for a compile at home that the mesh was not meant to have in a benchmark; the others are its choice or rules. */
const STRAY_REASONS = [
  'unknown-compiler',
  'no-peers',
  'no-toolchain',
  'remote-failed',
  'peers-lost',
  'write-failed',
  'internal',
]

/** The part of `hg stats --json` that is counted here; what a cache answered may come under several names. */
const isCounted = fields({ remote: number, byReason: counts })
const HITS = /hits?$/i

/** What a node has done by its own `hg stats --json`. */
export function hybridgridCounts(stats: string): Counts {
  const value: unknown = JSON.parse(stats)
  if (!isCounted(value)) throw new Error(`hg stats has another shape: ${stats}`)
  return {
    remote: value.remote,
    hits: Object.entries(value)
      .filter(([name, count]) => HITS.test(name) && isNumber(count))
      .reduce((sum, [, count]) => sum + Number(count), 0),
    strays: STRAY_REASONS.reduce((sum, reason) => sum + (value.byReason[reason] ?? 0), 0),
  }
}

const isNumber: Shape<number> = number
