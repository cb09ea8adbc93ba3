import type { RunUsage } from '../runner.ts'

/** What a cell is to become. */
export interface CellCommand {
  readonly cwd: string
  /** The first is the compiler's absolute path. */
  readonly argv: readonly string[]
  readonly env: readonly string[]
  /** Whether a list of what the cell is to place lies in its root. */
  readonly placing: boolean
}

/** How it ended. One that was ended for its time rejects instead. */
export interface CellEnd {
  readonly exitCode: number | undefined
  readonly signal: number | undefined
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  readonly usage: RunUsage
}

/** A place for one compile. Used once. */
export interface Cell {
  /** Where this machine finds what the compile will see as `/`. */
  readonly root: string
  /** Resolves when all that the compile started has ended; an abort kills it all and rejects with the signal's reason. */
  run(command: CellCommand, signal: AbortSignal): Promise<CellEnd>
  /** Removes what is left. */
  discard(): void
}

/** Where cells come from. */
export interface Cells {
  readonly sandbox: { readonly kind: 'namespaces' } | { readonly kind: 'none'; readonly why: string }
  /** Whether cells place a client's files themselves. */
  readonly takesTrees: boolean
  /** Rejects with `RunnerError`. */
  take(): Promise<Cell>
  /** Shows a folder of this machine in all cells taken from now on. */
  expose(folder: string): void
  /** Makes a folder among those that are shown the client's own in all cells taken from now on. False where that cannot be, or CEDED_MAX are. */
  cede(folder: string): boolean
  stop(): Promise<void>
}
