/** CPU times of a machine since it started, summed over its cores. */
export interface CpuTimes {
  readonly idleMs: number
  readonly totalMs: number
}

/** What is left to the machine's user and system before compiles are refused. */
export const MEMORY_RESERVE_BYTES = 512 * 1024 ** 2
/** What one more compile may take: cc1plus on usual sources. Large ones take more, many small ones far less. */
export const MEMORY_PER_COMPILE_BYTES = 256 * 1024 ** 2
/** Weight of the newest second in the load: a compile of two seconds by somebody else should show, a hiccup should not. */
const NEWEST_WEIGHT = 0.5

/**
 * Cores that were busy between two samples with something else than our own compiles.
 * `ownRunning` is the mean number of our compiles in that time; each is taken for one core.
 */
export function busyWithOthers(before: CpuTimes, after: CpuTimes, cores: number, ownRunning: number): number {
  const totalMs = after.totalMs - before.totalMs
  if (totalMs <= 0) return 0 // No time has passed, or the counters were reset.
  const idle = clamp((after.idleMs - before.idleMs) / totalMs, 0, 1)
  return clamp(cores * (1 - idle) - ownRunning, 0, cores)
}

/** The load to announce, out of the one announced before and the newest sample; in cores, to a tenth. */
export function smoothedLoad(before: number, newest: number): number {
  return Math.round(10 * (before + NEWEST_WEIGHT * (newest - before))) / 10
}

/** Slots to offer: none when memory is short, but never fewer than run already. `slots` is the most that was allowed. */
export function offeredSlots(slots: number, running: number, freeMemoryBytes: number): number {
  const more = Math.floor((freeMemoryBytes - MEMORY_RESERVE_BYTES) / MEMORY_PER_COMPILE_BYTES)
  return Math.min(slots, running + Math.max(0, more))
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value))
}
