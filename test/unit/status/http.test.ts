import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { suite, test } from 'node:test'
import { StatusStartError, startStatusServer } from '../../../src/status/http.ts'
import { statusPages } from '../../../src/status/http-pages.ts'

const app = statusPages({ page: async (path) => ({ view: 'coordinator', json: JSON.stringify({ path }) }), also: [] })
const LOCAL = { host: 'localhost:8080' }

suite('the status pages', () => {
  test('show the mesh as JSON, and whose view it is', async () => {
    for (const url of ['/status', '/workers']) {
      const reply = await app.inject({ url, headers: LOCAL })
      assert.equal(reply.statusCode, 200)
      assert.deepEqual(reply.json(), { path: url })
      assert.match(String(reply.headers['content-type']), /^application\/json/)
      assert.equal(reply.headers['x-hybridgrid-view'], 'coordinator')
    }
  })

  test('say that the node is well', async () => {
    const reply = await app.inject({ url: '/healthz', headers: LOCAL })
    assert.equal(reply.statusCode, 200)
    assert.deepEqual(reply.json(), { ok: true })
  })

  test('are not for a page of the web that points its name at us', async () => {
    const rebound = await app.inject({ url: '/workers', headers: { host: 'evil.example' } })
    const foreign = await app.inject({ url: '/workers', headers: { ...LOCAL, origin: 'https://evil.example' } })
    for (const reply of [rebound, foreign]) {
      assert.equal(reply.statusCode, 403)
      assert.doesNotMatch(reply.body, /path/)
    }
  })

  test('are only read', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const) {
      const reply = await app.inject({ method, url: '/workers', headers: LOCAL, payload: '{}' })
      assert.equal(reply.statusCode, 405, method)
      assert.equal(reply.headers['allow'], 'GET, HEAD')
    }
    assert.equal((await app.inject({ method: 'HEAD', url: '/workers', headers: LOCAL })).statusCode, 200)
  })

  test('are not kept, embedded or run by others, not even where there is none', async () => {
    for (const url of ['/workers', '/nowhere']) {
      const { headers } = await app.inject({ url, headers: LOCAL })
      assert.equal(headers['cache-control'], 'no-store')
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.match(String(headers['content-security-policy']), /default-src 'none'/)
      assert.equal(headers['access-control-allow-origin'], undefined)
    }
  })

  test('name each other where there is none', async () => {
    const reply = await app.inject({ url: '/nowhere', headers: LOCAL })
    assert.equal(reply.statusCode, 404)
    assert.deepEqual(reply.json(), { error: 'no such page', pages: ['/healthz', '/status', '/workers'] })
  })

  test('tell nothing of a fault', async () => {
    const faulty = statusPages({ page: () => Promise.reject(new Error('secret')), also: [] })
    const reply = await faulty.inject({ url: '/status', headers: LOCAL })
    assert.equal(reply.statusCode, 500)
    assert.doesNotMatch(reply.body, /secret/)
  })

  test('say where they cannot be served, and what to do', async () => {
    const page = () => Promise.reject(new Error('nobody asks'))
    // RFC 5737 keeps this address for examples: no machine has it.
    await assert.rejects(startStatusServer({ page, also: [] }, { host: '192.0.2.1', port: 0 }), (error: unknown) => {
      assert.ok(error instanceof StatusStartError)
      assert.equal(error.reason.code, 'STATUS_HOST_FOREIGN')
      assert.match(error.message, /192\.0\.2\.1 is not an address of this machine\n {2}hint: .*--http-host/)
      return true
    })
  })

  test('move to another port when theirs is taken', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    assert(typeof address === 'object' && address !== null)
    const page = async () => ({ view: 'own', json: '[]' }) as const
    const server = await startStatusServer({ page, also: [] }, { host: '127.0.0.1', port: address.port })
    try {
      assert.notEqual(server.port, address.port)
      const reply = await fetch(`http://127.0.0.1:${server.port}/workers`)
      assert.deepEqual(await reply.json(), [])
    } finally {
      await server.stop()
      await server.stop()
      other.close()
    }
  })
})
