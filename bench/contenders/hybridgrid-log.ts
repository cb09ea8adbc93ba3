import { isStats } from '../../src/status/job-listing.ts'
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

/** What a node has done by its own `hg stats --json`. */
export function hybridgridCounts(stats: string): Counts {
  const value: unknown = JSON.parse(stats)
  if (!isStats(value)) throw new Error(`hg stats has another shape: ${stats}`)
  const strays = STRAY_REASONS.reduce((sum, reason) => sum + (value.byReason[reason] ?? 0), 0)
  return { remote: value.remote, hits: value.cached, strays, alongside: value.byReason['peers-busy'] ?? 0 }
}
