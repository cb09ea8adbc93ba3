import { cpus, freemem } from 'node:os'
import type { Clock } from '../base/clock.ts'
import { ANNOUNCE_INTERVAL_MS } from '../base/limits.ts'
import { busyWithOthers, type CpuTimes, offeredSlots, smoothedLoad } from '../scheduler/load.ts'

export interface MachineLoadComponents {
  readonly clock: Clock
  /** Compiles that run here now, for peers and for this machine's builds. */
  readonly running: () => number
}

/** Samples once a second how much of this machine is left for compiles. */
export class MachineLoad {
  readonly #components: MachineLoadComponents
  readonly #slots: number
  #before = cpuTimes()
  #runningBefore = 0
  #stopping = new AbortController()
  #loop: Promise<void> | undefined
  /** Cores in use by anything but our compiles. */
  loadByOthers = 0

  constructor(components: MachineLoadComponents, { slots }: { readonly slots: number }) {
    this.#components = components
    this.#slots = slots
  }

  get freeMemoryBytes(): number {
    return freemem()
  }

  /** Slots to offer now: fewer than configured when memory is short. */
  get slots(): number {
    return offeredSlots(this.#slots, this.#components.running(), this.freeMemoryBytes)
  }

  async start(): Promise<void> {
    if (this.#loop !== undefined) return
    this.#stopping = new AbortController()
    this.#loop = this.#sampleUntil(this.#stopping.signal)
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#loop
    this.#loop = undefined
  }

  async #sampleUntil(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      await this.#components.clock.sleep(ANNOUNCE_INTERVAL_MS, stopping).catch(() => undefined) // Stopped: the condition ends the loop.
      this.#sample()
    }
  }

  #sample(): void {
    const after = cpuTimes()
    const running = this.#components.running()
    const newest = busyWithOthers(this.#before, after, after.cores, (running + this.#runningBefore) / 2)
    this.loadByOthers = smoothedLoad(this.loadByOthers, newest)
    this.#before = after
    this.#runningBefore = running
  }
}

/** Asked once for both: it reads several files for each core. */
function cpuTimes(): CpuTimes & { readonly cores: number } {
  let idleMs = 0
  let totalMs = 0
  const cores = cpus()
  for (const { times } of cores) {
    idleMs += times.idle
    totalMs += times.user + times.nice + times.sys + times.idle + times.irq
  }
  return { idleMs, totalMs, cores: cores.length }
}
