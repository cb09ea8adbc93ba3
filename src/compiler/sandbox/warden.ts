import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { messageOf } from '../../base/errors.ts'
import type { Logger } from '../../base/log.ts'
import type { CellCommand } from './cells.ts'
import type { RunLimits } from './run-limits.ts'
import { type Abilities, decodeReport, encodeRun, encodeVerb, type WardenReport, wordsFor } from './warden-messages.ts'

export type CellReport = Exclude<WardenReport, { report: 'ready' }>

/** The native process that holds cells, seen from the node. Once lost it is not used again. */
export interface Warden extends Abilities {
  readonly lost: boolean
  /** Resolves with how it went; undefined when the cell or the warden is lost. */
  prepare(cell: number): Promise<CellReport | undefined>
  run(cell: number, command: CellCommand, limits: RunLimits): Promise<CellReport | undefined>
  kill(cell: number): void
  expose(folder: string): void
  cede(folder: string): void
  /** Ends it, and with it every cell; resolves when it is gone. */
  stop(): Promise<void>
}

/** Starts `program` in the mode that `args` say. Resolves with why not when it, or the kernel, cannot. */
export async function startWarden(
  { log }: { readonly log: Logger },
  { program, args }: { readonly program: string; readonly args: readonly string[] },
): Promise<Warden | { readonly why: string }> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], cwd: '/', env: {} })
  const warden = new WardenProcess(child, log)
  const why = await warden.ready
  return why === undefined ? warden : { why }
}

class WardenProcess implements Warden {
  readonly ready: Promise<string | undefined>
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #waiting = new Map<number, (report: CellReport | undefined) => void>()
  readonly #gone: Promise<void>
  /** Cells that ended while nobody waited for them. */
  readonly #lostCells = new Set<number>()
  #received: Buffer = Buffer.alloc(0)
  #stopping = false
  #onReady: (why: string | undefined) => void = () => undefined
  lost = false
  takesTrees = false
  cedes = false

  constructor(child: ChildProcessByStdio<Writable, Readable, null>, log: Logger) {
    this.#child = child
    this.ready = new Promise((resolve) => {
      this.#onReady = resolve
    })
    child.stdout.on('data', (bytes: Buffer) => this.#onBytes(bytes))
    child.stdin.on('error', () => undefined) // It is gone: `exit` tells.
    this.#gone = new Promise((resolve) => {
      child.once('error', (error) => resolve(this.#lose(messageOf(error))))
      child.once('close', (code, signal) => {
        if (!this.#stopping) log.debug('the warden ended', { code, signal })
        resolve(this.#lose(`it ended with ${signal ?? code}`))
      })
    })
  }

  prepare(cell: number): Promise<CellReport | undefined> {
    this.#lostCells.delete(cell)
    return this.#ask(cell, encodeVerb('prepare', cell))
  }

  run(cell: number, command: CellCommand, limits: RunLimits): Promise<CellReport | undefined> {
    if (this.#lostCells.has(cell)) return Promise.resolve(undefined)
    return this.#ask(cell, encodeRun(cell, command, limits))
  }

  kill(cell: number): void {
    this.#child.stdin.write(encodeVerb('kill', cell))
  }

  expose(folder: string): void {
    this.#child.stdin.write(encodeVerb('expose', 0, [folder]))
  }

  cede(folder: string): void {
    this.#child.stdin.write(encodeVerb('cede', 0, [folder]))
  }

  async stop(): Promise<void> {
    this.#stopping = true
    this.#child.stdin.end() // It ends its cells, then itself.
    await this.#gone
  }

  #ask(cell: number, frame: Buffer): Promise<CellReport | undefined> {
    if (this.lost) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      this.#waiting.set(cell, resolve)
      this.#child.stdin.write(frame)
    })
  }

  #onBytes(bytes: Buffer): void {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes])
    for (let next = decodeReport(this.#received); next !== undefined; next = decodeReport(this.#received)) {
      this.#received = this.#received.subarray(next.length)
      this.#onReport(next.report)
    }
  }

  #onReport(report: WardenReport): void {
    if (report.report === 'ready') {
      this.takesTrees = report.takesTrees
      this.cedes = report.cedes
      this.#onReady(report.failure && wordsFor(report.failure))
      return
    }
    const resolve = this.#waiting.get(report.cell)
    if (resolve === undefined) this.#lostCells.add(report.cell)
    this.#waiting.delete(report.cell)
    resolve?.(report)
  }

  #lose(why: string): void {
    this.lost = true
    this.#onReady(why)
    for (const resolve of this.#waiting.values()) resolve(undefined)
    this.#waiting.clear()
  }
}
