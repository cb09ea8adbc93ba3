import assert from 'node:assert/strict'
import type { Stream, StreamCloseEvent, StreamMessageEvent } from '@libp2p/interface'
import { SESSION_BUFFER_BYTES } from '../base/limits.ts'
import { MeshError, type MeshSession, type PeerId } from '../protocols/mesh.ts'
import { encodeFrame, FrameBuffer } from './frames.ts'
import { rareWindowUpdates } from './window-updates.ts'

/** A session over a libp2p stream whose protocol is agreed on. Owns the stream from here on. */
export function libp2pSession(stream: Stream, peer: PeerId): MeshSession {
  rareWindowUpdates(stream)
  return new Libp2pSession(stream, peer)
}

/**
 * Reads the stream's events itself: `lpStream` has no back-pressure on what it reads (it aborts instead), and
 * `for await` buffers without bound.
 */
class Libp2pSession implements MeshSession {
  readonly peer: PeerId
  readonly #stream: Stream
  readonly #over = new AbortController()
  readonly #buffer = new FrameBuffer()
  /** The peer said that it has said all. */
  #peerClosed: boolean
  /** All that the peer said is in the buffer or was read. */
  #ended: boolean
  #lost: MeshError | undefined
  #reading = false
  #resuming = false
  /** Continues the read that waits for more, if one does. */
  #wake: (() => void) | undefined

  constructor(stream: Stream, peer: PeerId) {
    this.#stream = stream
    this.peer = peer
    // Some of it may have happened between negotiation and now.
    this.#peerClosed =
      stream.remoteWriteStatus === 'closed' && (stream.status === 'open' || stream.status === 'closing')
    this.#ended = this.#peerClosed && stream.readableEnded
    if (stream.status !== 'open' && stream.status !== 'closing') this.#lose(new Error(`the stream is ${stream.status}`))
    stream.addEventListener('remoteCloseWrite', () => this.#onPeerClosed())
    stream.addEventListener('end', () => this.#onEnd())
    stream.addEventListener('close', (event) => this.#onClose(event))
    stream.addEventListener('message', (event) => this.#onMessage(event))
  }

  get closed(): AbortSignal {
    return this.#over.signal
  }

  async read(maxBytes: number, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    assert(!this.#reading, 'a session is read by one at a time')
    this.#reading = true
    try {
      for (;;) {
        signal?.throwIfAborted()
        if (this.#lost !== undefined) throw this.#lost
        const frame = this.#take(maxBytes)
        if (frame !== undefined) return frame
        if (this.#ended) return this.#endOfFrames()
        this.#resume()
        await this.#more(signal)
      }
    } finally {
      this.#reading = false
      this.#throttle()
    }
  }

  async write(frame: Uint8Array, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (this.#lost !== undefined) throw this.#lost
    try {
      this.#stream.send(encodeFrame(frame))
    } catch (error) {
      throw this.#lose(error)
    }
    if (!this.#canSendMore()) await this.#drained(signal)
  }

  async close(): Promise<void> {
    try {
      await this.#stream.close()
    } catch (error) {
      this.abort(this.#lose(error))
    }
  }

  abort(reason: Error): void {
    this.#lose(reason)
    this.#stream.abort(reason)
  }

  #onPeerClosed(): void {
    this.#peerClosed = true
  }

  #onEnd(): void {
    // A connection that goes away also ends what can be read: only the peer's own word makes it a good end.
    if (this.#peerClosed) this.#ended = true
    this.#wake?.()
  }

  #onClose(event: StreamCloseEvent): void {
    if (event.error !== undefined || !this.#peerClosed)
      this.#lose(event.error ?? new Error('the connection was closed'))
    else this.#finish(new Error('the session has ended'))
  }

  #onMessage(event: StreamMessageEvent): void {
    if (this.#lost !== undefined) return
    this.#buffer.append(event.data)
    this.#wake?.()
    this.#throttle()
  }

  #take(maxBytes: number): Uint8Array | undefined {
    try {
      return this.#buffer.take(maxBytes)
    } catch (error) {
      // What follows cannot be told from the frame's own bytes.
      if (error instanceof Error) this.abort(error)
      throw error
    }
  }

  #endOfFrames(): undefined {
    if (this.#buffer.byteLength > 0) {
      this.abort(new Error('the peer ended within a frame'))
      throw this.#lost
    }
  }

  #more(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (done: () => void) => {
        this.#wake = undefined
        signal?.removeEventListener('abort', onAbort)
        done()
      }
      const onAbort = () => settle(() => reject(signal?.reason))
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#wake = () => settle(resolve)
    })
  }

  /** Stops the peer from sending while nobody reads what came. A paused stream sends no window updates. */
  #throttle(): void {
    if (this.#reading || this.#resuming || this.#buffer.byteLength < SESSION_BUFFER_BYTES) return
    if (this.#stream.readStatus === 'readable') this.#stream.pause()
  }

  #resume(): void {
    if (this.#stream.readStatus !== 'paused') return
    // Pausing again while the stream hands over what it kept would leave it half paused: windows open, nobody reading.
    this.#resuming = true
    try {
      this.#stream.resume()
    } catch (error) {
      this.#lose(error)
    } finally {
      this.#resuming = false
    }
  }

  #canSendMore(): boolean {
    return !this.#stream.writableNeedsDrain && this.#stream.writeBufferLength === 0
  }

  /** `stream.onDrain()` works once and then never waits again; and a drain may free less than one frame. */
  #drained(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (done: () => void) => {
        for (const name of DRAIN_EVENTS) this.#stream.removeEventListener(name, look)
        this.closed.removeEventListener('abort', look)
        signal?.removeEventListener('abort', look)
        done()
      }
      const look = () => {
        if (signal?.aborted) settle(() => reject(signal.reason))
        else if (this.closed.aborted) settle(() => reject(this.#lose(new Error('closed while writing'))))
        else if (this.#canSendMore()) settle(resolve)
      }
      for (const name of DRAIN_EVENTS) this.#stream.addEventListener(name, look)
      this.closed.addEventListener('abort', look)
      signal?.addEventListener('abort', look)
    })
  }

  #lose(cause: unknown): MeshError {
    if (this.#lost === undefined) {
      this.#lost = new MeshError({ code: 'MESH_SESSION_LOST', peer: this.peer }, 'the session was lost', { cause })
      this.#buffer.clear()
    }
    this.#finish(this.#lost)
    return this.#lost
  }

  #finish(reason: Error): void {
    this.#wake?.()
    this.#over.abort(reason)
  }
}

const DRAIN_EVENTS = ['drain', 'idle'] as const
