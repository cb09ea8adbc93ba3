import type { Clock } from '../../src/base/clock.ts'
import { SESSIONS_PER_PEER_MAX } from '../../src/base/limits.ts'
import { type Mesh, MeshError, type MeshListener, type MeshSession, type PeerId } from '../../src/protocols/mesh.ts'
import type { SimNetwork } from './network.ts'
import { type SessionWord, SimSession } from './session.ts'

/** What meshes say to each other. */
type Packet =
  | { readonly type: 'dial' | 'accept' | 'reset'; readonly connection: number }
  | { readonly type: 'open'; readonly connection: number; readonly session: number; readonly protocol: string }
  | { readonly type: 'opened' | 'refused'; readonly connection: number; readonly session: number }
  | { readonly type: 'word'; readonly connection: number; readonly session: number; readonly word: SessionWord }

interface Connection {
  readonly id: number
  readonly sessions: Map<number, SimSession>
  readonly opening: Map<number, (answer: 'opened' | 'refused' | 'lost') => void>
}

/** Everybody who could be found on the network: what mDNS is to a real mesh. */
export type Neighbours = Map<PeerId, SimMesh>

export interface SimMeshComponents {
  readonly clock: Clock
  readonly network: SimNetwork
  readonly neighbours: Neighbours
}

export interface SimMeshInit {
  readonly self: PeerId
  /** What a peer may send on a session before it was read. */
  readonly windowBytes?: number
}

/** How often a mesh looks for neighbours without a connection. The smaller id dials, so that two do not meet half way. */
const DIAL_EVERY_MS = 1_000
const WINDOW_BYTES = 256 * 1024
/** Bytes of a packet beside its contents, for the trace. */
const HEADER_BYTES = 12

type Handler = (session: MeshSession) => Promise<void>

/** The Mesh port over a simulated network. */
export class SimMesh implements Mesh {
  readonly self: PeerId
  readonly #components: SimMeshComponents
  readonly #windowBytes: number
  readonly #connections = new Map<PeerId, Connection>()
  readonly #dialling = new Map<PeerId, number>()
  readonly #handlers = new Map<string, Handler>()
  readonly #listeners = new Set<MeshListener>()
  readonly #stopping = new AbortController()
  #dead = false

  constructor(components: SimMeshComponents, { self, windowBytes = WINDOW_BYTES }: SimMeshInit) {
    this.self = self
    this.#components = components
    this.#windowBytes = windowBytes
  }

  start(): void {
    this.#components.neighbours.set(this.self, this)
    void this.#dialNeighbours()
  }

  /** Leaves in good order. */
  stop(): void {
    this.#stopping.abort(new Error('the mesh was stopped'))
    for (const peer of this.connected()) this.disconnect(peer, new Error('the mesh was stopped'))
    this.crash()
  }

