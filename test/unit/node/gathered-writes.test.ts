import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConnectionEncrypter, MessageStream, SecuredConnection } from '@libp2p/interface'
import { Uint8ArrayList } from 'uint8arraylist'
import { withGatheredWrites } from '../../../src/node/gathered-writes.ts'

/** A stream that writes down what is sent over it, and in how many pieces. */
class NotedStream {
  readonly sent: string[] = []
  status = 'open'
  writableNeedsDrain = false
  broken = false

  send(data: Uint8Array | Uint8ArrayList): boolean {
    if (this.broken) throw new Error('it is broken')
    if (this.status !== 'open') throw new Error(`it is ${this.status}`)
    this.sent.push(data instanceof Uint8Array ? `whole ${data.join(' ')}` : `list of ${data.byteLength}`)
    return true
  }

  async close(): Promise<void> {
    this.sent.push('closed')
    this.status = 'closed'
  }

  abort(): void {
    this.status = 'aborted'
  }
}

/** The two sides of an encrypter: what it is given to write to, and what is to be written to it. */
async function secured(way: 'secureInbound' | 'secureOutbound') {
  const [under, over] = [new NotedStream(), new NotedStream()]
  let plain: MessageStream | undefined
  const secure = async (connection: MessageStream) => {
    plain = connection
    return { connection: over as unknown as MessageStream } as SecuredConnection
  }
  const encrypter: ConnectionEncrypter = { protocol: '/plain', secureInbound: secure, secureOutbound: secure }
  const { connection } = await withGatheredWrites(() => encrypter)(undefined)[way](under as unknown as MessageStream)
  assert.ok(plain !== undefined)
  return { plain, under, connection, over }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

for (const way of ['secureInbound', 'secureOutbound'] as const) {
  test(`${way}: a message of several pieces leaves as one`, async () => {
    const { plain, under } = await secured(way)
    plain.send(new Uint8ArrayList(Uint8Array.of(1, 2), Uint8Array.of(3)))
    assert.deepEqual(under.sent, ['whole 1 2 3'])
  })

  test(`${way}: what is whole already, or too large to copy, stays as it is`, async () => {
    const { plain, under } = await secured(way)
    plain.send(Uint8Array.of(7))
    plain.send(new Uint8ArrayList(new Uint8Array(30_000), new Uint8Array(30_000)))
    assert.deepEqual(under.sent, ['whole 7', 'list of 60000'])
  })

  test(`${way}: what is sent in one turn of the event loop is encrypted together`, async () => {
    const { connection, over } = await secured(way)
    connection.send(Uint8Array.of(1))
    await Promise.resolve()
    connection.send(new Uint8ArrayList(Uint8Array.of(2), Uint8Array.of(3)))
    await turn()
    connection.send(Uint8Array.of(4))
    await turn()
    assert.deepEqual(over.sent, ['list of 3', 'list of 1'])
  })
}

test('what waits is sent before the end', async () => {
  const { connection, over } = await secured('secureOutbound')
  connection.send(Uint8Array.of(1, 2))
  await connection.close()
  await turn()
  assert.deepEqual(over.sent, ['list of 2', 'closed'])
})

test('what waits when a connection breaks is forgotten, and what comes later is refused', async () => {
  const { connection, over } = await secured('secureOutbound')
  connection.send(Uint8Array.of(1))
  connection.abort(new Error('gone'))
  await turn()
  assert.deepEqual(over.sent, [])
  assert.throws(() => connection.send(Uint8Array.of(2)), /it is aborted/)
})

test('a connection that cannot send after all is given up', async () => {
  const { connection, over } = await secured('secureOutbound')
  connection.send(Uint8Array.of(1))
  over.broken = true
  await turn()
  assert.equal(over.status, 'aborted')
})
