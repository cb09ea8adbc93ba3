import type { Clock } from '../base/clock.ts'
import { DeadlineError, withDeadline } from '../base/deadline.ts'
import { SESSION_OPEN_MS, SESSIONS_IDLE_MAX } from '../base/limits.ts'
import { type Mesh, MeshError, type MeshSession, type PeerId } from './mesh.ts'

export interface SessionPoolComponents {
  readonly clock: Clock
  readonly mesh: Pick<Mesh, 'open' | 'subscribe'>
}

/**
 * One request: what is said on a session, and what it gave. `identity` is the same object each time the session is used:
 * the key to what both its ends remember.
 */
export type SessionWork<T> = (session: MeshSession, identity: WeakKey) => Promise<T>

interface Idle {
  readonly protocol: string
  readonly session: MeshSession
}

/** Keeps sessions open for reuse, one request in flight on each: opening one costs as much CPU as moving 250 KB over it. */
export class SessionPool {
  readonly #components: SessionPoolComponents
  /** At most SESSIONS_IDLE_MAX per connected peer. */
  readonly #idle = new Map<PeerId, Idle[]>()
  /** Requests in flight; those who ask bound their number. */
  readonly #running = new Map<AbortController, Promise<unknown>>()
  readonly #unsubscribe: () => void
  #stopped = false

  constructor(components: SessionPoolComponents) {
    this.#components = components
    this.#unsubscribe = components.mesh.subscribe({ disconnected: (peer) => this.#drop(peer, 'the peer is gone') })
  }

  /**
   * Runs `work` on a session with `peer` that nobody else uses. When it succeeds it has read all of its answer, and
   * the session is used again; when it fails or `signal` is aborted, so is the session. `work` runs a second time, on
   * a new session, when a reused one turns out to be dead before it answered anything.
   */
  async use<T>(peer: PeerId, protocol: string, work: SessionWork<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted()
    if (this.#stopped) throw stopped()
    const cancelling = new AbortController()
    const onAbort = () => cancelling.abort(signal?.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
    const request = this.#use(peer, protocol, work, cancelling.signal)
    this.#running.set(cancelling, request)
    try {
      return await request
    } finally {
      this.#running.delete(cancelling)
      signal?.removeEventListener('abort', onAbort)
    }
  }

  /** Aborts all requests and waits for them; ends all sessions. Safe to repeat. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#unsubscribe()
    for (const peer of [...this.#idle.keys()]) this.#drop(peer, 'this node stops')
    for (const cancelling of this.#running.keys()) cancelling.abort(stopped())
    await Promise.allSettled([...this.#running.values()])
  }

  async #use<T>(peer: PeerId, protocol: string, work: SessionWork<T>, signal: AbortSignal): Promise<T> {
    const idle = this.#take(peer, protocol)
    if (idle !== undefined) {
      const attempt = new Attempt(idle)
      try {
        return await this.#run(protocol, attempt, work, signal)
      } catch (error) {
        if (!attempt.stale || signal.aborted) throw error
      }
    }
    return this.#run(protocol, new Attempt(await this.#open(peer, protocol, signal)), work, signal)
  }

  /** One request on one session. */
  async #run<T>(protocol: string, attempt: Attempt, work: SessionWork<T>, signal: AbortSignal): Promise<T> {
    const cancel = () => attempt.abort(toError(signal.reason))
    signal.addEventListener('abort', cancel, { once: true })
    try {
      const result = await work(attempt, attempt.session)
      this.#giveBack(protocol, attempt.session)
      return result
    } catch (error) {
      attempt.abort(toError(error))
      // What the abort did to `work` is of no interest: why it was aborted is.
      signal.throwIfAborted()
      throw error
    } finally {
      signal.removeEventListener('abort', cancel)
    }
  }

  async #open(peer: PeerId, protocol: string, signal: AbortSignal): Promise<MeshSession> {
    const { clock, mesh } = this.#components
    try {
      return await withDeadline(clock, SESSION_OPEN_MS, signal, async (deadline) => {
        const session = await mesh.open(peer, protocol, deadline)
        if (deadline.aborted) session.abort(toError(deadline.reason)) // Too late: nobody waits for it any more.
        return session
      })
    } catch (error) {
      if (signal.aborted || !(error instanceof DeadlineError)) throw error
      const message = 'the peer did not open a session in time'
      throw new MeshError({ code: 'MESH_UNREACHABLE', peer }, message, { cause: error })
    }
  }

  /** The session that was used last: the one most surely alive. */
  #take(peer: PeerId, protocol: string): MeshSession | undefined {
    const idle = this.#idle.get(peer) ?? []
    for (;;) {
      const index = idle.findLastIndex((entry) => entry.protocol === protocol)
      const [entry] = index < 0 ? [] : idle.splice(index, 1)
      if (entry === undefined || !entry.session.closed.aborted) return entry?.session
    }
  }

  #giveBack(protocol: string, session: MeshSession): void {
    if (this.#stopped) session.abort(stopped())
    if (session.closed.aborted) return
    const idle = this.#idle.get(session.peer) ?? []
    this.#idle.set(session.peer, idle)
    idle.push({ protocol, session })
    // The one that was idle for longest makes room.
    if (idle.length > SESSIONS_IDLE_MAX) idle.shift()?.session.abort(new Error('more sessions than are kept'))
  }

  #drop(peer: PeerId, why: string): void {
    const idle = this.#idle.get(peer) ?? []
    this.#idle.delete(peer)
    for (const { session } of idle) session.abort(new Error(why))
  }
}

/** A session as one request sees it: notices when the peer had let go of it before. */
class Attempt implements MeshSession {
  readonly session: MeshSession
  #answered = false
  #ended = false
  #aborted = false

  constructor(session: MeshSession) {
    this.session = session
  }

  /** The peer ended the session before anything was read from it. */
  get stale(): boolean {
    return this.#ended && !this.#answered
  }

  get peer(): PeerId {
    return this.session.peer
  }

  get closed(): AbortSignal {
    return this.session.closed
  }

  async read(maxBytes: number, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    const frame = await this.session.read(maxBytes, signal)
    if (frame === undefined) this.#ended = true
    else this.#answered = true
    return frame
  }

  write(frame: Uint8Array, signal?: AbortSignal): Promise<void> {
    return this.session.write(frame, signal)
  }

  close(): Promise<void> {
    return this.session.close()
  }

  abort(reason: Error): void {
    if (!this.#aborted && this.session.closed.aborted) this.#ended = true // The peer was first.
    this.#aborted = true
    this.session.abort(reason)
  }
}

function stopped(): MeshError {
  return new MeshError({ code: 'MESH_STOPPED' }, 'this node is stopping')
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}