  /** The process dies; the host's kernel resets its connections. */
  crash(): void {
    for (const [peer, { id }] of this.#connections) this.#send(peer, { type: 'reset', connection: id })
    this.vanish()
  }

  /** The host loses power: nobody is told. */
  vanish(): void {
    this.#dead = true
    if (this.#components.neighbours.get(this.self) === this) this.#components.neighbours.delete(this.self)
  }

  connected(): readonly PeerId[] {
    return [...this.#connections.keys()]
  }

  async open(peer: PeerId, protocol: string, signal?: AbortSignal): Promise<MeshSession> {
    signal?.throwIfAborted()
    const connection = this.#connections.get(peer)
    if (connection === undefined) throw unreachable(peer)
    const id = this.#components.network.nextId()
    const session = this.#session(peer, connection, id)
    this.#send(peer, { type: 'open', connection: connection.id, session: id, protocol })
    const answer = await new Promise<'opened' | 'refused' | 'lost'>((resolve, reject) => {
      const onAbort = () => {
        connection.opening.delete(id)
        session.abort(new Error('the opening was called off'))
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      connection.opening.set(id, (how) => {
        signal?.removeEventListener('abort', onAbort)
        resolve(how)
      })
    })
    if (answer === 'opened') return session
    session.lose(new Error(answer))
    if (answer === 'lost') throw unreachable(peer)
    throw new MeshError({ code: 'MESH_PROTOCOL_UNKNOWN', protocol }, `the peer does not speak ${protocol}`)
  }

  handle(protocol: string, handler: Handler): void {
    this.#handlers.set(protocol, handler)
  }

  subscribe(listener: MeshListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  disconnect(peer: PeerId, reason: Error): void {
    const connection = this.#connections.get(peer)
    if (connection === undefined) return
    this.#send(peer, { type: 'reset', connection: connection.id })
    this.#lose(peer, connection, reason)
  }

  latencyMs(peer: PeerId): number | undefined {
    return this.#connections.has(peer) ? 1 : undefined
  }

  async #dialNeighbours(): Promise<void> {
    const { clock, network, neighbours } = this.#components
    while (!this.#stopping.signal.aborted) {
      for (const peer of [...neighbours.keys()].sort()) {
        if (peer <= this.self || this.#connections.has(peer)) continue
        const connection = network.nextId()
        this.#dialling.set(peer, connection)
        this.#send(peer, { type: 'dial', connection })
      }
      await clock.sleep(DIAL_EVERY_MS, this.#stopping.signal).catch(() => undefined)
    }
  }

  #send(to: PeerId, packet: Packet): void {
    if (this.#dead) return
    const { network, neighbours } = this.#components
    const words = packet.type === 'word' ? packet.word : packet
    const bytes = HEADER_BYTES + (words.type === 'frame' ? words.frame.length : 0)
    const retransmitted = packet.type !== 'dial' && packet.type !== 'reset'
    network.send({ from: this.self, to, kind: words.type, bytes, retransmitted }, () =>
      neighbours.get(to)?.receive(this.self, packet),
    )
  }

  /** A packet arrived. */
  receive(from: PeerId, packet: Packet): void {
    if (this.#dead) return
    const connection = this.#connections.get(from)
    if (packet.type === 'dial') this.#accept(from, packet.connection)
    else if (packet.type === 'accept' && this.#dialling.get(from) === packet.connection) {
      this.#dialling.delete(from)
      this.#connect(from, packet.connection)
    } else if (connection?.id === packet.connection) this.#obey(from, connection, packet)
    else if (packet.type !== 'reset') this.#send(from, { type: 'reset', connection: packet.connection })
  }

  #obey(from: PeerId, connection: Connection, packet: Packet): void {
    if (packet.type === 'reset') this.#lose(from, connection, new Error('the peer closed the connection'))
    else if (packet.type === 'open') this.#serve(from, connection, packet.session, packet.protocol)
    else if (packet.type === 'word') connection.sessions.get(packet.session)?.receive(packet.word)
    else if (packet.type === 'opened' || packet.type === 'refused') {
      connection.opening.get(packet.session)?.(packet.type)
      connection.opening.delete(packet.session)
    }
  }

  #accept(peer: PeerId, id: number): void {
    const old = this.#connections.get(peer)
    if (old !== undefined) this.#lose(peer, old, new Error('the peer made another connection'))
    this.#send(peer, { type: 'accept', connection: id })
    this.#connect(peer, id)
  }

  #connect(peer: PeerId, id: number): void {
    this.#connections.set(peer, { id, sessions: new Map(), opening: new Map() })
    this.#components.network.note(`${this.self} connected ${peer}`)
    for (const listener of this.#listeners) listener.connected?.(peer)
  }

  #lose(peer: PeerId, connection: Connection, reason: Error): void {
    this.#connections.delete(peer)
    this.#components.network.note(`${this.self} disconnected ${peer}: ${reason.message}`)
    for (const answer of connection.opening.values()) answer('lost')
    for (const session of connection.sessions.values()) session.lose(reason)
    for (const listener of this.#listeners) listener.disconnected?.(peer)
  }

  #serve(peer: PeerId, connection: Connection, id: number, protocol: string): void {
    const handler = this.#handlers.get(protocol)
    if (handler === undefined || connection.sessions.size >= SESSIONS_PER_PEER_MAX) {
      this.#send(peer, { type: 'refused', connection: connection.id, session: id })
      return
    }
    const session = this.#session(peer, connection, id)
    this.#send(peer, { type: 'opened', connection: connection.id, session: id })
    void handler(session).then(
      () => session.close(),
      (error: unknown) => session.abort(error instanceof Error ? error : new Error(String(error))),
    )
  }

  #session(peer: PeerId, connection: Connection, id: number): SimSession {
    const init = { peer, windowBytes: this.#windowBytes }
    const session = new SimSession(init, (word) =>
      this.#send(peer, { type: 'word', connection: connection.id, session: id, word }),
    )
    connection.sessions.set(id, session)
    session.closed.addEventListener('abort', () => connection.sessions.delete(id), { once: true })
    return session
  }
}

function unreachable(peer: PeerId): MeshError {
  return new MeshError({ code: 'MESH_UNREACHABLE', peer }, 'there is no connection to the peer')
}
