import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { LAUNCHER_CHILDREN_MAX } from '../base/limits.ts'
import type { FromLauncher, StreamUse, ToLauncher } from '../protocols/launcher-messages.ts'

export type Run = Extract<ToLauncher, { type: 'run' }>

/** How a child ended. */
export type ChildEnd = { readonly exitCode: number } | { readonly signal: NodeJS.Signals }

export interface ChildProcessesComponents {
  readonly env: NodeJS.ProcessEnv
  /** Sends to the agent; resolves when more may be sent. */
  readonly send: (message: FromLauncher) => Promise<void>
}

/** Programs that the agent has us run: on our terminal, with our rights. Mirrors children.c. */
export class ChildProcesses {
  readonly #components: ChildProcessesComponents
  readonly #running = new Map<number, Running>()
  #lastStep: Promise<ChildEnd> | undefined

  constructor(components: ChildProcessesComponents) {
    this.#components = components
  }

  /** The end of a run with both streams our own, the call's own last step; undefined when there was none. */
  get lastStep(): Promise<ChildEnd> | undefined {
    return this.#lastStep
  }

  /** Resolves once it runs; rejects with the system's error when it cannot be started. */
  start({ run, argv, env, stdout, stderr }: Run): Promise<void> {
    const [program = '', ...args] = argv
    if (this.#running.size === LAUNCHER_CHILDREN_MAX) return Promise.reject(tooMany())
    // Not what speaks to the terminal: that is for the foreground group. Windows has no groups.
    const leads = stdout !== 'inherit' && process.platform !== 'win32'
    const child = spawn(program, args, {
      env: changedEnvironment(this.#components.env, env),
      stdio: ['inherit', STDIO[stdout], STDIO[stderr]],
      windowsHide: true,
      detached: leads,
    })
    return new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('spawn', () => {
        const running: Running = { child, leads, killed: false }
        this.#running.set(run, running)
        child.once('exit', () => endGroup(running))
        for (const stream of ['stdout', 'stderr'] as const) this.#passOn(run, stream, child[stream])
        const ended = endOf(child)
        if (stdout === 'inherit' && stderr === 'inherit') this.#lastStep = ended
        resolve()
        void ended.then((end) => this.#report(run, end))
      })
    })
  }

  kill(run: number): void {
    const running = this.#running.get(run)
    if (running !== undefined) terminate(running)
  }

  /** Asks all to end; at once, and for good. */
  killAll(): void {
    for (const running of this.#running.values()) terminate(running)
  }

  /** Kills all and waits until they are gone. */
  async end(): Promise<void> {
    const ends = [...this.#running.values()].map(({ child }) => endOf(child))
    this.killAll()
    await Promise.all(ends)
  }

  #passOn(run: number, stream: 'stdout' | 'stderr', from: Readable | null): void {
    from?.on('data', (bytes: Buffer) => {
      from.pause()
      void this.#components.send({ type: 'output', run, stream, bytes }).then(() => from.resume())
    })
  }

  async #report(run: number, end: ChildEnd): Promise<void> {
    this.#running.delete(run)
    const exitCode = 'exitCode' in end ? end.exitCode : undefined
    const signal = 'signal' in end ? constants.signals[end.signal] : undefined
    // Node does not tell what a child has used.
    await this.#components.send({ type: 'exited', run, exitCode, signal, userMicros: 0, systemMicros: 0, maxRssKib: 0 })
  }
}

interface Running {
  readonly child: ChildProcess
  /** Leads a process group, so that what it started ends with it. */
  readonly leads: boolean
  killed: boolean
}

function terminate(running: Running): void {
  running.killed = true
  if (running.leads) signalGroup(running.child, 'SIGTERM')
  else running.child.kill('SIGTERM')
}

/** What a killed driver started and left behind would keep its pipes open, and us waiting for their end. */
function endGroup({ child, leads, killed }: Running): void {
  if (killed && leads) signalGroup(child, 'SIGKILL')
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // The group is gone.
  }
}

/** Resolves when the child has ended and all that it wrote was read. */
export function endOf(child: ChildProcess): Promise<ChildEnd> {
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve(signal === null ? { exitCode: code ?? 1 } : { signal }))
  })
}

const STDIO: Readonly<Record<StreamUse, 'inherit' | 'pipe' | 'ignore'>> = {
  inherit: 'inherit',
  send: 'pipe',
  discard: 'ignore',
}

function changedEnvironment(env: NodeJS.ProcessEnv, changes: readonly string[]): NodeJS.ProcessEnv {
  const changed = { ...env }
  for (const change of changes) {
    const equals = change.indexOf('=')
    if (equals < 0) delete changed[change]
    else changed[change.slice(0, equals)] = change.slice(equals + 1)
  }
  return changed
}

function tooMany(): Error {
  return Object.assign(new Error('too many children'), { code: 'EAGAIN' })
}
