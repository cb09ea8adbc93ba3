import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'

export interface CommandOptions {
  readonly cwd?: string
  /** The whole environment. */
  readonly env?: Readonly<Record<string, string>>
  /** The command and all it started are killed after so long. */
  readonly timeoutMs?: number
  /** Both streams go to the end of this file instead of into memory. */
  readonly log?: string
}

export interface CommandResult {
  readonly argv: readonly string[]
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
  readonly ms: number
}

/** A command that runs. */
export interface Running {
  readonly pid: number
  /** Resolves when it has ended and its streams are closed; never rejects. */
  readonly ended: Promise<CommandResult>
  /** False once it has ended. */
  alive(): boolean
  /** Sends a signal to the command and to what it started in its process group. */
  kill(signal: NodeJS.Signals): void
}

/** Longest any command of a test may take, unless it says otherwise. */
const COMMAND_MAX_MS = 300_000

/** Starts a command in a process group of its own, so that it can be ended with all that it started. */
export function startCommand(argv: readonly string[], options: CommandOptions = {}): Running {
  const [program = '', ...args] = argv
  const log = options.log === undefined ? undefined : openSync(options.log, 'a')
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', log ?? 'pipe', log ?? 'pipe'],
    detached: true,
  })
  if (log !== undefined) closeSync(log)
  const kill = (signal: NodeJS.Signals) => signalGroup(child.pid, signal)
  const deadline = setTimeout(() => kill('SIGKILL'), options.timeoutMs ?? COMMAND_MAX_MS)
  const ended = collect(child, argv).finally(() => clearTimeout(deadline))
  return {
    pid: child.pid ?? 0,
    ended,
    alive: () => child.pid !== undefined && child.exitCode === null && child.signalCode === null,
    kill,
  }
}

/** Runs a command to its end. */
export function runCommand(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  return startCommand(argv, options).ended
}

/** Runs a command that must succeed, and returns what it printed on stdout. */
export async function mustRun(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const result = await runCommand(argv, options)
  if (result.exitCode !== 0) throw new Error(describeResult(result))
  return result.stdout
}

/** A command's end in words, with the last lines that it said. */
export function describeResult(result: CommandResult): string {
  const how = result.exitCode === undefined ? 'was killed' : `exited with ${result.exitCode}`
  const said = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-30).join('\n  ')
  return `${result.argv.join(' ')} ${how} after ${Math.round(result.ms)} ms; it said last:\n  ${said}`
}

function collect(child: ChildProcess, argv: readonly string[]): Promise<CommandResult> {
  const startedAt = performance.now()
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout?.on('data', (bytes: Buffer) => stdout.push(bytes))
  child.stderr?.on('data', (bytes: Buffer) => stderr.push(bytes))
  return new Promise((resolve) => {
    const end = (exitCode: number | undefined) =>
      resolve({
        argv,
        exitCode,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
        ms: performance.now() - startedAt,
      })
    child.once('error', (error) => {
      stderr.push(Buffer.from(error.message))
      end(127) // As a shell says that there is no such program.
    })
    child.once('close', (code) => end(code ?? undefined))
  })
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // It has ended already.
  }
}
