import type { ConnectionEncrypter, MessageStream } from '@libp2p/interface'
import { LengthPrefixedDecoder } from '@libp2p/utils'
import { withChanges } from './wrapped-encrypter.ts'

/** What precedes each message of Noise: its length. */
const LENGTH_BYTES = 2

/**
 * The same encrypter, but its connections notice without an error that no more messages have come. The library's throw one for
 * each piece that comes, stack and all, and catch it: 1-2 % of what a node does in a build.
 */
export function withQuietDecoder<Components, Encrypter extends ConnectionEncrypter>(
  create: (components: Components) => Encrypter,
): (components: Components) => Encrypter {
  return withChanges(create, { secured: quiet })
}

function quiet(connection: MessageStream): void {
  const decoder: unknown = Reflect.get(connection, 'decoder')
  if (decoder instanceof LengthPrefixedDecoder) Reflect.set(decoder, 'lengthDecoder', lengthDecoder(decoder))
}

function lengthDecoder(decoder: LengthPrefixedDecoder) {
  const most: unknown = Reflect.get(decoder, 'maxDataLength')
  // Of a message of the largest size no two bytes are the whole: the decoder waits for more.
  const unknown = typeof most === 'number' ? most : 0
  return (bytes: { readonly byteLength: number; get(at: number): number }) =>
    bytes.byteLength < LENGTH_BYTES ? unknown : (bytes.get(0) << 8) | bytes.get(1)
}
