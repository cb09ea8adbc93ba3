import { freemem } from 'node:os'
import type { Clock } from '../base/clock.ts'
import { busyWithOthers, type CpuTimes, offeredSlots, smoothedLoad } from '../scheduler/load.ts'
import type { MachineCpu } from './machine-cpu.ts'

/** Announcements come each second, a little sooner or later. */
const SAMPLE_MS = 900

export interface MachineLoadComponents {
  readonly clock: Pick<Clock, 'now'>
  readonly cpu: MachineCpu
  /** Compiles that run here now, for peers and for this machine's builds. */
  readonly running: () => number
}

/** Tells how much of this machine is left for compiles. */
export class MachineLoad {
  readonly #components: MachineLoadComponents
  readonly #slots: number
  #before: CpuTimes
  #runningBefore = 0
  #sampledAt: number
  #loadByOthers = 0

  constructor(components: MachineLoadComponents, { slots }: { readonly slots: number }) {
    this.#components = components
    this.#slots = slots
    this.#before = components.cpu.times()
    this.#sampledAt = components.clock.now()
  }

  get freeMemoryBytes(): number {
    return freemem()
  }

  /** Slots to offer now: fewer than configured when memory is short. */
  get slots(): number {
    return offeredSlots(this.#slots, this.#components.running(), this.freeMemoryBytes)
  }

  /** Cores in use by anything but our compiles. Looked at when asked, once a second at most. */
  loadByOthers(): number {
    const sinceMs = this.#components.clock.now() - this.#sampledAt
    if (sinceMs >= SAMPLE_MS) this.#sample(sinceMs)
    return this.#loadByOthers
  }

  #sample(sinceMs: number): void {
    const { clock, cpu } = this.#components
    const after = cpu.times()
    const running = this.#components.running()
    const newest = busyWithOthers(this.#before, after, cpu.loadCores, (running + this.#runningBefore) / 2)
    this.#loadByOthers = smoothedLoad(this.#loadByOthers, newest, sinceMs / 1000)
    this.#before = after
    this.#runningBefore = running
    this.#sampledAt = clock.now()
  }
}
