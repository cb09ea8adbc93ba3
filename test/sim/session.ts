import assert from 'node:assert/strict'
import { MeshError, type MeshSession, type PeerId } from '../../src/protocols/mesh.ts'

/** What one end of a session says to the other. */
export type SessionWord =
  | { readonly type: 'frame'; readonly frame: Uint8Array }
  /** So many bytes were read: as many more may come. */
  | { readonly type: 'credit'; readonly bytes: number }
  | { readonly type: 'end' }
  | { readonly type: 'abort' }

/** One end of a simulated session: framed, in order, bounded, abortable. */
export class SimSession implements MeshSession {
  readonly peer: PeerId
  readonly #send: (word: SessionWord) => void
  readonly #over = new AbortController()
  readonly #frames: Uint8Array[] = []
  readonly #waiting = new Set<() => void>()
  #credit: number
  #reading = false
  #ended = false
  #peerEnded = false
  #lost: MeshError | undefined

  constructor({ peer, windowBytes }: { peer: PeerId; windowBytes: number }, send: (word: SessionWord) => void) {
    this.peer = peer
    this.#credit = windowBytes
    this.#send = send
  }

  get closed(): AbortSignal {
    return this.#over.signal
  }

  async read(maxBytes: number, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    assert(!this.#reading, 'a session is read by one at a time')
    this.#reading = true
    try {
      await this.#until(() => this.#frames.length > 0 || this.#peerEnded, signal)
    } finally {
      this.#reading = false
    }
    const frame = this.#frames.shift()
    if (frame === undefined) return undefined
    if (frame.length > maxBytes) {
      const error = new MeshError({ code: 'MESH_FRAME_TOO_LONG', maxBytes }, `a frame of ${frame.length} bytes`)
      this.abort(error)
      throw error
    }
    if (!this.closed.aborted) this.#send({ type: 'credit', bytes: frame.length })
    return frame
  }

  async write(frame: Uint8Array, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (this.#lost !== undefined) throw this.#lost
    if (this.#ended) throw this.#lose(new Error('written after close'))
    this.#credit -= frame.length
    this.#send({ type: 'frame', frame: frame.slice() })
    await this.#until(() => this.#credit > 0, signal)
  }

  async close(): Promise<void> {
    if (this.#ended || this.#lost !== undefined) return
    this.#ended = true
    this.#send({ type: 'end' })
    this.#finishIfBothEnded()
  }

  abort(reason: Error): void {
    if (this.closed.aborted) return
    this.#send({ type: 'abort' })
    this.#lose(reason)
  }

  /** The other end said something. */
  receive(word: SessionWord): void {
    if (this.#lost !== undefined) return
    if (word.type === 'frame') this.#frames.push(word.frame)
    else if (word.type === 'credit') this.#credit += word.bytes
    else if (word.type === 'end') this.#peerEnded = true
    else this.#lose(new Error('the peer aborted the session'))
    this.#wake()
    this.#finishIfBothEnded()
  }

  /** The connection is gone, or the other end aborted. */
  lose(cause: Error): void {
    if (!this.closed.aborted) this.#lose(cause)
  }

  async #until(condition: () => boolean, signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      signal?.throwIfAborted()
      if (this.#lost !== undefined) throw this.#lost
      if (condition()) return
      if (this.closed.aborted) throw this.closed.reason
      await this.#change(signal)
    }
  }

  #change(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiting.add(wake)
      signal?.addEventListener('abort', wake, { once: true })
    })
  }

  #wake(): void {
    for (const wake of this.#waiting) wake()
  }

  #lose(cause: Error): MeshError {
    const reason = { code: 'MESH_SESSION_LOST', peer: this.peer } as const
    this.#lost ??= new MeshError(reason, 'the session was lost', { cause })
    this.#frames.length = 0
    this.#over.abort(this.#lost)
    this.#wake()
    return this.#lost
  }

  #finishIfBothEnded(): void {
    if (!this.#ended || !this.#peerEnded) return
    this.#over.abort(new MeshError({ code: 'MESH_SESSION_LOST', peer: this.peer }, 'the session has ended'))
    this.#wake()
  }
}
