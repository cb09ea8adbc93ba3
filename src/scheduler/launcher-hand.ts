import type { CheckableFile } from '../cache/blob-store.ts'
import type { FromLauncher, StreamUse } from '../protocols/launcher-messages.ts'

export type LauncherHello = Extract<FromLauncher, { type: 'hello' }>

export interface ChildRequest {
  readonly argv: readonly string[]
  /** `NAME=value` sets, `NAME` alone unsets. */
  readonly env?: readonly string[]
  readonly stdout: StreamUse
  readonly stderr: StreamUse
  /** Most bytes of stdout and stderr together that are kept; a child that sends more is killed. */
  readonly maxBytes: number
}

export interface ChildResult {
  /** Undefined when ended by a signal, or killed for sending too much. */
  readonly exitCode: number | undefined
  readonly signal: number | undefined
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  readonly overflowed: boolean
  readonly cpuMs: number
}

/** The launcher at the other end of the local socket, as one job sees it: a hand with few verbs. */
export interface LauncherHand {
  readonly hello: LauncherHello
  /** Aborted when the launcher is gone: done, interrupted, or fled to the local compiler. */
  readonly closed: AbortSignal
  /** Runs a child of the launcher. Undefined when it could not be started. */
  run(request: ChildRequest): Promise<ChildResult | undefined>
  /** Lets the launcher become this program; resolves when that program has ended. */
  become(argv: readonly string[]): Promise<void>
  /** Begins a file; it gets its name with `commit` or `exit`. `from`, when there is one, is a file that holds the same bytes. */
  write(path: string, mode: number, bytes: Uint8Array, from?: CheckableFile): Promise<void>
  commit(): void
  /** Names a file to be removed when the launcher ends. */
  temporary(path: string): void
  print(stream: 'stdout' | 'stderr', text: string | Uint8Array): void
  /** Ends the launcher. False when a file could not be written: nothing was printed, and another verb may follow. */
  exit(code: number): Promise<boolean>
}
