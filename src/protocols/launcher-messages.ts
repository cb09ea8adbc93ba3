/**
 * What launcher and agent say to each other over the local socket. Spec: docs/protocols/launcher.md
 * Strings are UTF-8 here; a launcher whose arguments are not gets `undefined` from the decoder and compiles locally.
 */
export const LAUNCHER_PROTOCOL_VERSION = 3

/** How a run's stream is used: the launcher's own, sent to the agent, or thrown away. */
export type StreamUse = 'inherit' | 'send' | 'discard'

export type FromLauncher =
  | {
      readonly type: 'hello'
      readonly version: number
      /** stderr is a terminal, so a compiler would colour what it says. */
      readonly stderrIsTerminal: boolean
      /** Called as `hgbuild cc …`: says on stderr where the compile ran. */
      readonly announcesPlace: boolean
      readonly umask: number
      /** As `fileView` has it. */
      readonly fileView: string
      readonly cwd: string
      /** What was called: `gcc`, `/usr/bin/gcc`. */
      readonly tool: string
      /** Absolute path of the real compiler, found in PATH behind the launcher's own folder. */
      readonly compiler: string
      /** Arguments after argv[0]. */
      readonly args: readonly string[]
      /** `NAME=value` each. */
      readonly env: readonly string[]
    }
  | { readonly type: 'query'; readonly name: string; readonly json: string }
  | {
      readonly type: 'exited'
      readonly run: number
      /** Exit code, or undefined when ended by `signal`. */
      readonly exitCode: number | undefined
      readonly signal: number | undefined
      readonly userMicros: number
      readonly systemMicros: number
      readonly maxRssKib: number
    }
  | { readonly type: 'output'; readonly run: number; readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }
  /**
   * Comes in place of a `run` or `exit` that was not carried out (disk full, folder missing, program missing).
   * Files begun and not committed are gone, what was to be printed is forgotten; further verbs may follow.
   */
  | {
      readonly type: 'failed'
      /** `run`: that run was not started. Else what failed since the last `commit`; it is said when `exit` comes. */
      readonly operation: 'run' | 'write' | 'commit'
      readonly errno: number
      /** With `run`: which. */
      readonly run?: number | undefined
    }

/** In the mode of a `write`: a file that is there keeps its rights and owner, as one does that compilers write into. */
export const KEEPS_RIGHTS = 0o10000
/** As `KEEPS_RIGHTS`, where the file that is there is empty; another is replaced. */
export const KEEPS_RIGHTS_IF_EMPTY = 0o20000

export type ToLauncher =
  /** Start this as a child; answers with `output`s and one `exited`. */
  | {
      readonly type: 'run'
      readonly run: number
      readonly stdout: StreamUse
      readonly stderr: StreamUse
      readonly argv: readonly string[]
      /** `NAME=value` sets, `NAME` alone unsets. */
      readonly env: readonly string[]
    }
  /** Become this program. The socket stays open in it, so the agent sees when it ends. */
  | { readonly type: 'exec'; readonly argv: readonly string[] }
  /** Begin a file under a temporary name beside `path`; `data` follows until `size` bytes are there. */
  | { readonly type: 'write'; readonly path: string; readonly mode: number; readonly size: number }
  | { readonly type: 'data'; readonly bytes: Uint8Array }
  /** In place of `data`: all of it is in this file, an absolute path. */
  | { readonly type: 'copy'; readonly path: string; readonly crc32: number }
  /** Give all files begun so far their names. */
  | { readonly type: 'commit' }
  /** Remove this file when the launcher ends: an intermediate object. */
  | { readonly type: 'temporary'; readonly path: string }
  | { readonly type: 'print'; readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }
  /** Commit, then end with this code. */
  | { readonly type: 'exit'; readonly code: number }
  | { readonly type: 'kill'; readonly run: number }
  | { readonly type: 'keepalive' }
  | { readonly type: 'answer'; readonly json: string }
