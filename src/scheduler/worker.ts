import type { Clock } from '../base/clock.ts'
import { withDeadline } from '../base/deadline.ts'
import { HybridgridError, messageOf } from '../base/errors.ts'
import {
  COMPILE_GRACE_MS,
  COMPILE_HEADER_MAX_BYTES,
  COMPILE_QUEUE_MAX_MS,
  COMPILE_TRANSFER_MAX_MS,
  COMPILE_WALL_MAX_MS,
  INPUTS_HELD_MAX_BYTES,
  TRANSFER_CHUNK_BYTES,
} from '../base/limits.ts'
import type { Logger } from '../base/log.ts'
import type { CompilerRunner, RunResult } from '../compiler/runner.ts'
import type { Toolchain, ToolchainId } from '../compiler/toolchain.ts'
import { COMPILE_PROTOCOL, type CompileRequest, type WorkerRefusal } from '../protocols/compile.ts'
import { decodeCompileRequest, encodeCompileReply } from '../protocols/compile-codec.ts'
import { compress, decompress } from '../protocols/compression.ts'
import type { Mesh, MeshSession, PeerId } from '../protocols/mesh.ts'
import { receiveBytes, sendBytes } from '../protocols/transfer.ts'
import type { Slots } from './slots.ts'
import { type Admission, WorkerQueue } from './worker-queue.ts'
import { type ArgumentsCheck, objectionTo, refusalFor, runRequest } from './worker-request.ts'

export interface WorkerComponents {
  readonly clock: Clock
  readonly log: Logger
  readonly mesh: Pick<Mesh, 'handle'>
  readonly runner: Pick<CompilerRunner, 'run'>
  readonly toolchains: { byId(id: ToolchainId): Promise<Toolchain | undefined> }
  readonly slots: Pick<Slots, 'acquire' | 'free'>
  readonly checkRemoteArguments: ArgumentsCheck
}

/** The part of a node that compiles for others. */
export interface Worker {
  /** Compiles that run for peers. */
  readonly running: number
  /** Jobs of peers that wait for a slot. */
  readonly queued: number
  /** Ends all that runs and waits; nothing is served any more. Safe to repeat. */
  stop(): Promise<void>
}

/** Serves COMPILE_PROTOCOL from now on. Spec: docs/protocols/compile.md */
export function createWorker(components: WorkerComponents): Worker {
  const worker = new SessionWorker(components)
  components.mesh.handle(COMPILE_PROTOCOL, (session) => worker.serve(session))
  return worker
}

/** The worker's own no, on its way out of a job. */
class RefusedError extends HybridgridError<{ readonly code: 'WORKER_REFUSED'; readonly refusal: WorkerRefusal }> {}

class SessionWorker implements Worker {
  readonly #components: WorkerComponents
  readonly #queue: WorkerQueue
  readonly #stopping = new AbortController()
  readonly #serving = new Set<Promise<void>>()
  #running = 0
  #heldBytes = 0

  constructor(components: WorkerComponents) {
    this.#components = components
    this.#queue = new WorkerQueue(components)
  }

  get running(): number {
    return this.#running
  }

  get queued(): number {
    return this.#queue.length
  }

