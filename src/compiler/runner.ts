import { HybridgridError } from '../base/errors.ts'

/** A compile to be run on this machine for a peer. Paths are the client's. */
export interface RunRequest {
  /** Absolute path of the compiler driver on this machine. */
  readonly compiler: string
  readonly args: readonly string[]
  /** Absolute. Exists in the sandbox, with the folders of all `outputs`. */
  readonly cwd: string
  /** The whole environment, `NAME=value` each. */
  readonly env: readonly string[]
  /** The client's files at the client's own absolute paths, and nothing else beside the toolchain. */
  readonly tree?: RunTree
  /** Files put in place before the run, relative to `cwd` or absolute; changed at that time, if there is one, in seconds since 1970. */
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array; readonly mtimeSeconds?: number }[]
  /** Files brought back if they exist, relative to `cwd` or absolute. */
  readonly outputs: readonly string[]
}

/** What stands in place before a compile begins: way 1 of an input tree, at the worker. Where `shows` says so, nothing may. */
export interface RunTree {
  /** Each is copied from `from`, a path relative to the runner's `contentFolder`. `path` is absolute, normal, with no link of the tree on the way. */
  readonly files: readonly { readonly path: string; readonly from: string; readonly mtimeSeconds: number }[]
  readonly links: readonly { readonly path: string; readonly target: string }[]
  readonly folders: readonly string[]
  /** The runner's `view` when it was asked what it shows: what is not placed because it is shown must still be so. */
  readonly view: number
}

export interface RunUsage {
  readonly wallMs: number
  readonly userMs: number
  readonly systemMs: number
  readonly maxRssBytes: number
}

export interface RunResult {
  /** Undefined when ended by `signal`. */
  readonly exitCode: number | undefined
  readonly signal: number | undefined
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  readonly outputs: readonly { readonly path: string; readonly bytes: Uint8Array }[]
  readonly usage: RunUsage
}

export type RunnerFailure =
  | { readonly code: 'RUNNER_STOPPED' }
  /** What confines compiles ended under this run. */
  | { readonly code: 'RUNNER_LOST' }
  /** What is shown has changed since the tree was held against it. */
  | { readonly code: 'RUNNER_VIEW_CHANGED' }
  /** A path of the request is where nothing of a client's may be. */
  | { readonly code: 'RUNNER_PATH_REFUSED' }
  /** The compiler is installed where the sandbox shows nothing. */
  | { readonly code: 'RUNNER_COMPILER_REFUSED' }
  | { readonly code: 'RUNNER_NOT_STARTED'; readonly step: string; readonly errno: number }
  | { readonly code: 'RUNNER_TIME_LIMIT' }
  | { readonly code: 'RUNNER_TOO_LARGE'; readonly what: 'input' | 'output' | 'printed' }

/** A run could not be made, or not within its bounds. */
export class RunnerError extends HybridgridError<RunnerFailure> {}

/** Runs compilers. `src/compiler/sandbox/sandbox-runner.ts` has the real one, `test/sim` a pretended one. */
export interface CompilerRunner {
  /** Whether runs are confined, and if not why: announced, and told by `hg doctor`. */
  readonly sandbox: { readonly kind: 'namespaces' } | { readonly kind: 'none'; readonly why: string }
  /** Whether runs can be given a tree here. */
  readonly takesTrees: boolean
  /**
   * Whether a cell shows this machine's own file at `path` (the toolchain's folders): a client's file must equal it and is
   * not put in place. A `compiler` outside the usual folders brings its own.
   */
  shows(path: string, compiler?: string): boolean
  /** Another number whenever less is shown. */
  readonly view: number
  /**
   * Shows nothing of this machine at these paths any more, where they lie in folders of headers among libraries: those are
   * each client's own from now on. False, and all as it was, where that cannot be.
   */
  cede(paths: readonly string[]): boolean
  /** Whether all runs find a folder at `path` that was ceded, or one above it, be there one on this machine or not. */
  hasCeded(path: string): boolean
  /** Rejects with `RunnerError` when the run cannot be made; kills the whole run when `signal` is aborted. */
  run(request: RunRequest, signal: AbortSignal): Promise<RunResult>
  /** Ends all runs; leaves no files. Safe to call twice. */
  stop(): Promise<void>
}
