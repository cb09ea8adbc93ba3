import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { stdioWith } from './descriptors.ts'
import { SHELL_EXIT } from './exit-codes.ts'
import { inForeground } from './processes.ts'

/** How a command ended. */
export type Ending =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: NodeJS.Signals }
  /** There is no such program, or it cannot be run; `code` is what a shell would return. */
  | { readonly kind: 'not-run'; readonly code: number; readonly why: string }

export interface CommandRun {
  readonly words: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** What the program is told it was called; its own name unless given. */
  readonly calledAs?: string
  /** Descriptors beyond stdio that it gets. */
  readonly descriptors: readonly number[]
}

/** Runs a command in our place: it has our terminal, and the signals that are meant for it. */
export function runCommand({
  words: [program = '', ...args],
  env,
  calledAs,
  descriptors,
}: CommandRun): Promise<Ending> {
  const stopForwarding = new AbortController()
  const named = calledAs === undefined ? {} : { argv0: calledAs }
  return new Promise<Ending>((resolve) => {
    let child: ChildProcess
    try {
      child = spawn(program, args, { env, stdio: stdioWith(descriptors), ...named })
    } catch (error) {
      resolve(notRun(error))
      return
    }
    forwardSignals(child, stopForwarding.signal)
    child.once('error', (error) => resolve(notRun(error)))
    child.once('exit', (code, signal) =>
      resolve(signal === null ? { kind: 'exited', code: code ?? 1 } : { kind: 'signalled', signal }),
    )
  }).finally(() => stopForwarding.abort())
}

/** Ends this process as the command ended: who waits for us sees the same exit code, or the same signal. */
export function endAs(ending: Ending): void {
  if (ending.kind !== 'signalled') {
    process.exitCode = ending.code
    return
  }
  process.exitCode = 128 + constants.signals[ending.signal] // Should we be deaf to it, as to a blocked signal.
  process.removeAllListeners(ending.signal)
  process.kill(process.pid, ending.signal)
}

/** What others send us is meant for the build; what the terminal sends, the build has got already. */
const FORWARDED = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const
const FROM_KEYBOARD: ReadonlySet<string> = new Set(['SIGINT', 'SIGQUIT'])

function forwardSignals(child: ChildProcess, until: AbortSignal): void {
  for (const signal of FORWARDED) {
    if (process.platform === 'win32' && signal !== 'SIGINT') continue
    const forward = () => {
      if (!(FROM_KEYBOARD.has(signal) && inForeground())) child.kill(signal)
    }
    process.on(signal, forward)
    until.addEventListener('abort', () => process.off(signal, forward), { once: true })
  }
}

function notRun(error: unknown): Ending {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const found = code !== 'ENOENT' && code !== 'ENOTDIR'
  const why = WHY.get(code) ?? (error instanceof Error ? error.message : code)
  return { kind: 'not-run', code: found ? SHELL_EXIT.notExecutable : SHELL_EXIT.notFound, why }
}

/** In the words of a shell. */
const WHY: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'not found'],
  ['ENOTDIR', 'not found'],
  ['EACCES', 'Permission denied'],
  ['E2BIG', 'Argument list too long'],
  ['ENOEXEC', 'Exec format error'],
])
