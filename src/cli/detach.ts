import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from '../base/clock.ts'
import { isNodeStatus, type NodeStatus } from '../status/snapshot.ts'
import type { AskAgent } from './agent-client.ts'
import { CommandError } from './command-error.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { logFile } from './log-file.ts'
import { programCommand } from './package-folder.ts'

export interface DetachComponents {
  readonly clock: Clock
  readonly ask: AskAgent
}

export interface DetachInit {
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Relative paths in `flags` are meant from here. */
  readonly cwd: string
  /** Flags of `hg node start`, as words. */
  readonly flags: readonly string[]
}

/** A node in the background serves after so long, or something is wrong with it. A Raspberry Pi takes about 5 s. */
const SERVES_WITHIN_MS = 15_000
const LOOK_MS = 50
/** Lines of the log that are shown of a node that did not start. */
const TAIL_LINES = 10

/**
 * Starts a node in the background: its own session, nothing of ours held open. Resolves once it serves;
 * throws `CommandError` with what it said when it does not.
 */
export async function startDetached({ clock, ask }: DetachComponents, init: DetachInit): Promise<NodeStatus> {
  const log = logFile(init.home)
  mkdirSync(dirname(log), { recursive: true, mode: 0o700 })
  const logStart = statSync(log, { throwIfNoEntry: false })?.size ?? 0
  const child = spawnNode(log, init)
  const exit = exitOf(child)
  const deadline = clock.now() + SERVES_WITHIN_MS
  for (;;) {
    const status = await ask('status', isNodeStatus).catch(() => undefined) // Not yet ready to answer.
    // The socket answers first, the status pages open last.
    if (status !== undefined && status.httpPort !== 0) {
      child.unref()
      return status
    }
    if (exit.code !== undefined) throw notStarted('the node ended as soon as it was started', exit.code, log, logStart)
    if (clock.now() >= deadline) {
      child.kill()
      child.unref()
      throw notStarted(`the node did not serve within ${SERVES_WITHIN_MS / 1000} s`, undefined, log, logStart)
    }
    await clock.sleep(LOOK_MS)
  }
}

function spawnNode(log: string, { home, env, cwd, flags }: DetachInit): ChildProcess {
  const [program = process.execPath, ...programArgs] = programCommand('hg')
  const output = openSync(log, 'a', 0o600)
  try {
    return spawn(program, [...programArgs, 'node', 'start', '--background', ...flags], {
      cwd, // The node moves to its state folder once it has understood its flags.
      env: { ...env, HG_HOME: home },
      detached: true,
      stdio: ['ignore', output, output],
      windowsHide: true,
    })
  } finally {
    closeSync(output)
  }
}

function exitOf(child: ChildProcess): { readonly code: number | undefined } {
  const exit: { code: number | undefined } = { code: undefined }
  child.once('exit', (code) => {
    exit.code = code ?? EXIT.failed
  })
  child.once('error', () => {
    exit.code = EXIT.failed
  })
  return exit
}

/** What the node said about itself, where it did; else the end of its log. */
function notStarted(why: string, code: number | undefined, log: string, logStart: number): CommandError {
  const said = readFileSync(log).subarray(logStart).toString().trimEnd().split('\n')
  const [, message, hint] = /(?:^|\n)error: (.*)\n {2}hint: (.*)/.exec(said.join('\n')) ?? []
  const exit: ExitCode = code === EXIT.usage || code === EXIT.alreadyRunning ? code : EXIT.notStarted
  if (message !== undefined && hint !== undefined) return new CommandError(exit, message, hint)
  const tail = said.filter((line) => line !== '').slice(-TAIL_LINES)
  return new CommandError(exit, [why, ...tail].join('\n  | '), `its log is ${log}`)
}
