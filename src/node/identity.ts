import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { HybridgridError, messageOf } from '../base/errors.ts'
import type { Random } from '../base/random.ts'
import { createSecretFile, readSecretFile } from './secret-file.ts'

export type IdentityFailure =
  | { readonly code: 'IDENTITY_UNREADABLE'; readonly file: string }
  | { readonly code: 'IDENTITY_DAMAGED'; readonly file: string }

/** The node has no usable identity; the message says what to do. */
export class IdentityError extends HybridgridError<IdentityFailure> {}

/** The node's Ed25519 key: the one in `file`, or a new one that is kept there from now on. */
export async function loadIdentity({ random }: { readonly random: Random }, file: string): Promise<PrivateKey> {
  try {
    const existing = await readSecretFile(file)
    if (existing !== undefined) return parse(existing, file)
    const key = await generateKeyPair('Ed25519')
    if (await createSecretFile(random, file, privateKeyToProtobuf(key))) return key
    return parse((await readSecretFile(file)) ?? new Uint8Array(), file) // Another start was faster.
  } catch (error) {
    if (error instanceof IdentityError) throw error
    throw new IdentityError(
      { code: 'IDENTITY_UNREADABLE', file },
      `the node's identity ${file} cannot be used: ${messageOf(error)}\n  hint: make it readable and its folder writable, or name another state folder in HG_HOME`,
      { cause: error },
    )
  }
}

function parse(bytes: Uint8Array, file: string): PrivateKey {
  try {
    const key = privateKeyFromProtobuf(bytes)
    if (key.type === 'Ed25519') return key
  } catch {
    // Falls through: whatever the parser objects to, the remedy is the same.
  }
  throw new IdentityError(
    { code: 'IDENTITY_DAMAGED', file },
    `the node's identity ${file} is damaged\n  hint: move it away; the node then makes a new one, and is a new peer to the others`,
  )
}
