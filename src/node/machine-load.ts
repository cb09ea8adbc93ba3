import { freemem } from 'node:os'
import type { Clock } from '../base/clock.ts'
import { ANNOUNCE_INTERVAL_MS } from '../base/limits.ts'
import { busyWithOthers, type CpuTimes, offeredSlots, smoothedLoad } from '../scheduler/load.ts'
import type { MachineCpu } from './machine-cpu.ts'

export interface MachineLoadComponents {
  readonly clock: Clock
  readonly cpu: MachineCpu
  /** Compiles that run here now, for peers and for this machine's builds. */
  readonly running: () => number
}

/** Samples once a second how much of this machine is left for compiles. */
export class MachineLoad {
  readonly #components: MachineLoadComponents
  readonly #slots: number
  #before: CpuTimes
  #runningBefore = 0
  #stopping = new AbortController()
  #loop: Promise<void> | undefined
  /** Cores in use by anything but our compiles. */
  loadByOthers = 0

  constructor(components: MachineLoadComponents, { slots }: { readonly slots: number }) {
    this.#components = components
    this.#slots = slots
    this.#before = components.cpu.times()
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
    const { cpu } = this.#components
    const after = cpu.times()
    const running = this.#components.running()
    const newest = busyWithOthers(this.#before, after, cpu.loadCores, (running + this.#runningBefore) / 2)
    this.loadByOthers = smoothedLoad(this.loadByOthers, newest)
    this.#before = after
    this.#runningBefore = running
  }
}
