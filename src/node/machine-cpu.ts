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
export function machineCpu(clock: Pick<Clock, 'now'>, quota = cpuQuota()): MachineCpu {
  return quota === undefined ? wholeMachine() : sharedMachine(clock, quota)
}

function wholeMachine(): MachineCpu {
  return { cores: availableParallelism(), times: () => sumOf(cpus()), loadCores: cpus().length }
}

function sharedMachine(clock: Pick<Clock, 'now'>, quota: CpuQuota): MachineCpu {
  const cores = Math.min(availableParallelism(), Math.ceil(quota.cores))
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