  /** Requests of one session, one after the other, until the peer has said all. */
  async serve(session: MeshSession): Promise<void> {
    const serving = this.#serve(session)
    this.#serving.add(serving)
    await serving.finally(() => this.#serving.delete(serving))
  }

  async stop(): Promise<void> {
    const reason = refused('stopping')
    this.#stopping.abort(reason)
    await this.#queue.stop(reason)
    await Promise.allSettled(this.#serving)
  }

  async #serve(session: MeshSession): Promise<void> {
    // Aborted with the session, so that nothing is compiled for a client that is gone; and when this node stops.
    const over = AbortSignal.any([session.closed, this.#stopping.signal])
    while (!over.aborted) {
      const frame = await session.read(COMPILE_HEADER_MAX_BYTES, over).catch((error: unknown) => {
        if (over.aborted) return undefined
        throw error
      })
      if (frame === undefined) break
      await this.#answer(session, decodeCompileRequest(frame), over)
    }
    if (!session.closed.aborted) await session.close()
  }

  async #answer(session: MeshSession, request: CompileRequest, over: AbortSignal): Promise<void> {
    const { clock, log } = this.#components
    try {
      const compiled = await this.#compile(session, request, over)
      await withDeadline(clock, COMPILE_TRANSFER_MAX_MS, over, (signal) => sendResult(session, compiled, signal))
    } catch (error) {
      const refusal = error instanceof RefusedError ? error.reason.refusal : refusalFor(error)
      if (refusal === undefined || session.closed.aborted) throw error // Neither side knows any more where it is.
      log.debug('a compile was refused', { peer: session.peer, refusal, why: messageOf(error) })
      const header = encodeCompileReply({ status: 'refused', code: refusal })
      await withDeadline(clock, COMPILE_TRANSFER_MAX_MS, session.closed, (signal) => session.write(header, signal))
    }
  }

  /** From a request's header to what its compile gave. Rejects with `RefusedError`, `RunnerError` or what ended the session. */
  async #compile(session: MeshSession, request: CompileRequest, over: AbortSignal): Promise<Compiled> {
    const { clock } = this.#components
    const { sentBytes } = request.input
    const within = <T>(ms: number, work: (signal: AbortSignal) => Promise<T>) => withDeadline(clock, ms, over, work)

    const admission = (await this.#objection(request)) ?? this.#admit(session.peer, sentBytes)
    if (typeof admission === 'string') {
      await within(COMPILE_TRANSFER_MAX_MS, (signal) => passOver(session, sentBytes, signal))
      throw refused(admission)
    }
    try {
      const packed = await within(COMPILE_TRANSFER_MAX_MS, (signal) => receiveBytes(session, sentBytes, signal))
      const arrivedAt = clock.now()
      const slot = await within(COMPILE_QUEUE_MAX_MS, (signal) => admission.acquire(signal))
      const queuedMs = clock.now() - arrivedAt
      this.#running += 1
      try {
        const result = await within(COMPILE_WALL_MAX_MS + COMPILE_GRACE_MS, (signal) =>
          this.#run(request, packed, signal),
        )
        return { result, queuedMs }
      } finally {
        this.#running -= 1
        slot.release()
      }
    } finally {
      admission.leave()
      this.#heldBytes -= sentBytes
    }
  }

  async #objection(request: CompileRequest): Promise<WorkerRefusal | undefined> {
    const { toolchains, checkRemoteArguments } = this.#components
    const toolchain = await toolchains.byId(request.toolchain)
    return toolchain === undefined ? 'toolchain-missing' : objectionTo(request, toolchain, checkRemoteArguments)
  }

  #admit(peer: PeerId, sentBytes: number): Admission | WorkerRefusal {
    if (this.#stopping.signal.aborted) return 'stopping'
    if (this.#heldBytes + sentBytes > INPUTS_HELD_MAX_BYTES) return 'busy'
    const admission = this.#queue.admit(peer)
    if (admission === undefined) return 'busy'
    this.#heldBytes += sentBytes
    return admission
  }

  async #run(request: CompileRequest, packed: Uint8Array, signal: AbortSignal): Promise<RunResult> {
    const { runner, toolchains } = this.#components
    const { bytes } = request.input
    const input = await decompress(packed, bytes)
    if (input.length !== bytes) throw refused('malformed')
    // Asked again: it may have been upgraded while the job waited.
    const toolchain = await toolchains.byId(request.toolchain)
    if (toolchain === undefined) throw refused('toolchain-missing')
    return runner.run(runRequest(request, toolchain, input), signal)
  }
}

interface Compiled {
  readonly result: RunResult
  readonly queuedMs: number
}

async function sendResult(session: MeshSession, { result, queuedMs }: Compiled, signal: AbortSignal): Promise<void> {
  const packed = await Promise.all(result.outputs.map(({ bytes }) => compress(bytes)))
  const outputs = result.outputs.map(({ path, bytes }, index) => ({
    path,
    bytes: bytes.length,
    sentBytes: packed[index]?.length ?? 0,
  }))
  await session.write(encodeCompileReply({ ...result, status: 'done', outputs, queuedMs }), signal)
  for (const bytes of packed) await sendBytes(session, bytes, signal)
}

/** Reads an input that nobody wants, so that the next request is found behind it. */
async function passOver(session: MeshSession, bytes: number, signal: AbortSignal): Promise<void> {
  for (let left = bytes; left > 0; ) {
    const frame = await session.read(Math.min(left, TRANSFER_CHUNK_BYTES), signal)
    if (frame === undefined || frame.length === 0) throw refused('malformed')
    left -= frame.length
  }
}

function refused(refusal: WorkerRefusal): RefusedError {
  return new RefusedError({ code: 'WORKER_REFUSED', refusal }, `refused: ${refusal}`)
}
