import { Socket } from 'node:net'
import type { ConnectionEncrypter, MessageStream } from '@libp2p/interface'
import { withChanges } from './wrapped-encrypter.ts'
import { gatherWrites } from './write-gathering.ts'

/**
 * The same encrypter, but what it sends at once leaves in one write. Noise hands over lengths and ciphertexts as pieces of a
 * list, and the TCP transport writes piece by piece: each would be a system call, a packet and a wake-up of the peer.
 * So would each message of those that answer one event: a request, what goes with it, a window that is opened.
 */
export function withGatheredWrites<Components, Encrypter extends ConnectionEncrypter>(
  create: (components: Components) => Encrypter,
): (components: Components) => Encrypter {
  return withChanges(create, { plain: gathering })
}

function gathering(connection: MessageStream): MessageStream {
  const send = connection.send.bind(connection)
  const gather =
    'socket' in connection && connection.socket instanceof Socket ? gatherWrites(connection.socket) : undefined
  connection.send = (data) => {
    gather?.()
    return send(data instanceof Uint8Array || data.byteLength > GATHERED_MAX_BYTES ? data : data.subarray())
  }
  return connection
}

/** Larger messages are few pieces of 64 KiB each: copying them together costs more than it saves. Measured. */
const GATHERED_MAX_BYTES = 32 * 1024
