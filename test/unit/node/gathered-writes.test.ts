import assert from 'node:assert/strict'
import { Socket } from 'node:net'
import { test } from 'node:test'
import type { ConnectionEncrypter, MessageStream, SecuredConnection } from '@libp2p/interface'
import { Uint8ArrayList } from 'uint8arraylist'
import { withGatheredWrites } from '../../../src/node/gathered-writes.ts'

/** A connection that writes down how many pieces each message came in, secured both ways. */
async function pieces(messages: readonly (Uint8Array | Uint8ArrayList)[]): Promise<readonly string[]> {
  const sent: string[] = []
  const send = (data: Uint8Array | Uint8ArrayList) => {
    sent.push(data instanceof Uint8Array ? `whole ${data.join(' ')}` : `list of ${data.byteLength}`)
    return true
  }
  const secured: MessageStream[] = []
  const secure = async (connection: MessageStream) => {
    secured.push(connection)
    return {} as SecuredConnection
  }
  const plain: ConnectionEncrypter = { protocol: '/plain', secureInbound: secure, secureOutbound: secure }
  const encrypter = withGatheredWrites(() => plain)(undefined)
  await encrypter.secureOutbound({ send } as MessageStream)
  await encrypter.secureInbound({ send } as MessageStream)
  for (const connection of secured) for (const message of messages) connection.send(message)
  return sent
}

test('a message of several pieces leaves as one, whoever began the connection', async () => {
  const message = new Uint8ArrayList(Uint8Array.of(1, 2), Uint8Array.of(3))
  assert.deepEqual(await pieces([message]), ['whole 1 2 3', 'whole 1 2 3'])
})

test('what is whole already, or too large to copy, stays as it is', async () => {
  const large = new Uint8ArrayList(new Uint8Array(30_000), new Uint8Array(30_000))
  assert.deepEqual((await pieces([Uint8Array.of(7), large])).slice(0, 2), ['whole 7', 'list of 60000'])
})

test('messages of one turn of the event loop leave the socket together', async () => {
  const socket = new Socket()
  const corks: number[] = []
  const send = () => {
    corks.push(socket.writableCorked)
    return true
  }
  let secured: MessageStream | undefined
  const secure = async (connection: MessageStream) => {
    secured = connection
    return {} as SecuredConnection
  }
  const plain: ConnectionEncrypter = { protocol: '/plain', secureInbound: secure, secureOutbound: secure }
  await withGatheredWrites(() => plain)(undefined).secureOutbound({ send, socket } as unknown as MessageStream)
  secured?.send(Uint8Array.of(1))
  secured?.send(Uint8Array.of(2))
  assert.deepEqual(corks, [1, 1])
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(socket.writableCorked, 0)
})
