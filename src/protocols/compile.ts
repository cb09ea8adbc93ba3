import type { RunUsage } from '../compiler/runner.ts'
import type { ToolchainId } from '../compiler/toolchain.ts'
import type { TreeEntry } from './tree-dictionary.ts'

/** Spec: docs/protocols/compile.md. One request at a time per session; sessions are reused. */
export const COMPILE_PROTOCOL = '/hybridgrid/compile/1.0.0'

/** First frame of a request. */
export interface CompileRequest {
  readonly toolchain: ToolchainId
  /** Arguments as the worker's compiler gets them, checked there against its own allow-list. */
  readonly args: readonly string[]
  /** The client's working directory, absolute; the worker compiles at the same path where it can. */
  readonly cwd: string
  /** `NAME=value`; names on the worker's list only. */
  readonly env: readonly string[]
  readonly input: TextInput | TreeInput
  /** Files wanted back, as `args` name them. */
  readonly outputs: readonly string[]
  /** What a worker that is a home of the action's key is to do for the cache; of a tree only. */
  readonly cache?: CacheWish | undefined
}

/** `keep`: keep the result. `find`: first look for it, and wait for another's compile of it, as if asked by the cache protocol. */
export const CACHE_WISHES = ['keep', 'find'] as const
export type CacheWish = (typeof CACHE_WISHES)[number]

/** Preprocessed text, put at `path` (relative to `cwd`). Its bytes follow, zstd-compressed, in frames of at most TRANSFER_CHUNK_BYTES. */
export interface TextInput {
  readonly kind: 'text'
  readonly path: string
  readonly bytes: number
  readonly sentBytes: number
}

/** Source and headers as they are, named by what this session has defined (tree-dictionary.ts). */
export interface TreeInput {
  readonly kind: 'tree'
  /** Absolute path of the compiler as the client calls it; the worker's must be the same compiler there. */
  readonly compiler: string
  /** Whether all that the session has defined before is to be forgotten. */
  readonly restart: boolean
  /** Entries that the session has not heard of, numbered on from the last. */
  readonly defined: readonly TreeEntry[]
  /** Numbers of all entries of this tree, those just defined among them. */
  readonly used: readonly number[]
  /** Content of the first file, the source, if it is small and the session had not heard of it: the worker most surely lacks it. */
  readonly source?: Uint8Array | undefined
}

/** Why a worker did not run a compile. The client goes elsewhere. */
export const WORKER_REFUSALS = [
  'busy',
  'toolchain-missing',
  'arguments-refused',
  /** The tree cannot be had here: the compiler is elsewhere, or the worker's own files differ. Text may do. */
  'tree-refused',
  'too-large',
  'malformed',
  'sandbox-failed',
  'time-limit',
  'stopping',
] as const

export type WorkerRefusal = (typeof WORKER_REFUSALS)[number]

/** First frame of a reply; for `done` the outputs' bytes follow, one after the other, zstd-compressed, in bounded frames, unless they stand in it. */
export type CompileReply = CompileEnd | CompileLack

/** Contents of a tree that the worker does not have; the client sends them, and another reply follows. */
export interface CompileLack {
  readonly status: 'lacking'
  /** Numbers of the files. */
  readonly files: readonly number[]
}

/** One file that the compiler wrote. */
export interface ReplyOutput {
  readonly path: string
  readonly bytes: number
  /** How many follow; 0 when `content` is there. */
  readonly sentBytes: number
  /** All of it, when the outputs are small: OUTPUTS_IN_HEADER_MAX_BYTES. */
  readonly content?: Uint8Array | undefined
}

/** Announces what a worker lacked: the contents one after the other, in the order asked for, as one zstd frame. */
export interface ContentsHeader {
  readonly bytes: number
  readonly sentBytes: number
}

export type CompileEnd =
  | {
      readonly status: 'done'
      readonly exitCode: number | undefined
      readonly signal: number | undefined
      readonly stdout: Uint8Array
      readonly stderr: Uint8Array
      readonly outputs: readonly ReplyOutput[]
      readonly usage: RunUsage
      /** How long it waited for a slot. */
      readonly queuedMs: number
      /** Whether nothing was compiled: the result was known. */
      readonly cached: boolean
      /** Whether it can be found at this worker from now on. */
      readonly kept: boolean
    }
  | { readonly status: 'refused'; readonly code: WorkerRefusal }
