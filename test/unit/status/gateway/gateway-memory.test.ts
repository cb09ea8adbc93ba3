import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { suite, test } from 'node:test'
import { ENTRIES_HELD_MAX_BYTES, ENTRY_MAX_BYTES } from '../../../../src/base/limits.ts'
import { GatewayBench } from './gateway-bench.ts'

/** As many as fit. */
const LARGEST = ENTRIES_HELD_MAX_BYTES / ENTRY_MAX_BYTES

suite('the memory of the gateway', () => {
  test('holds so much at once; more is to be asked for again', async () => {
    const { promise: mayRead, resolve: letRead } = Promise.withResolvers<Uint8Array>()
    const found = { bytes: ENTRY_MAX_BYTES, createdAt: 0, read: () => mayRead }
    const bench = GatewayBench.over({ find: async () => found, store: async () => true, remove: async () => true })
    const held = Array.from({ length: LARGEST }, () => bench.ask('GET', '/cache/x/large'))
    // Those before were asked in turn, so they hold what there is.
    const more = await bench.ask('GET', '/cache/x/large')
    assert.equal(more.statusCode, 503)
    assert.equal(more.headers['retry-after'], '1')
    const put = await bench.put('/cache/x/y', 'words')
    assert.equal(put.statusCode, 503)
    letRead(Buffer.from('large'))
    for (const reply of await Promise.all(held)) assert.equal(reply.statusCode, 200)
    assert.equal(await bench.get('/cache/x/large'), 'large')
  })

  test('is given back by a client that goes in the middle of an entry', async (t) => {
    const bench = await GatewayBench.started()
    await bench.app.listen({ host: '127.0.0.1', port: 0 })
    t.after(() => bench.app.close())
    const [address] = bench.app.addresses()
    assert.ok(typeof address === 'object')
    const gone = Array.from({ length: LARGEST }, async () => {
      const socket = connect(address.port, address.address)
      socket.write(`PUT /cache/x/large HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${ENTRY_MAX_BYTES}\r\n\r\nwords`)
      await new Promise((resolve) => socket.write('', resolve))
      return socket
    })
    const put = async () =>
      (await fetch(`http://127.0.0.1:${address.port}/cache/x/y`, { method: 'PUT', body: 'words' })).status
    while ((await put()) !== 503); // Until all of them hold what they said.
    for (const socket of await Promise.all(gone)) socket.destroy()
    while ((await put()) !== 201);
    assert.equal(await bench.get('/cache/x/large'), 404)
  })
})
