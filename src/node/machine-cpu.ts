import { availableParallelism, cpus } from 'node:os'
import type { Clock } from '../base/clock.ts'
import type { CpuTimes } from '../scheduler/load.ts'
import { type CpuQuota, cpuQuota } from './cpu-quota.ts'

/** What this process may use of the machine's cores. */
export interface MachineCpu {
  /** Compiles that run at full speed at once; at least 1. */
  readonly cores: number
  /** Summed over all cores that `loadCores` counts. */
  times(): CpuTimes
  /** Cores that the times are of: more than `cores` where this process is kept off some. */
  readonly loadCores: number
}

/** All cores; or, under a quota, as many as its time is that of, and its time alone: what goes on outside of it takes nothing from it. */
export function machineCpu(
  clock: Pick<Clock, 'now'>,
  quota = cpuQuota(),
  available = availableParallelism(),
): MachineCpu {
  return quota === undefined ? wholeMachine(available) : sharedMachine(clock, quota, available)
}

function wholeMachine(available: number): MachineCpu {
  return { cores: available, times: () => sumOf(cpus()), loadCores: cpus().length }
}

function sharedMachine(clock: Pick<Clock, 'now'>, quota: CpuQuota, available: number): MachineCpu {
  // libuv knows some quotas and rounds them down; what is below even that are the cores that this process is kept to.
  const kept = available < Math.max(1, Math.floor(quota.cores))
  const cores = kept ? available : Math.min(cpus().length, Math.ceil(quota.cores))
  const times = () => {
    const totalMs = clock.now() * quota.cores
    return { totalMs, idleMs: totalMs - quota.usedMs() }
  }
  return { cores, times, loadCores: cores }
}

function sumOf(cores: ReturnType<typeof cpus>): CpuTimes {
  let idleMs = 0
  let totalMs = 0
  for (const { times } of cores) {
    idleMs += times.idle
    totalMs += times.user + times.nice + times.sys + times.idle + times.irq
  }
  return { idleMs, totalMs }
}
