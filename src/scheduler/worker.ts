import type { Clock } from '../base/clock.ts'
import { withDeadline } from '../base/deadline.ts'
import { messageOf } from '../base/errors.ts'
import {
  COMPILE_GRACE_MS,
  COMPILE_HEADER_MAX_BYTES,
  COMPILE_QUEUE_MAX_MS,
  COMPILE_TRANSFER_MAX_MS,
  COMPILE_WALL_MAX_MS,
  INPUTS_HELD_MAX_BYTES,
  OUTPUTS_IN_HEADER_MAX_BYTES,
} from '../base/limits.ts'
import type { Logger } from '../base/log.ts'
import type { SyncFiles } from '../compiler/includes/sync-files.ts'
import { pipedStages, tellsOfPipe } from '../compiler/piped-stages.ts'
import type { CompilerRunner, RunResult } from '../compiler/runner.ts'
import type { Toolchain, ToolchainId } from '../compiler/toolchain.ts'
import { OwnFiles } from '../compiler/trees/own-files.ts'
import { COMPILE_PROTOCOL, type CompileRequest, type WorkerRefusal } from '../protocols/compile.ts'
import { decodeCompileRequest, encodeCompileReply } from '../protocols/compile-codec.ts'
import { compress } from '../protocols/compression.ts'
import type { Mesh, MeshSession, PeerId } from '../protocols/mesh.ts'
import { sendBytes } from '../protocols/transfer.ts'
import { TreeEntryBudget, TreeListener } from '../protocols/tree-dictionary.ts'
import { ByteBudget } from './byte-budget.ts'
import type { RecentClients } from './recent-clients.ts'
import type { Slots } from './slots.ts'
import { type Contents, TreeIntake } from './tree-intake.ts'
import type { WorkerCache, WorkerCacheJob } from './worker-cache.ts'
import { type Intake, passOver, type TakenInputs, textIntake, treeIntake } from './worker-intake.ts'
import { type Admission, WorkerQueue } from './worker-queue.ts'
import { RefusedError, refused } from './worker-refusal.ts'
import { objectionTo, refusalFor } from './worker-request.ts'

export interface WorkerComponents {
  readonly clock: Clock
  readonly log: Logger
  readonly mesh: Pick<Mesh, 'handle'>
  readonly runner: Pick<CompilerRunner, 'run' | 'shows' | 'view' | 'cede' | 'hasCeded' | 'takesTrees'>
  readonly toolchains: { byId(id: ToolchainId): Promise<Toolchain | undefined> }
  readonly slots: Pick<Slots, 'acquire' | 'free'>
  /** Contents of trees; undefined where no trees are taken. */
  readonly trees: { readonly contents: Contents; readonly files: SyncFiles } | undefined
  readonly cache: Pick<WorkerCache, 'job'>
  readonly clients: Pick<RecentClients, 'began' | 'ended'>
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

class SessionWorker implements Worker {
  readonly #components: WorkerComponents
  readonly #queue: WorkerQueue
  readonly #stopping = new AbortController()
  readonly #serving = new Set<Promise<void>>()
  readonly #memory = new ByteBudget(INPUTS_HELD_MAX_BYTES)
  readonly #treeEntries = new TreeEntryBudget()
  readonly #trees: TreeIntake | undefined
  #running = 0

