import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TRANSFER_CHUNK_BYTES } from '../../../src/base/limits.ts'
import { MeshError, type PeerId } from '../../../src/protocols/mesh.ts'
import { receiveBytes, sendBytes, TransferError } from '../../../src/protocols/transfer.ts'
import { seededBuffer } from '../launcher/seeded-bytes.ts'
import { sessionPair } from '../status/session-pair.ts'

const A = 'a' as PeerId
const B = 'b' as PeerId

function code(expected: string): (error: unknown) => boolean {
  return (error) => (error instanceof TransferError || error instanceof MeshError) && error.reason.code === expected
}

for (const size of [
  0,
  1,
  TRANSFER_CHUNK_BYTES - 1,
  TRANSFER_CHUNK_BYTES,
  TRANSFER_CHUNK_BYTES + 1,
  3 * TRANSFER_CHUNK_BYTES,
]) {
  test(`${size} bytes arrive as they were`, async () => {
    const { toA, toB } = sessionPair(A, B)
    const bytes = seededBuffer(size, size)
    const [received] = await Promise.all([receiveBytes(toA, size), sendBytes(toB, bytes)])
    assert.ok(Buffer.from(received).equals(bytes))
  })
}

test('contents travel in frames of the agreed size, and nothing in none', async () => {
  const { toA, toB } = sessionPair(A, B)
  const sent = sendBytes(toB, Buffer.alloc(2 * TRANSFER_CHUNK_BYTES + 5)).then(() => toB.close())
  const sizes: number[] = []
  for (let frame = await toA.read(TRANSFER_CHUNK_BYTES); frame !== undefined; ) {
    sizes.push(frame.length)
    frame = await toA.read(TRANSFER_CHUNK_BYTES)
  }
  await sent
  assert.deepEqual(sizes, [TRANSFER_CHUNK_BYTES, TRANSFER_CHUNK_BYTES, 5])
})

test('a peer that ends before all has come is told from one that sent it', async () => {
  const { toA, toB } = sessionPair(A, B)
  const receiving = receiveBytes(toA, 10)
  await toB.write(Buffer.alloc(7))
  await toB.close()
  await assert.rejects(receiving, (error: unknown) => {
    assert.ok(error instanceof TransferError)
    assert.deepEqual(error.reason, { code: 'TRANSFER_CUT_SHORT', missingBytes: 3 })
    return true
  })
})

test('a peer that sends empty frames for ever is stopped at the first', async () => {
  const { toA, toB } = sessionPair(A, B)
  const receiving = receiveBytes(toA, 10)
  await toB.write(new Uint8Array())
  await assert.rejects(receiving, code('TRANSFER_EMPTY_FRAME'))
})

test('a frame with more than is missing is refused', async () => {
  const { toA, toB } = sessionPair(A, B)
  const receiving = receiveBytes(toA, 10)
  await toB.write(Buffer.alloc(11)).catch(() => undefined) // The other side may have let go of it by then.
  await assert.rejects(receiving, code('MESH_FRAME_TOO_LONG'))
})

test('who stops waiting gets the reason', async () => {
  const { toA } = sessionPair(A, B)
  const controller = new AbortController()
  const receiving = receiveBytes(toA, 10, controller.signal)
  controller.abort(new Error('no longer wanted'))
  await assert.rejects(receiving, /no longer wanted/)
})
