import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { isLoopback, refusal } from '../../../../src/status/gateway/admission.ts'
import { GatewayBench } from './gateway-bench.ts'

suite('who may use the gateway', () => {
  for (const address of ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1']) {
    test(`${address} is this machine`, () => assert.equal(isLoopback(address), true))
  }

  for (const address of [
    undefined,
    '',
    '10.0.0.1',
    '::ffff:10.0.0.1',
    '::',
    '1127.0.0.1',
    '127.0.0.1.evil',
    'fe80::1',
  ]) {
    test(`${address} is not this machine`, () => assert.equal(isLoopback(address), false))
  }

  test('other machines only where they are let in', () => {
    const caller = { remoteAddress: '10.0.0.7', headers: {} }
    assert.match(refusal(caller, 'loopback') ?? '', /--cache-http any/)
    assert.equal(refusal(caller, 'any'), undefined)
  })

  for (const headers of [{ origin: 'http://localhost:8080' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }]) {
    test(`no page behind ${JSON.stringify(headers)}, not even a local one`, () => {
      assert.match(refusal({ remoteAddress: '127.0.0.1', headers }, 'any') ?? '', /web pages/)
    })
  }

  test('who types the URL', () => {
    assert.equal(refusal({ remoteAddress: '::1', headers: { 'sec-fetch-site': 'none' } }, 'loopback'), undefined)
  })
})

suite('who may not use the gateway', () => {
  const foreign: readonly [string, object][] = [
    ['another machine', { remoteAddress: '10.0.0.7' }],
    ['a page of the web', { headers: { origin: 'https://evil.example' } }],
    ['a page of the web that points its name at us', { headers: { host: 'evil.example' } }],
    ['a page of this machine', { headers: { origin: 'http://localhost:3000' } }],
  ]
  for (const [who, options] of foreign) {
    test(`neither reads nor writes nor counts as a use: ${who}`, async () => {
      const bench = await GatewayBench.started()
      await bench.put('/cache/x/secret', 'secret')
      const used = bench.used
      for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PROPFIND', 'MKCOL', 'POST', 'OPTIONS']) {
        const reply = await bench.ask(method, '/cache/x/secret', { ...options, payload: 'other' })
        assert.equal(reply.statusCode, 403, method)
        assert.doesNotMatch(reply.body, /secret/)
        assert.equal(reply.headers['access-control-allow-origin'], undefined)
      }
      assert.equal(bench.used, used)
      assert.equal(await bench.get('/cache/x/secret'), 'secret')
    })
  }
})
