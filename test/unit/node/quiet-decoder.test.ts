import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConnectionEncrypter, MessageStream } from '@libp2p/interface'
import { LengthPrefixedDecoder } from '@libp2p/utils'
import { withQuietDecoder } from '../../../src/node/quiet-decoder.ts'

/** As the library's: it throws where there is no length. */
function throwing(bytes: { readonly length: number; readonly byteLength: number; subarray(): Uint8Array }): number {
  if (bytes.byteLength < 2) throw new RangeError('no length')
  return Buffer.from(bytes.subarray()).readUInt16BE()
}

/** A connection as Noise makes them, after the handshake of `secure`. */
async function connection(side: 'secureInbound' | 'secureOutbound', decoder: unknown) {
  const made = { decoder } as unknown as MessageStream
  const encrypter = { [side]: async () => ({ connection: made }) } as unknown as ConnectionEncrypter
  const create = withQuietDecoder(() => encrypter)
  const secured = await create(undefined)[side]({} as never, {} as never)
  assert.equal(secured.connection, made)
  return decoder
}

function frame(text: string): Uint8Array {
  const bytes = Buffer.alloc(2 + text.length)
  bytes.writeUInt16BE(text.length)
  bytes.write(text, 2)
  return bytes
}

for (const side of ['secureInbound', 'secureOutbound'] as const) {
  test(`${side}: messages come as they would, however they are cut`, async () => {
    const texts = ['', 'a', 'hello', 'x'.repeat(60_000)]
    const all = Buffer.concat(texts.map(frame))
    for (const size of [1, 2, 3, 7, 65_535, all.length]) {
      let threw = 0
      const lengthDecoder = (bytes: Parameters<typeof throwing>[0]) => {
        threw += 1
        return throwing(bytes)
      }
      const decoder = new LengthPrefixedDecoder({ lengthDecoder, encodingLength: () => 2 })
      await connection(side, decoder)
      const heard: string[] = []
      for (let at = 0; at < all.length; at += size) {
        for (const message of decoder.decode(all.subarray(at, at + size)))
          heard.push(Buffer.from(message.subarray()).toString())
      }
      assert.deepEqual(
        heard,
        texts.filter((text) => text !== ''),
      )
      assert.equal(threw, 0, 'the one that throws is not asked')
    }
  })
}

test('a connection without such a decoder stays as it is', async () => {
  const other = { lengthDecoder: 'its own' }
  assert.deepEqual(await connection('secureInbound', other), { lengthDecoder: 'its own' })
})
