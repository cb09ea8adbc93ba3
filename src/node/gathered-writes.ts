import { Socket } from 'node:net'
import type { ConnectionEncrypter, MessageStream, SecuredConnection } from '@libp2p/interface'
import { Uint8ArrayList } from 'uint8arraylist'
import { gatherWrites } from './write-gathering.ts'

/**
 * The same encrypter, but what it sends at once leaves in one write. Noise hands over lengths and ciphertexts as pieces of a
 * list, and the TCP transport writes piece by piece: each would be a system call, a packet and a wake-up of the peer.
 * So would each frame of those that answer one event: a request, what goes with it, a window that is opened. Those are
 * encrypted together, too.
 */
export function withGatheredWrites<Components, Encrypter extends ConnectionEncrypter>(
  create: (components: Components) => Encrypter,
): (components: Components) => Encrypter {
  return (components) => {
    const encrypter = create(components)
    const { secureInbound, secureOutbound } = encrypter
    encrypter.secureInbound = (connection, options) =>
      framesTogether(secureInbound.call(encrypter, gathering(connection), options))
    encrypter.secureOutbound = (connection, options) =>
      framesTogether(secureOutbound.call(encrypter, gathering(connection), options))
    return encrypter
  }
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

async function framesTogether<Secured extends SecuredConnection>(securing: Promise<Secured>): Promise<Secured> {
  const secured = await securing
  sendTogether(secured.connection)
  return secured
}

/** What is sent in one turn of the event loop is one message. */
function sendTogether(connection: MessageStream): void {
  const { send, close } = connection
  let waiting = new Uint8ArrayList()
  const flush = () => {
    const all = waiting
    waiting = new Uint8ArrayList()
    if (all.byteLength === 0 || connection.status !== 'open') return
    try {
      send.call(connection, all)
    } catch (error) {
      connection.abort(toError(error)) // Nobody is left to be told otherwise.
    }
  }
  connection.send = (data) => {
    if (connection.status !== 'open') return send.call(connection, data) // It says why that cannot be.
    if (waiting.byteLength === 0) process.nextTick(flush) // After all promises that are settled by now.
    waiting.append(data)
    return !connection.writableNeedsDrain
  }
  connection.close = (options) => {
    flush()
    return close.call(connection, options)
  }
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}
