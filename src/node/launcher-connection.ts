import type { Socket } from 'node:net'
import { LAUNCHER_DATA_CHUNK_BYTES } from '../base/limits.ts'
import type { CheckableFile } from '../cache/blob-store.ts'
import { encodeDataHead, encodeToLauncher } from '../protocols/launcher-codec.ts'
import type { FromLauncher, ToLauncher } from '../protocols/launcher-messages.ts'
import type { ChildRequest, ChildResult, LauncherHand, LauncherHello } from '../scheduler/launcher-hand.ts'
import { gatherWrites } from './write-gathering.ts'

interface RunningChild {
  readonly maxBytes: number
  readonly stdout: Uint8Array[]
  readonly stderr: Uint8Array[]
  bytes: number
  overflowed: boolean
  readonly settle: (result: ChildResult | undefined) => void
}

/** One launcher at the other end of the local socket. */
export class LauncherConnection implements LauncherHand {
  readonly hello: LauncherHello
  readonly closed: AbortSignal
  readonly #socket: Socket
  readonly #gather: () => void
  readonly #closing = new AbortController()
  readonly #children = new Map<number, RunningChild>()
  #runs = 0
  /** Waits for the launcher to end as told; told false when it could not write a file. */
  #finished: ((written: boolean) => void) | undefined
  #became = false

  constructor(socket: Socket, hello: LauncherHello) {
    this.#socket = socket
    this.#gather = gatherWrites(socket)
    this.hello = hello
    this.closed = this.#closing.signal
  }

  run({ argv, env = [], stdout, stderr, maxBytes }: ChildRequest): Promise<ChildResult | undefined> {
    this.closed.throwIfAborted()
    this.#runs += 1
    const run = this.#runs
    return new Promise((settle, reject) => {
      this.closed.addEventListener('abort', () => reject(this.closed.reason), { once: true })
      this.#children.set(run, { maxBytes, stdout: [], stderr: [], bytes: 0, overflowed: false, settle })
      this.#send({ type: 'run', run, stdout, stderr, argv, env })
    })
  }

  become(argv: readonly string[]): Promise<void> {
    if (this.closed.aborted) return Promise.resolve()
    const ended = new Promise<void>((resolve) => this.closed.addEventListener('abort', () => resolve(), { once: true }))
    this.#send({ type: 'exec', argv })
    this.#became = true
    return ended
  }

  async write(path: string, mode: number, bytes: Uint8Array, from?: CheckableFile): Promise<void> {
    this.#send({ type: 'write', path, mode, size: bytes.length })
    if (from !== undefined) {
      this.#send({ type: 'copy', ...from })
      return
    }
    for (let at = 0; at < bytes.length; at += LAUNCHER_DATA_CHUNK_BYTES) {
      const chunk = bytes.subarray(at, at + LAUNCHER_DATA_CHUNK_BYTES)
      if (!this.#sendData(chunk)) await this.#drained()
    }
  }

  commit(): void {
    this.#send({ type: 'commit' })
  }

  temporary(path: string): void {
    this.#send({ type: 'temporary', path })
  }

  print(stream: 'stdout' | 'stderr', text: string | Uint8Array): void {
    this.#send({ type: 'print', stream, bytes: typeof text === 'string' ? Buffer.from(text) : text })
  }

  exit(code: number): Promise<boolean> {
    return new Promise((resolve) => {
      this.#finished = resolve
      this.#send({ type: 'exit', code })
    })
  }

  /** Says that the agent is alive; a launcher that hears nothing helps itself. */
  keepAlive(): void {
    // A launcher that became a compiler no longer reads.
    if (!this.#became && !this.closed.aborted) this.#send({ type: 'keepalive' })
  }

  /** What the launcher said after its first word. */
  receive(message: FromLauncher): void {
    if (message.type === 'output') this.#output(message)
    else if (message.type === 'exited') this.#exited(message)
    else if (message.type === 'failed') this.#failed(message)
  }

  /** The launcher is gone. */
  end(): void {
    // After the word to exit, a closed socket means that all was written.
    this.#finished?.(true)
    this.#finished = undefined
    this.#closing.abort(new Error('the launcher is gone'))
  }

  #output({ run, stream, bytes }: Extract<FromLauncher, { type: 'output' }>): void {
    const child = this.#children.get(run)
    if (child === undefined || child.overflowed) return
    child.bytes += bytes.length
    if (child.bytes > child.maxBytes) {
      child.overflowed = true
      this.#send({ type: 'kill', run })
    } else {
      child[stream].push(bytes)
    }
  }

  #exited({ run, exitCode, signal, userMicros, systemMicros }: Extract<FromLauncher, { type: 'exited' }>): void {
    const child = this.#children.get(run)
    this.#children.delete(run)
    child?.settle({
      exitCode: child.overflowed ? undefined : exitCode,
      signal,
      stdout: Buffer.concat(child.stdout),
      stderr: Buffer.concat(child.stderr),
      overflowed: child.overflowed,
      cpuMs: (userMicros + systemMicros) / 1000,
    })
  }

  #failed({ operation, run }: Extract<FromLauncher, { type: 'failed' }>): void {
    if (operation !== 'run') {
      this.#finished?.(false)
      this.#finished = undefined
    } else if (run !== undefined) {
      this.#children.get(run)?.settle(undefined)
      this.#children.delete(run)
    }
  }

  #sendData(bytes: Uint8Array): boolean {
    if (this.closed.aborted) return true
    this.#gather()
    this.#socket.write(encodeDataHead(bytes.length))
    return this.#socket.write(bytes)
  }

  #send(message: ToLauncher): boolean {
    if (this.closed.aborted) return true
    this.#gather()
    return this.#socket.write(encodeToLauncher(message))
  }

  #drained(): Promise<void> {
    return new Promise((resolve, reject) => {
      const onDrain = () => {
        this.closed.removeEventListener('abort', onAbort)
        resolve()
      }
      const onAbort = () => {
        this.#socket.off('drain', onDrain)
        reject(this.closed.reason)
      }
      this.#socket.once('drain', onDrain)
      this.closed.addEventListener('abort', onAbort, { once: true })
    })
  }
}
