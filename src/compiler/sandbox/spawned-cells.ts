import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../base/clock.ts'
import { RunnerError } from '../runner.ts'
import type { Cell, CellCommand, CellEnd, Cells } from './cells.ts'
import type { RunLimits } from './run-limits.ts'

/**
 * Cells without the native warden, where there is none: plain children of the node. Only time and what is printed are
 * bounded.
 */
export function spawnedCells(
  { clock }: { readonly clock: Clock },
  { folder, limits, why }: { readonly folder: string; readonly limits: RunLimits; readonly why: string },
): Cells {
  const stopping = new AbortController()
  const running = new Set<Promise<unknown>>()
  let made = 0
  const take = async (): Promise<Cell> => {
    if (stopping.signal.aborted) throw stopped()
    made += 1
    const root = join(folder, `${made}`)
    mkdirSync(root, { recursive: true })
    return {
      root,
      run: async (command, signal) => {
        const run = runChild(clock, limits, root, command, AbortSignal.any([signal, stopping.signal]))
        running.add(run)
        return run.finally(() => running.delete(run))
      },
      discard: () => rmSync(root, { recursive: true, force: true, maxRetries: 3 }),
    }
  }
  return {
    sandbox: { kind: 'none', why },
    takesTrees: false,
    take,
    expose: () => undefined, // All is seen.
    cede: () => false,
    stop: async () => {
      stopping.abort(stopped())
      await Promise.allSettled(running)
    },
  }
}

async function runChild(
  clock: Clock,
  limits: RunLimits,
  root: string,
  { cwd, argv, env }: CellCommand,
  signal: AbortSignal,
): Promise<CellEnd> {
  signal.throwIfAborted()
  const begun = clock.now()
  const [compiler = '', ...args] = argv
  const windows = process.platform === 'win32'
  const child = spawn(compiler, args, {
    cwd: join(root, cwd),
    env: Object.fromEntries(env.map((variable) => variable.split(/=(.*)/s, 2))),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: !windows, // A group of its own, which can be killed whole.
  })
  let why: unknown
  const kill = (reason: unknown) => {
    why ??= reason
    if (child.pid === undefined || child.exitCode !== null) return
    if (windows) child.kill('SIGKILL')
    else killGroup(child.pid)
  }
  // What it left running would hold what it prints to, and outlive it.
  child.once('exit', () => child.pid !== undefined && !windows && killGroup(child.pid))
  const timer = new AbortController()
  const onAbort = () => kill(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  const watch = clock.sleep(limits.wallMs, timer.signal).then(
    () => kill(new RunnerError({ code: 'RUNNER_TIME_LIMIT' }, 'the compile took too long')),
    () => undefined, // It ended in time.
  )
  const printed = { stdout: gather(child.stdout, limits, kill), stderr: gather(child.stderr, limits, kill) }
  try {
    const { code, signal: endedBy } = await ended(child)
    if (why !== undefined) throw why
    return {
      exitCode: code ?? undefined,
      signal: endedBy === null ? undefined : constants.signals[endedBy],
      stdout: Buffer.concat(printed.stdout),
      stderr: Buffer.concat(printed.stderr),
      // Node tells no child's own; what it waited for is the best guess at what it used.
      usage: { wallMs: clock.now() - begun, userMs: clock.now() - begun, systemMs: 0, maxRssBytes: 0 },
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    timer.abort()
    await watch
  }
}

function ended(child: ReturnType<typeof spawn>): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new RunnerError(
          { code: 'RUNNER_NOT_STARTED', step: 'starting the compiler', errno: Math.abs(error.errno ?? 0) },
          error.message,
          { cause: error },
        ),
      ),
    )
  })
}

function gather(stream: NodeJS.ReadableStream, limits: RunLimits, kill: (reason: unknown) => void): Buffer[] {
  const chunks: Buffer[] = []
  let total = 0
  stream.on('data', (chunk: Buffer) => {
    total += chunk.length
    if (total <= limits.printedBytes) chunks.push(chunk)
    else kill(new RunnerError({ code: 'RUNNER_TOO_LARGE', what: 'printed' }, 'the compile printed too much'))
  })
  return chunks
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

function stopped(): RunnerError {
  return new RunnerError({ code: 'RUNNER_STOPPED' }, 'the node is stopping')
}
