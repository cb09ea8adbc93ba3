import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { sha256 } from '../../../../src/base/digest.ts'
import { BLOB_RECENT_MAX_BYTES, ENTRY_MAX_BYTES } from '../../../../src/base/limits.ts'
import { KIB } from '../../cache/cache-bench.ts'
import { GatewayBench } from './gateway-bench.ts'

const HASH = sha256('some action')
const OBJECT = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0xff, 0xfe])

suite('the gateway', () => {
  test('gives back what was put, to the byte, and says how long it is', async () => {
    const bench = await GatewayBench.started()
    const put = await bench.put('/cache/ccache/ab/cdef', OBJECT, { 'content-type': 'application/octet-stream' })
    assert.equal(put.statusCode, 201)
    const got = await bench.ask('GET', '/cache/ccache/ab/cdef')
    assert.equal(got.statusCode, 200)
    assert.deepEqual(got.rawPayload, OBJECT)
    assert.equal(got.headers['content-type'], 'application/octet-stream')
    assert.equal(got.headers['x-content-type-options'], 'nosniff')
    const head = await bench.ask('HEAD', '/cache/ccache/ab/cdef')
    assert.equal(head.statusCode, 200)
    assert.equal(head.headers['content-length'], String(OBJECT.length))
    assert.equal(head.rawPayload.length, 0)
  })

  test('takes any body for bytes: of no type, of one that would be parsed, empty', async () => {
    const bench = await GatewayBench.started()
    const bodies: readonly [string, string, Record<string, string>][] = [
      ['/cache/x/none', 'words', {}],
      ['/cache/x/json', '{ not json', { 'content-type': 'application/json' }],
      ['/cache/x/empty', '', { 'content-length': '0' }],
    ]
    for (const [url, body, headers] of bodies) {
      assert.equal((await bench.put(url, body, headers)).statusCode, 201, url)
      assert.equal(await bench.get(url), body, url)
    }
  })

  test('knows nothing of what was not put', async () => {
    const bench = await GatewayBench.started()
    await bench.put('/cache/x/here', 'here')
    for (const method of ['GET', 'HEAD', 'DELETE', 'PROPFIND']) {
      assert.equal((await bench.ask(method, '/cache/x/there')).statusCode, 404, method)
    }
  })

  test('keeps the last of what is put under a name, across a restart too', async () => {
    const bench = await GatewayBench.started()
    for (const words of ['first', 'second', 'second', 'third', 'first']) {
      assert.equal((await bench.put(`/ac/${HASH}`, words)).statusCode, 201)
      assert.equal(await bench.get(`/ac/${HASH}`), words)
    }
    await bench.bench.restart()
    const files = [...bench.bench.disk.files.keys()].filter((path) => path.includes('/results/'))
    assert.equal(files.length, 1, 'one name is one result')
  })

  test('forgets what is deleted, until it is put again', async () => {
    const bench = await GatewayBench.started()
    await bench.put('/cache/x/y', 'words')
    assert.equal((await bench.ask('DELETE', '/cache/x/y')).statusCode, 204)
    assert.equal(await bench.get('/cache/x/y'), 404)
    assert.equal((await bench.ask('DELETE', '/cache/x/y')).statusCode, 404)
    await bench.put('/cache/x/y', 'words')
    assert.equal(await bench.get('/cache/x/y'), 'words')
  })

  test('keeps under a digest only what has it', async () => {
    const bench = await GatewayBench.started()
    const right = `/cas/${sha256('content')}`
    assert.equal((await bench.put(right, 'other')).statusCode, 400)
    assert.equal(await bench.get(right), 404)
    assert.equal((await bench.put(right, 'content')).statusCode, 201)
    assert.equal(await bench.get(right), 'content')
  })

  test('gives nothing rather than what was damaged on disk', async () => {
    const bench = await GatewayBench.started('loopback', 2 * BLOB_RECENT_MAX_BYTES)
    const large = Buffer.alloc(BLOB_RECENT_MAX_BYTES + 1, 'words') // More than is kept in memory.
    assert.equal((await bench.put('/cache/x/y', large)).statusCode, 201)
    for (const [path, file] of bench.bench.disk.files) if (path.includes('/blobs/')) file.bytes.set([1], 7)
    assert.equal(await bench.get('/cache/x/y'), 404)
  })

  test('says that the cache is too small, or its disk full', async () => {
    const bench = await GatewayBench.started('loopback', 64 * KIB)
    assert.equal((await bench.put('/cache/x/large', Buffer.alloc(65 * KIB))).statusCode, 507)
    bench.bench.disk.fate = (operation) => (operation === 'write' ? 'full' : 'done')
    assert.equal((await bench.put('/cache/x/y', 'words')).statusCode, 507)
    assert.equal(await bench.get('/cache/x/y'), 404)
  })

  test('wants to know how long an entry is, and takes none that is too long', async () => {
    const bench = await GatewayBench.started()
    const untold = await bench.ask('PUT', '/cache/x/y', { headers: { 'transfer-encoding': 'chunked' } })
    assert.equal(untold.statusCode, 411)
    const long = await bench.put('/cache/x/y', 'words', { 'content-length': String(ENTRY_MAX_BYTES + 1) })
    assert.equal(long.statusCode, 413)
    const lies = await bench.put('/cache/x/y', 'words', { 'content-length': '4' })
    assert.equal(lies.statusCode, 400)
    assert.equal(await bench.get('/cache/x/y'), 404)
  })

  test('refuses names that it could not keep apart', async () => {
    const bench = await GatewayBench.started()
    for (const url of ['/cache/x%2fy', '/cache/x?y', '/cache//x', '/ac/short']) {
      assert.equal((await bench.put(url, 'words')).statusCode, 400, url)
    }
  })

  test('has all folders, and makes any', async () => {
    const bench = await GatewayBench.started()
    const found = await bench.ask('PROPFIND', '/cache/sccache/a/b/', { headers: { depth: '0' }, payload: '<x/>' })
    assert.equal(found.statusCode, 207)
    assert.match(found.body, /<D:href>\/cache\/sccache\/a\/b\/<\/D:href>.*<D:collection\/>.*HTTP\/1\.1 200 OK/)
    assert.equal((await bench.ask('MKCOL', '/cache/sccache/a/b/')).statusCode, 201)
  })

  test('tells WebDAV clients how long an entry is, and since when it is there', async () => {
    const bench = await GatewayBench.started()
    await bench.put('/cache/x/y', 'words')
    const found = await bench.ask('PROPFIND', '/cache/x/y')
    assert.equal(found.statusCode, 207)
    assert.match(found.body, /<D:resourcetype\/><D:getcontentlength>5<\/D:getcontentlength>/)
    assert.match(found.body, /<D:getlastmodified>\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT<\/D:getlastmodified>/)
  })

  test('says which methods there are', async () => {
    const bench = await GatewayBench.started()
    const allowed: readonly [string, string, string][] = [
      ['POST', '/cache/x/y', 'GET, HEAD, PUT, DELETE, PROPFIND'],
      ['MKCOL', '/cache/x/y', 'GET, HEAD, PUT, DELETE, PROPFIND'],
      ['OPTIONS', `/cas/${HASH}`, 'GET, HEAD, PUT, DELETE, PROPFIND'],
      ['GET', '/cache/x/', 'PROPFIND, MKCOL'],
      ['PUT', '/cache', 'PROPFIND, MKCOL'],
    ]
    for (const [method, url, methods] of allowed) {
      const reply = await bench.ask(method, url)
      assert.equal(reply.statusCode, 405, `${method} ${url}`)
      assert.equal(reply.headers['allow'], methods)
    }
  })

  test('leaves the pages as they are', async () => {
    const bench = await GatewayBench.started()
    assert.equal((await bench.ask('GET', '/workers')).statusCode, 200)
    for (const method of ['PUT', 'PROPFIND', 'MKCOL']) {
      assert.equal((await bench.ask(method, '/workers')).statusCode, 405)
    }
    assert.equal((await bench.ask('GET', '/nowhere')).statusCode, 404)
  })

  test('counts as a use of the node', async () => {
    const bench = await GatewayBench.started()
    await bench.get('/cache/x/y')
    assert.equal(bench.used, 1)
    await bench.ask('GET', '/workers')
    assert.equal(bench.used, 1)
  })
})
