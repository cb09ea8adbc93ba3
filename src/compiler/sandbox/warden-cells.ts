import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../base/clock.ts'
import { CEDED_MAX } from '../../base/limits.ts'
import type { Logger } from '../../base/log.ts'
import { RunnerError } from '../runner.ts'
import type { Cell, Cells } from './cells.ts'
import type { RunLimits } from './run-limits.ts'
import { startWarden, type Warden } from './warden.ts'
import { lost, notStarted, wardenCell } from './warden-cell.ts'
import { CELLS_MAX } from './warden-messages.ts'

export interface WardenCellsInit {
  readonly program: string
  /** Plain cells live in here; it exists. */
  readonly folder: string
  /** From which trees are made. */
  readonly contentFolder: string | undefined
  readonly limits: RunLimits
}

/** Cells made by the native warden: confined where the kernel allows it, else plain children with limits. Undefined when it cannot run here at all. */
export async function wardenCells(
  components: { readonly log: Logger; readonly clock: Clock },
  { program, folder, contentFolder, limits }: WardenCellsInit,
): Promise<Cells | undefined> {
  const { diskBytes, files, printedBytes } = limits
  const store = contentFolder === undefined ? [] : [contentFolder]
  const confinedArgs = ['namespaces', `${printedBytes}`, `${diskBytes}`, `${files}`, ...store]
  const confined = await startWarden(components, { program, args: confinedArgs })
  if (!('why' in confined)) {
    const start = () => startWarden(components, { program, args: confinedArgs })
    const pool = new WardenCells({ start, warden: confined, clock: components.clock }, { limits, folder: undefined })
    const why = await pool.whyUnreachable()
    if (why === undefined) return pool
    await pool.stop()
    return plainCells(components, { program, folder, limits }, why)
  }
  return plainCells(components, { program, folder, limits }, confined.why)
}

async function plainCells(
  components: { readonly log: Logger; readonly clock: Clock },
  { program, folder, limits }: Omit<WardenCellsInit, 'contentFolder'>,
  why: string,
): Promise<Cells | undefined> {
  const start = () => startWarden(components, { program, args: ['plain', `${limits.printedBytes}`, folder] })
  const warden = await start()
  return 'why' in warden
    ? undefined
    : new WardenCells({ start, warden, clock: components.clock }, { limits, folder, why })
}

interface WardenCellsComponents {
  readonly clock: Clock
  readonly warden: Warden
  readonly start: () => Promise<Warden | { readonly why: string }>
}

interface PoolInit {
  readonly limits: RunLimits
  /** Of plain cells; undefined when they are confined. */
  readonly folder: string | undefined
  readonly why?: string
}

/** A cell that waits, and what it was made with. */
interface Waiting {
  readonly number: number
  readonly pid: number
  readonly generation: number
}

/** Making a cell takes a core for a millisecond: the one that sends the result of the compile before, if it is begun at once. */
const REFILL_DELAY_MS = 2
/** Cells kept waiting for a compile: bursts find one made, and a waiting one costs a few hundred KiB. */
const SPARE_CELLS = 2

class WardenCells implements Cells {
  readonly sandbox: Cells['sandbox']
  readonly takesTrees: boolean
  readonly #components: WardenCellsComponents
  readonly #init: PoolInit
  readonly #exposed = new Set<string>()
  readonly #ceded = new Set<string>()
  readonly #free: number[] = Array.from({ length: CELLS_MAX }, (_, index) => CELLS_MAX - 1 - index)
  readonly #spare: Promise<Waiting>[] = []
  #warden: Promise<Warden>
  /** Changes when the cells made before must not be used any more. */
  #generation = 0
  readonly #stopping = new AbortController()

  constructor(components: WardenCellsComponents, init: PoolInit) {
    this.#components = components
    this.#init = init
    this.#warden = Promise.resolve(components.warden)
    this.takesTrees = components.warden.takesTrees
    this.sandbox = init.folder === undefined ? { kind: 'namespaces' } : { kind: 'none', why: init.why ?? 'unknown' }
    this.#refill()
  }

