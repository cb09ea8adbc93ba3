import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { PEERS_MAX } from '../../../src/base/limits.ts'
import { peerSignatures } from '../../../src/node/peer-signatures.ts'

const BYTES = Buffer.from('a statement')

async function node(type: 'Ed25519' | 'secp256k1' = 'Ed25519') {
  const key = await generateKeyPair(type)
  return { id: peerIdFromPrivateKey(key).toString(), ...peerSignatures(key) }
}

test('what a node signed is known by its name alone', async () => {
  const [signer, reader] = [await node(), await node()]
  assert.equal(await reader.verify(signer.id, BYTES, await signer.sign(BYTES)), true)
})

test('signatures are those that libp2p makes and takes', async () => {
  const key = await generateKeyPair('Ed25519')
  const { sign, verify } = peerSignatures(key)
  assert.deepEqual(Buffer.from(await sign(BYTES)), Buffer.from(await key.sign(BYTES)))
  assert.equal(await key.publicKey.verify(BYTES, await sign(BYTES)), true)
  assert.equal(await verify(peerIdFromPrivateKey(key).toString(), BYTES, await key.sign(BYTES)), true)
})

test('more names than a mesh has peers are told apart, too', async () => {
  const [first, reader] = [await node(), await node()]
  const signature = await first.sign(BYTES)
  for (let at = 0; at <= PEERS_MAX; at += 1) await reader.verify((await node()).id, BYTES, signature)
  assert.equal(await reader.verify(first.id, BYTES, signature), true)
})

test('other bytes, another signer, or what is no signature are told apart', async () => {
  const [signer, other] = [await node(), await node()]
  const signature = await signer.sign(BYTES)
  const flipped = Uint8Array.from(signature, (byte, at) => (at === 5 ? byte ^ 1 : byte))
  const tries: readonly (readonly [string, Uint8Array, Uint8Array])[] = [
    [signer.id, Buffer.from('another'), signature],
    [other.id, BYTES, signature],
    [signer.id, BYTES, flipped],
    [signer.id, BYTES, signature.subarray(1)],
    [signer.id, BYTES, new Uint8Array()],
    ['', BYTES, signature],
    ['12D3KooW', BYTES, signature],
    [`${signer.id}x`, BYTES, signature],
  ]
  for (const [name, bytes, sign] of tries) assert.equal(await other.verify(name, bytes, sign), false, name)
})

test('names of other keys are not taken', async () => {
  const [signer, reader] = [await node('secp256k1'), await node()]
  assert.equal(await reader.verify(signer.id, BYTES, await signer.sign(BYTES)), false)
})
