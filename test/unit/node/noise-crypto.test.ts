import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { pureJsCrypto } from '@chainsafe/libp2p-noise'
import { Uint8ArrayList } from 'uint8arraylist'
import { keyedCrypto } from '../../../src/node/noise-crypto.ts'

const KEY = randomBytes(32)
const NONCE = randomBytes(12)
const NOTHING = new Uint8Array()
const crypto = keyedCrypto()

function listOf(...pieces: Uint8Array[]): Parameters<typeof crypto.chaCha20Poly1305Encrypt>[0] {
  return new Uint8ArrayList(...pieces) as unknown as Uint8Array
}

for (const bytes of [0, 1, 511, 512, 1500, 65_519]) {
  describe(`a message of ${bytes} bytes`, () => {
    const text = randomBytes(bytes)
    const expected = pureJsCrypto.chaCha20Poly1305Encrypt(text, NONCE, NOTHING, KEY).subarray()
    const half = bytes >> 1
    // The library's own kind of list differs from ours in its version only.
    const inPieces = (whole: Uint8Array) => listOf(whole.subarray(0, half), whole.subarray(half))

    test('is encrypted as others do', () => {
      for (const given of [text, inPieces(text)]) {
        const made = crypto.chaCha20Poly1305Encrypt(given, NONCE, NOTHING, KEY).subarray()
        assert.deepEqual(Buffer.from(made), Buffer.from(expected))
      }
    })

    test('is decrypted, whole or in pieces, also where the tag is torn apart', () => {
      const torn = listOf(expected.subarray(0, -5), expected.subarray(-5))
      for (const given of [expected, inPieces(expected), torn]) {
        const read = crypto.chaCha20Poly1305Decrypt(given, NONCE, NOTHING, KEY).subarray()
        assert.deepEqual(Buffer.from(read), text)
      }
    })

    test('is refused when a bit of it, its tag, its key or its number is another', () => {
      for (const at of [0, expected.length - 1]) {
        const damaged = Uint8Array.from(expected, (byte, index) => (index === at ? byte ^ 1 : byte))
        assert.throws(() => crypto.chaCha20Poly1305Decrypt(damaged, NONCE, NOTHING, KEY))
      }
      assert.throws(() => crypto.chaCha20Poly1305Decrypt(expected, NONCE, NOTHING, randomBytes(32)))
      assert.throws(() => crypto.chaCha20Poly1305Decrypt(expected, randomBytes(12), NOTHING, KEY))
    })
  })
}
