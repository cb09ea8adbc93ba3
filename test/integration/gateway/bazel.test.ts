import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { sha256 } from '../../../src/base/digest.ts'
import { ENTRY_MAX_BYTES } from '../../../src/base/limits.ts'
import { eventually } from '../../lan/lab/eventually.ts'
import { BazelClient } from './bazel-client.ts'
import { startGatewayNode, startTwoNodes } from './gateway-node.ts'

/** An action result names its outputs by digest; to a cache it is bytes. */
const ACTION = sha256('an action')
const OUTPUT = Buffer.alloc(3_000_000, 'object code')
const RESULT = Buffer.from([0x12, 0x40, ...Buffer.from(sha256(OUTPUT))])

/** What Bazel takes for stored. */
const STORED = [200, 201, 202, 204]

suite('Bazel, over the gateway', () => {
  for (const prefix of ['', '/cache/bazel']) {
    test(`hits what another build made${prefix && `, below ${prefix}`}`, async (t) => {
      const node = await startGatewayNode(t)
      const first = new BazelClient(t, node.httpPort, prefix)
      assert.equal((await first.download('ac', ACTION)).status, 404)
      assert.ok(STORED.includes((await first.upload('cas', sha256(OUTPUT), OUTPUT)).status))
      assert.ok(STORED.includes((await first.upload('ac', ACTION, RESULT)).status))

      const second = new BazelClient(t, node.httpPort, prefix)
      const result = await second.download('ac', ACTION)
      assert.equal(result.status, 200)
      assert.deepEqual(result.body, RESULT)
      const output = await second.download('cas', sha256(OUTPUT))
      assert.equal(output.status, 200)
      // It takes no reply that tells neither its length nor that it comes in chunks.
      assert.equal(output.headers['content-length'], String(OUTPUT.length))
      assert.ok(output.body.equals(OUTPUT))
    })
  }

  test('hits through one node what was built beside another, and sees what replaced it', async (t) => {
    const [one, other] = await startTwoNodes(t)
    const [first, second] = [new BazelClient(t, one.httpPort), new BazelClient(t, other.httpPort)]
    await first.upload('cas', sha256(OUTPUT), OUTPUT)
    for (const [from, to, result] of [
      [first, second, RESULT],
      [second, first, Buffer.from('another result')],
    ] as const) {
      // A node offers once what it was given; a busy home may not take it in time.
      await eventually('the other node gives it', 20_000, async () => {
        await from.upload('ac', ACTION, result)
        return (await to.download('ac', ACTION)).body.equals(result)
      })
    }
    const output = await eventually('the other node gives the output', 20_000, async () => {
      const { status, body } = await second.download('cas', sha256(OUTPUT))
      return status === 200 && body
    })
    assert.ok(output.equals(OUTPUT))
  })

  test('is told that what it uploads is not what it says, and goes on', async (t) => {
    const node = await startGatewayNode(t)
    const client = new BazelClient(t, node.httpPort)
    const reply = await client.upload('cas', sha256('other'), OUTPUT)
    assert.equal(reply.status, 400)
    assert.ok(reply.body.length < 10_000, 'it reads no longer words')
    assert.equal((await client.download('cas', sha256('other'))).status, 404)
  })

  test('is told that an output is too large, in the middle of sending it, and goes on', async (t) => {
    const node = await startGatewayNode(t)
    const client = new BazelClient(t, node.httpPort)
    const reply = await client.upload('cas', sha256('huge'), Buffer.alloc(ENTRY_MAX_BYTES + 1))
    assert.equal(reply.status, 413)
    assert.equal((await client.download('ac', ACTION)).status, 404)
  })

  test('keeps what it stored when the node starts anew', async (t) => {
    const node = await startGatewayNode(t)
    await new BazelClient(t, node.httpPort).upload('cas', sha256(OUTPUT), OUTPUT)
    await node.stop()
    const next = await startGatewayNode(t, {}, node.home)
    assert.ok((await new BazelClient(t, next.httpPort).download('cas', sha256(OUTPUT))).body.equals(OUTPUT))
  })
})