  /** Why confined cells cannot be used after all: what is inside must be reachable from here. */
  async whyUnreachable(): Promise<string | undefined> {
    try {
      const cell = await this.take()
      cell.discard()
      return undefined
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  expose(folder: string): void {
    if (this.#init.folder !== undefined || this.#exposed.has(folder)) return
    this.#exposed.add(folder)
    this.#generation += 1
    void this.#warden.then(
      (warden) => warden.expose(folder),
      () => undefined, // The next one is told at its start.
    )
  }

  cede(folder: string): boolean {
    if (this.#ceded.has(folder)) return true
    if (!this.#components.warden.cedes || this.#ceded.size === CEDED_MAX) return false
    this.#ceded.add(folder)
    this.#generation += 1
    void this.#warden.then(
      (warden) => warden.cede(folder),
      () => undefined,
    )
    return true
  }

  async take(): Promise<Cell> {
    const warden = await this.#living()
    const generation = this.#generation
    for (let spare = this.#spare.shift(); spare !== undefined; spare = this.#spare.shift()) {
      const waiting = await spare.catch(() => undefined)
      if (waiting === undefined) continue
      if (waiting.generation === generation && !warden.lost) return this.#cell(warden, waiting)
      this.#free.push(waiting.number)
    }
    return this.#cell(warden, await this.#make())
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#generation += 1
    const warden = await this.#warden.catch(() => undefined)
    await warden?.stop()
    await Promise.allSettled(this.#spare)
  }

  /** The warden, or its successor if it was lost. */
  async #living(): Promise<Warden> {
    if (this.#stopping.signal.aborted) throw new RunnerError({ code: 'RUNNER_STOPPED' }, 'the node is stopping')
    const warden = await this.#warden.catch(() => undefined)
    if (warden !== undefined && !warden.lost) return warden
    this.#generation += 1
    this.#warden = this.#components.start().then((started) => {
      if ('why' in started) throw lost(started.why)
      for (const folder of this.#exposed) started.expose(folder)
      for (const folder of this.#ceded) started.cede(folder)
      return started
    })
    this.#warden.catch(() => undefined) // Whoever waits for it is told.
    return this.#warden
  }

  async #make(): Promise<Waiting> {
    const number = this.#free.pop()
    if (number === undefined) throw lost('all cells are in use')
    const generation = this.#generation
    try {
      const warden = await this.#warden
      if (this.#init.folder !== undefined) mkdirSync(join(this.#init.folder, `${number}`), { recursive: true })
      const report = await warden.prepare(number)
      if (report?.report === 'failed') throw notStarted(report.failure)
      if (report?.report !== 'prepared') throw lost('the warden ended')
      return { number, pid: report.pid, generation }
    } catch (error) {
      this.#free.push(number)
      throw error
    }
  }

  #cell(warden: Warden, { number, pid }: Waiting): Cell {
    const { limits, folder } = this.#init
    try {
      return wardenCell(warden, { number, pid, limits, folder, onFree: () => this.#giveBack(number) })
    } catch (error) {
      this.#free.push(number)
      throw error
    }
  }

  /** Cells are made anew here, after a compile, so that none waits for it; and after its result has left. */
  #giveBack(number: number): void {
    this.#free.push(number)
    const { clock } = this.#components
    void clock.sleep(REFILL_DELAY_MS, this.#stopping.signal).then(
      () => this.#refill(),
      () => undefined, // Stopped.
    )
  }

  #refill(): void {
    while (!this.#stopping.signal.aborted && this.#spare.length < SPARE_CELLS) {
      const made = this.#make()
      made.catch(() => undefined) // Told to whoever takes it.
      this.#spare.push(made)
    }
  }
}
