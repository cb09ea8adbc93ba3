import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { constants, zstdCompressSync } from 'node:zlib'
import { CompressionError, compress, decompress } from '../../../src/protocols/compression.ts'
import { seededBuffer } from '../launcher/seeded-bytes.ts'

const KIB = 1024
/** Both sides of the bound from which on the work goes to a thread. */
const SIZES = [0, 1, 64 * KIB - 1, 64 * KIB, 64 * KIB + 1, 3 * KIB * KIB]

function code(expected: string): (error: unknown) => boolean {
  return (error) => error instanceof CompressionError && error.reason.code === expected
}

suite('packing', () => {
  for (const size of SIZES) {
    test(`${size} bytes come back as they were, in a buffer of exactly that size`, async () => {
      const bytes = seededBuffer(size, size)
      assert.ok(Buffer.from(bytes).equals(await decompress(await compress(bytes), size)))
    })
  }

  test('what repeats itself becomes small', async () => {
    assert.ok((await compress(Buffer.alloc(1024 * KIB))).length < KIB)
  })
})

suite('unpacking bytes from outside', () => {
  for (const size of SIZES.slice(1)) {
    test(`${size} bytes where one less was agreed are too many`, async () => {
      await assert.rejects(decompress(await compress(Buffer.alloc(size)), size - 1), code('COMPRESSION_TOO_LARGE'))
    })
  }

  test('a bomb costs no more memory than was agreed', async () => {
    const bomb = zstdCompressSync(Buffer.alloc(256 * KIB * KIB))
    assert.ok(bomb.length < 64 * KIB)
    const before = process.memoryUsage.rss()
    await assert.rejects(decompress(bomb, KIB * KIB), code('COMPRESSION_TOO_LARGE'))
    assert.ok(process.memoryUsage.rss() - before < 128 * KIB * KIB)
  })

  test('a frame that wants a larger window than ours is refused', async () => {
    const params = { [constants.ZSTD_c_windowLog]: 24, [constants.ZSTD_c_enableLongDistanceMatching]: 1 }
    const greedy = zstdCompressSync(seededBuffer(1, 12 * KIB * KIB), { params })
    await assert.rejects(decompress(greedy, 12 * KIB * KIB), code('COMPRESSION_MALFORMED'))
  })

  for (const [what, bytes] of [
    ['noise', seededBuffer(2, 1000)],
    ['half a frame', zstdCompressSync(seededBuffer(3, 4000)).subarray(0, 2000)],
    ['nothing', new Uint8Array()],
  ] as const) {
    for (const maxBytes of [4 * KIB, KIB * KIB]) {
      test(`${what} is malformed, when ${maxBytes} bytes are agreed`, async () => {
        await assert.rejects(decompress(bytes, maxBytes), code('COMPRESSION_MALFORMED'))
      })
    }
  }
})