  constructor(components: WorkerComponents) {
    const { clock, runner, trees } = components
    this.#components = components
    this.#queue = new WorkerQueue(components)
    if (trees !== undefined && runner.takesTrees) {
      const own = new OwnFiles({ files: trees.files, clock, runner })
      this.#trees = new TreeIntake({ clock, contents: trees.contents, own, runner, memory: this.#memory })
    }
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
    const listener = new TreeListener(this.#treeEntries)
    try {
      await this.#serveAll(session, listener, over)
    } finally {
      listener.forget()
    }
    if (!session.closed.aborted) await session.close()
  }

  async #serveAll(session: MeshSession, listener: TreeListener, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const frame = await session.read(COMPILE_HEADER_MAX_BYTES, over).catch((error: unknown) => {
        if (over.aborted) return undefined
        throw error
      })
      if (frame === undefined) break
      const request = decodeCompileRequest(frame)
      await this.#answer(session, request, this.#job(session, listener, request), over)
    }
  }

  /** Undefined for a tree where none are taken. What the session defines is learned whatever becomes of the request. */
  #job(session: MeshSession, listener: TreeListener, request: CompileRequest): Job | undefined {
    const { input } = request
    if (input.kind === 'text') return { intake: textIntake(session, request, input), cache: undefined }
    listener.learn(input)
    if (this.#trees === undefined) return undefined
    const heard = { ...listener.tree(input.used), source: input.source }
    const intake = treeIntake(this.#trees, session, request, input, heard)
    return { intake, cache: this.#components.cache.job(session.peer, request, heard) }
  }

  async #answer(session: MeshSession, request: CompileRequest, job: Job | undefined, over: AbortSignal): Promise<void> {
    const { clock, log, clients } = this.#components
    clients.began(session.peer)
    try {
      if (job === undefined) throw refused('tree-refused')
      const done = await this.#compile(session, request, job, over)
      const kept = done.cached || job.cache?.keeps(done.result) === true
      await withDeadline(clock, COMPILE_TRANSFER_MAX_MS, over, (signal) => sendResult(session, done, kept, signal))
      if (kept && !done.cached) job.cache?.keep(done.result)
    } catch (error) {
      const refusal = error instanceof RefusedError ? error.reason.refusal : refusalFor(error)
      if (refusal === undefined || session.closed.aborted) throw error // Neither side knows any more where it is.
      log.debug('a compile was refused', { peer: session.peer, refusal, why: messageOf(error) })
      const header = encodeCompileReply({ status: 'refused', code: refusal })
      await withDeadline(clock, COMPILE_TRANSFER_MAX_MS, session.closed, (signal) => session.write(header, signal))
    } finally {
      clients.ended(session.peer)
      job?.cache?.end()
    }
  }

  /** From a request's header to what its compile gave. Rejects with `RefusedError`, `RunnerError` or what ended the session. */
  async #compile(
    session: MeshSession,
    request: CompileRequest,
    { intake, cache }: Job,
    over: AbortSignal,
  ): Promise<WorkerDone> {
    const { clock } = this.#components
    const { unaskedBytes } = intake
    const within = <T>(ms: number, work: (signal: AbortSignal) => Promise<T>) => withDeadline(clock, ms, over, work)

    const admission = (await this.#objection(request)) ?? this.#admit(session.peer, unaskedBytes)
    if (typeof admission === 'string') {
      await within(COMPILE_TRANSFER_MAX_MS, (signal) => passOver(session, unaskedBytes, signal))
      throw refused(admission)
    }
    try {
      const known = await cache?.find(over)
      if (known !== undefined) return { result: known, queuedMs: 0, cached: true }
      const inputs = await within(COMPILE_TRANSFER_MAX_MS, (signal) => intake.take(signal))
      try {
        const arrivedAt = clock.now()
        const slot = await within(COMPILE_QUEUE_MAX_MS, (signal) => admission.acquire(signal))
        const queuedMs = clock.now() - arrivedAt
        this.#running += 1
        try {
          const longest = COMPILE_WALL_MAX_MS + COMPILE_GRACE_MS
          const result = await within(longest, (signal) => this.#run(request, inputs, signal))
          return { result, queuedMs, cached: false }
        } finally {
          this.#running -= 1
          slot.release()
        }
      } finally {
        inputs.release()
      }
    } finally {
      admission.leave()
      admission.giveBack()
    }
  }

  async #objection(request: CompileRequest): Promise<WorkerRefusal | undefined> {
    const toolchain = await this.#components.toolchains.byId(request.toolchain)
    return toolchain === undefined ? 'toolchain-missing' : objectionTo(request, toolchain)
  }

  #admit(peer: PeerId, unaskedBytes: number): (Admission & { giveBack(): void }) | WorkerRefusal {
    if (this.#stopping.signal.aborted) return 'stopping'
    const giveBack = this.#memory.take(unaskedBytes)
    if (giveBack === undefined) return 'busy'
    const admission = this.#queue.admit(peer)
    if (admission !== undefined) return { ...admission, giveBack }
    giveBack()
    return 'busy'
  }

  async #run(request: CompileRequest, inputs: TakenInputs, signal: AbortSignal): Promise<RunResult> {
    const { runner, toolchains } = this.#components
    // Asked again: it may have been upgraded while the job waited.
    const toolchain = await toolchains.byId(request.toolchain)
    if (toolchain === undefined) throw refused('toolchain-missing')
    const run = await inputs.run(toolchain)
    const args = pipedStages(toolchain.family, run.args)
    const result = await runner.run({ ...run, args }, signal)
    // As it would have been said at home.
    return args !== run.args && tellsOfPipe(result.stderr) ? runner.run(run, signal) : result
  }
}

interface Job {
  readonly intake: Intake
  readonly cache: WorkerCacheJob | undefined
}

interface WorkerDone {
  readonly result: RunResult
  readonly queuedMs: number
  /** Whether it was known. */
  readonly cached: boolean
}

async function sendResult(
  session: MeshSession,
  { result, queuedMs, cached }: WorkerDone,
  kept: boolean,
  signal: AbortSignal,
): Promise<void> {
  const told = { ...result, status: 'done', queuedMs, cached, kept } as const
  const total = result.outputs.reduce((sum, { bytes }) => sum + bytes.length, 0)
  if (total <= OUTPUTS_IN_HEADER_MAX_BYTES) {
    const outputs = result.outputs.map(({ path, bytes }) => ({
      path,
      bytes: bytes.length,
      sentBytes: 0,
      content: bytes,
    }))
    await session.write(encodeCompileReply({ ...told, outputs }), signal)
    return
  }
  const packed = await Promise.all(result.outputs.map(({ bytes }) => compress(bytes)))
  const outputs = result.outputs.map(({ path, bytes }, index) => ({
    path,
    bytes: bytes.length,
    sentBytes: packed[index]?.length ?? 0,
  }))
  await session.write(encodeCompileReply({ ...told, outputs }), signal)
  for (const bytes of packed) await sendBytes(session, bytes, signal)
}
