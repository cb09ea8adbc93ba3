import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import type { PrivateKey } from '@libp2p/interface'
import type { MulticastDNSComponents } from '@libp2p/mdns'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import type { Libp2pOptions } from 'libp2p'
import {
  ADDRESSES_PER_PEER_MAX,
  CONNECTION_UPGRADE_MS,
  CONNECTIONS_MAX,
  CONNECTIONS_PENDING_MAX,
  CONNECTIONS_PER_HOST_SECOND_MAX,
  DIAL_ADDRESS_MS,
  DIAL_MS,
  EARLY_STREAMS_MAX,
  PEERS_MAX,
  SESSION_OPEN_MS,
  STREAM_WINDOW_BYTES,
  STREAMS_PER_CONNECTION_MAX,
} from '../base/limits.ts'
import { announcedAddresses, isNearby } from './discovery-addresses.ts'
import { withGatheredWrites } from './gathered-writes.ts'
import { keyedCrypto } from './noise-crypto.ts'
import { withQuietDecoder } from './quiet-decoder.ts'

export interface Libp2pSettings {
  readonly privateKey: PrivateKey
  readonly host: string
  readonly port: number
  /** Undefined: open to the local network. */
  readonly meshKey: Uint8Array | undefined
}

/** Everything that both ends must agree on before they say a word; a peer that differs is refused in the handshake. */
export const WIRE_VERSION = `hybridgrid/1 window=${STREAM_WINDOW_BYTES}`

/** What the handshake is bound to: who lacks the mesh key can neither read nor write the rest of it. */
export function handshakePrologue(meshKey: Uint8Array | undefined): Uint8Array {
  return createHash('sha256')
    .update(`${WIRE_VERSION}\0`)
    .update(meshKey ?? new Uint8Array())
    .digest()
}

/** How libp2p is set up here. */
export function libp2pOptions({ privateKey, host, port, meshKey }: Libp2pSettings) {
  const socket = { noDelay: true, keepAlive: true }
  return {
    start: false,
    privateKey,
    nodeInfo: { name: 'hybridgrid' },
    addresses: {
      listen: [`/${isIP(host) === 6 ? 'ip6' : 'ip4'}/${host}/tcp/${port}`],
      announceFilter: announcedAddresses,
    },
    transports: [tcp({ dialOpts: socket, listenOpts: socket })],
    connectionEncrypters: [
      withQuietDecoder(withGatheredWrites(noise({ prologueBytes: handshakePrologue(meshKey), crypto: keyedCrypto() }))),
    ],
    streamMuxers: [
      yamux({
        maxEarlyStreams: EARLY_STREAMS_MAX, // The default of 10 ends a connection on which a burst of jobs begins.
        maxInboundStreams: STREAMS_PER_CONNECTION_MAX,
        maxOutboundStreams: STREAMS_PER_CONNECTION_MAX,
        streamOptions: {
          // Each side takes its own value for the other's: they must be equal everywhere, hence WIRE_VERSION.
          initialStreamWindowSize: STREAM_WINDOW_BYTES,
          maxStreamWindowSize: STREAM_WINDOW_BYTES,
          // A paused stream holds a whole window, and nobody reads before negotiation is over.
          maxReadBufferLength: 4 * STREAM_WINDOW_BYTES,
        },
      }),
    ],
    connectionGater: {
      denyDialMultiaddr: () => false,
      // Without a key the mesh is open to the local network, not to the world.
      denyInboundConnection: ({ remoteAddr }) => meshKey === undefined && !isNearby(remoteAddr),
    },
    connectionManager: {
      maxConnections: CONNECTIONS_MAX,
      maxIncomingPendingConnections: CONNECTIONS_PENDING_MAX,
      inboundConnectionThreshold: CONNECTIONS_PER_HOST_SECOND_MAX,
      inboundUpgradeTimeout: CONNECTION_UPGRADE_MS,
      dialTimeout: DIAL_MS,
      addressDialTimeout: DIAL_ADDRESS_MS,
      maxPeerAddrsToDial: ADDRESSES_PER_PEER_MAX,
      maxDialQueueLength: PEERS_MAX,
      addressSorter: () => 0, // They come in the right order.
      inboundStreamProtocolNegotiationTimeout: SESSION_OPEN_MS,
      outboundStreamProtocolNegotiationTimeout: SESSION_OPEN_MS,
      reconnectRetries: 0, // The dialer does that, without giving up.
    },
    // Measures round trips, and ends connections whose peer is gone; announcements notice that sooner.
    connectionMonitor: { pingInterval: 10_000 },
    services: {
      identify: identify(),
      ping: ping(),
      /** What mDNS needs of libp2p. As a service of libp2p's own it would put what strangers say into the peer store. */
      parts: (forMdns: MulticastDNSComponents) => ({ forMdns }),
    },
  } satisfies Libp2pOptions
}
