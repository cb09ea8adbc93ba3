import type { ActionResult } from './action-result.ts'
import { encodeActionResult } from './action-result-codec.ts'
import type { ActionKey } from './digest.ts'

/** Signatures by the keys that nodes are named after. */
export interface Signatures {
  /** By this node. */
  sign(bytes: Uint8Array): Promise<Uint8Array>
  /** Whether `node` signed it. Never rejects, whatever it is given. */
  verify(node: string, bytes: Uint8Array, signature: Uint8Array): Promise<boolean>
}

/** A result with this node's word for it; without one when it is too large to be told to others. */
export async function signedResult(
  { sign }: Pick<Signatures, 'sign'>,
  key: ActionKey,
  result: ActionResult,
): Promise<ActionResult> {
  const statement = statementOf(key, result)
  return statement === undefined ? result : { ...result, signature: await sign(statement) }
}

/** Whether a result is its producer's word for this key, and no other's. */
export async function isSigned(
  { verify }: Pick<Signatures, 'verify'>,
  key: ActionKey,
  result: ActionResult,
): Promise<boolean> {
  const statement = statementOf(key, result)
  if (statement === undefined || result.signature === undefined) return false
  return verify(result.producer, statement, result.signature)
}

/** What is signed: key and result in their one form, behind a name that no other kind of statement has. */
function statementOf(key: ActionKey, { signature: _, ...unsigned }: ActionResult): Uint8Array | undefined {
  const encoded = encodeActionResult(unsigned)
  return encoded && Buffer.concat([Buffer.from('hybridgrid result 1\0'), Buffer.from(key, 'hex'), encoded])
}
