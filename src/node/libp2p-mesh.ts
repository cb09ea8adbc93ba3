import assert from 'node:assert/strict'
import { networkInterfaces } from 'node:os'
import type { Connection, PeerId as Libp2pPeerId, Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import type { Clock } from '../base/clock.ts'
import { withDeadline } from '../base/deadline.ts'
import { messageOf } from '../base/errors.ts'
import { DIAL_MS, SESSIONS_PER_PEER_MAX, STATIC_PEERS_MAX } from '../base/limits.ts'
import type { Logger } from '../base/log.ts'
import type { Random } from '../base/random.ts'
import type { Signatures } from '../cache/signatures.ts'
import { type Mesh, MeshError, type MeshListener, type MeshSession, type PeerId } from '../protocols/mesh.ts'
import { DISCOVERY_FAULTS, type Discovery, type DiscoveryState } from './discovery.ts'
import { callableAddresses, parsePeerAddress, withoutPeer } from './discovery-addresses.ts'
import { Dialer } from './discovery-dialer.ts'
import { MdnsDiscovery, mdnsServiceTag } from './discovery-mdns.ts'
import { probeMulticast } from './discovery-probe.ts'
import { loadIdentity } from './identity.ts'
import { libp2pSession } from './libp2p-session.ts'
import { type Libp2pSettings, libp2pOptions } from './libp2p-settings.ts'
import { asMeshStartError, MeshStartError } from './mesh-start-error.ts'
import { peerIdOf } from './peer-id.ts'
import { peerSignatures } from './peer-signatures.ts'

export interface Libp2pMeshComponents {
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
}

export interface Libp2pMeshInit {
  /** Where the node's identity is kept. */
  readonly keyFile: string
  /** Address to listen on; `0.0.0.0` for all. */
  readonly host: string
  /** TCP port; 0 for any that is free. */
  readonly port: number
  readonly mdns: boolean
  /** Peers to connect to whatever discovery finds: `HOST:PORT` or multiaddrs. */
  readonly peers: readonly string[]
  /** Undefined: open to the local network. */
  readonly meshKey: Uint8Array | undefined
}

export interface Libp2pMesh extends Mesh {
  /** By the key that this node is named after, and by others'. */
  readonly signatures: Signatures
  /** Rejects with `MeshStartError` when the port cannot be had. */
  start(): Promise<void>
  /** Ends all sessions and connections, and waits for their handlers. */
  stop(): Promise<void>
  /** Multiaddrs under which others reach this node. */
  addresses(): readonly string[]
  /** Whether peers that nobody named can be found. */
  discoveryState(): Promise<DiscoveryState>
}

/** The mesh over libp2p: TCP, Noise, Yamux, mDNS. */
export async function createLibp2pMesh(components: Libp2pMeshComponents, init: Libp2pMeshInit): Promise<Libp2pMesh> {
  const named = init.peers.map(parsePeerAddress)
  if (named.length > STATIC_PEERS_MAX) {
    throw new MeshStartError(
      { code: 'MESH_TOO_MANY_PEERS' },
      `${named.length} peers are named\n  hint: name at most ${STATIC_PEERS_MAX}`,
    )
  }
  const privateKey = await loadIdentity(components, init.keyFile)
  const node = await createNode({ ...init, privateKey })
  return new MeshOverLibp2p(components, init, named, node, peerSignatures(privateKey))
}

function createNode(settings: Libp2pSettings) {
  return createLibp2p(libp2pOptions(settings))
}

class MeshOverLibp2p implements Libp2pMesh {
  readonly self: PeerId
  readonly signatures: Signatures
  readonly #components: Libp2pMeshComponents
  readonly #init: Libp2pMeshInit
  readonly #named: readonly string[]
  readonly #node: Awaited<ReturnType<typeof createNode>>
  readonly #dialer: Dialer
  readonly #discovery: Discovery | undefined
  /** Peers with a live connection: at most CONNECTIONS_MAX. */
  readonly #peers = new Map<PeerId, Libp2pPeerId>()
  readonly #listeners = new Set<MeshListener>()
  readonly #protocols = new Set<string>()
  /** Sessions that are being served: at most SESSIONS_PER_PEER_MAX per peer and protocol. */
  readonly #serving = new Set<Promise<void>>()
  #stopping: Promise<void> | undefined

  constructor(
    components: Libp2pMeshComponents,
    init: Libp2pMeshInit,
    named: readonly string[],
    node: Awaited<ReturnType<typeof createNode>>,
    signatures: Signatures,
  ) {
    this.signatures = signatures
    this.#components = components
    this.#init = init
    this.#named = named
    this.#node = node
    this.self = peerIdOf(node.peerId)
    this.#dialer = new Dialer({
      ...components,
      self: this.self,
      connected: (peer) => this.#peers.has(peer),
      dial: (addresses, peer, signal) => this.#dial(addresses, peer, signal),
    })
    if (init.mdns) {
      this.#discovery = new MdnsDiscovery(
        {
          ...components,
          libp2p: node.services.parts.forMdns,
          connected: () => this.#peers.size,
          found: (peer, addresses) => this.#dialer.found(peer, this.#callable(addresses)),
        },
        { serviceTag: mdnsServiceTag(init.meshKey) },
      )
    }
    node.addEventListener('connection:open', ({ detail }) => this.#onConnection(detail))
    node.addEventListener('peer:connect', ({ detail }) => this.#onConnect(detail))
    node.addEventListener('peer:disconnect', ({ detail }) => this.#onDisconnect(detail))
    node.addEventListener('peer:identify', ({ detail }) => {
      this.#dialer.remember(peerIdOf(detail.peerId), this.#callable(detail.listenAddrs.map(String)))
    })
  }

  async start(): Promise<void> {
    const { host, port, meshKey } = this.#init
    try {
      await this.#node.start()
    } catch (error) {
      throw asMeshStartError(error, host, port) ?? error
    }
    const { log } = this.#components
    if (meshKey === undefined) log.info('there is no mesh key: whoever is on the local network can join')
    for (const address of this.#named) this.#dialer.keep(address)
    await this.#discovery?.start()
    const state = await this.discoveryState()
    if (state.kind === 'silent') log.warn(`peers will not be found: ${DISCOVERY_FAULTS[state.why].problem}`, state)
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    await this.#discovery?.stop()
    await this.#dialer.stop()
    // Closing a connection waits for its streams: end them first.
    const reason = new Error('this node is stopping')
    for (const connection of this.#node.getConnections()) {
      for (const stream of [...connection.streams]) stream.abort(reason)
    }
    await this.#node.stop()
    await Promise.all([...this.#serving])
  }

  addresses(): readonly string[] {
    return this.#node.getMultiaddrs().map(String)
  }

  async discoveryState(): Promise<DiscoveryState> {
    return this.#discovery === undefined ? { kind: 'off' } : await probeMulticast()
  }

  connected(): readonly PeerId[] {
    return [...this.#peers.keys()]
  }

  async open(peer: PeerId, protocol: string, signal?: AbortSignal): Promise<MeshSession> {
    signal?.throwIfAborted()
    for (const connection of this.#connections(peer)) {
      try {
        const options = { maxOutboundStreams: SESSIONS_PER_PEER_MAX, ...(signal && { signal }) }
        return libp2pSession(await connection.newStream(protocol, options), peer)
      } catch (error) {
        signal?.throwIfAborted()
        const failure = OPEN_FAILURES[nameOf(error)] ?? 'lost'
        if (failure === 'unknown') throw protocolUnknown(protocol, error)
        if (failure === 'lost') throw sessionLost(peer, error)
        // Its status can stay `open` over a dead muxer, and libp2p would hand it out again and again.
        if (failure === 'zombie') connection.abort(toError(error))
      }
    }
    throw new MeshError({ code: 'MESH_UNREACHABLE', peer }, 'there is no live connection to the peer')
  }

  handle(protocol: string, handler: (session: MeshSession) => Promise<void>): void {
    assert(!this.#protocols.has(protocol), `${protocol} is served already`)
    this.#protocols.add(protocol)
    const limits = { maxInboundStreams: SESSIONS_PER_PEER_MAX, maxOutboundStreams: SESSIONS_PER_PEER_MAX }
    const serve = (stream: Stream, connection: Connection) => {
      const serving = this.#serve(protocol, handler, libp2pSession(stream, peerIdOf(connection.remotePeer)))
      this.#serving.add(serving)
      return serving.finally(() => this.#serving.delete(serving))
    }
    this.#node.handle(protocol, serve, limits).catch((error) => {
      this.#components.log.warn('a protocol is not announced', { protocol, why: messageOf(error) })
    })
  }

  subscribe(listener: MeshListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  disconnect(peer: PeerId, reason: Error): void {
    for (const connection of this.#connections(peer)) connection.abort(reason)
  }

  latencyMs(peer: PeerId): number | undefined {
    const measured = this.#connections(peer).flatMap(({ rtt }) => (rtt === undefined ? [] : [rtt]))
    return measured.length > 0 ? Math.min(...measured) : undefined
  }

  #connections(peer: PeerId): readonly Connection[] {
    const id = this.#peers.get(peer)
    return id === undefined ? [] : this.#node.getConnections(id).filter(({ status }) => status === 'open')
  }

  async #serve(protocol: string, handler: (session: MeshSession) => Promise<void>, session: MeshSession) {
    try {
      await handler(session)
      await session.close()
    } catch (error) {
      session.abort(toError(error))
      this.#components.log.debug('a session failed', { protocol, peer: session.peer, why: messageOf(error) })
    }
  }

  #onConnection({ direction, remoteAddr, remotePeer }: Connection): void {
    // What we called is where the peer is; where a call came from is not.
    if (direction === 'outbound') this.#dialer.remember(peerIdOf(remotePeer), [withoutPeer(remoteAddr.toString())])
  }

  #onConnect(id: Libp2pPeerId): void {
    const peer = peerIdOf(id)
    this.#peers.set(peer, id)
    this.#measure(id)
    for (const { connected } of [...this.#listeners]) connected?.(peer)
  }

  #onDisconnect(id: Libp2pPeerId): void {
    const peer = peerIdOf(id)
    this.#peers.delete(peer)
    this.#dialer.lost(peer)
    for (const { disconnected } of [...this.#listeners]) disconnected?.(peer)
    // Addresses are kept by the dialer, within bounds; libp2p would keep every stranger that ever called.
    this.#node.peerStore.delete(id).catch((error) => {
      this.#components.log.debug('a peer was not forgotten', { peer, why: messageOf(error) })
    })
  }

  /** The first round trip; from then on libp2p measures by itself. */
  #measure(id: Libp2pPeerId): void {
    const [connection] = this.#node.getConnections(id)
    this.#node.services.ping.ping(id).then(
      (ms) => {
        if (connection !== undefined) connection.rtt ??= ms
      },
      () => undefined, // Gone again: others notice.
    )
  }

  async #dial(addresses: readonly string[], peer: PeerId | undefined, signal: AbortSignal): Promise<PeerId> {
    const suffix = peer === undefined ? '' : `/p2p/${peer}`
    const targets = addresses.map((address) => multiaddr(`${address}${suffix}`))
    try {
      const connection = await withDeadline(this.#components.clock, DIAL_MS, signal, (deadline) =>
        this.#node.dial(targets, { signal: deadline }),
      )
      return peerIdOf(connection.remotePeer)
    } catch (error) {
      if (messageOf(error).includes('dial self')) return this.self
      throw messageOf(error).includes(OTHER_PROLOGUE) ? stranger(error) : error
    }
  }

  #callable(addresses: readonly string[]): readonly string[] {
    const networks = Object.values(networkInterfaces()).flatMap((cards) => cards ?? [])
    return callableAddresses(addresses, this.addresses(), networks)
  }
}

/** What a failed attempt to open a stream says about its connection; anything else is the stream's own bad luck. */
const OPEN_FAILURES: Readonly<Record<string, 'unknown' | 'zombie' | 'silent'>> = {
  UnsupportedProtocolError: 'unknown',
  ConnectionClosedError: 'zombie',
  MuxerClosedError: 'zombie',
  MuxerUnavailableError: 'zombie',
  TimeoutError: 'silent',
  AbortError: 'silent',
}

/** What Noise says when the other side mixed something else into the handshake than we did. */
const OTHER_PROLOGUE = 'handshake stage 1 validation fail'

function stranger(cause: unknown): Error {
  return new Error('it has another mesh key, or is of a version that we do not understand', { cause })
}

function protocolUnknown(protocol: string, cause: unknown): MeshError {
  return new MeshError({ code: 'MESH_PROTOCOL_UNKNOWN', protocol }, `the peer does not speak ${protocol}`, { cause })
}

function sessionLost(peer: PeerId, cause: unknown): MeshError {
  return new MeshError({ code: 'MESH_SESSION_LOST', peer }, 'the session was lost', { cause })
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : ''
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}
