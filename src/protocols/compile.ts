import type { RunUsage } from '../compiler/runner.ts'
import type { ToolchainId } from '../compiler/toolchain.ts'

/** Spec: docs/protocols/compile.md. One request at a time per session; sessions are reused. */
export const COMPILE_PROTOCOL = '/hybridgrid/compile/1.0.0'

/** First frame of a request; the input's bytes follow in frames of at most TRANSFER_CHUNK_BYTES. */
export interface CompileRequest {
  readonly toolchain: ToolchainId
  /** Arguments as the worker's compiler gets them, checked there against its own allow-list. */
  readonly args: readonly string[]
  /** The client's working directory, absolute; the worker compiles at the same path where it can. */
  readonly cwd: string
  /** `NAME=value`; names on the worker's list only. */
  readonly env: readonly string[]
  /** Preprocessed text, put at `path` (relative to `cwd`). Sent zstd-compressed. */
  readonly input: { readonly path: string; readonly bytes: number; readonly sentBytes: number }
  /** Files wanted back, as `args` name them. */
  readonly outputs: readonly string[]
}

/** Why a worker did not run a compile. The client goes elsewhere. */
export const WORKER_REFUSALS = [
  'busy',
  'toolchain-missing',
  'arguments-refused',
  'too-large',
  'malformed',
  'sandbox-failed',
  'time-limit',
  'stopping',
] as const

export type WorkerRefusal = (typeof WORKER_REFUSALS)[number]

/** First frame of a reply; for `done` the outputs' bytes follow, one after the other, zstd-compressed, in bounded frames. */
export type CompileReply =
  | {
      readonly status: 'done'
      readonly exitCode: number | undefined
      readonly signal: number | undefined
      readonly stdout: Uint8Array
      readonly stderr: Uint8Array
      readonly outputs: readonly { readonly path: string; readonly bytes: number; readonly sentBytes: number }[]
      readonly usage: RunUsage
      /** How long it waited for a slot. */
      readonly queuedMs: number
    }
  | { readonly status: 'refused'; readonly code: WorkerRefusal }
