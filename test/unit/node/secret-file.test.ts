import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, suite, test } from 'node:test'
import { systemRandom } from '../../../src/base/random.ts'
import { MESH_KEY_BYTES, MeshKeyError, newMeshKey, readMeshKey } from '../../../src/node/mesh-key.ts'
import { createSecretFile, readSecretFile } from '../../../src/node/secret-file.ts'

const scratch = mkdtempSync(join(tmpdir(), 'hg-secret-'))
after(() => rmSync(scratch, { recursive: true }))

const random = systemRandom

function code(expected: string): (error: unknown) => boolean {
  return (error) => error instanceof MeshKeyError && error.reason.code === expected && error.message.includes('hint:')
}

suite('a secret file', () => {
  test('may be read by its owner alone, as may the folder that is made for it', async () => {
    const file = join(scratch, 'new', 'key')
    assert.equal(await createSecretFile(random, file, 'secret'), true)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.equal(statSync(join(scratch, 'new')).mode & 0o777, 0o700)
    assert.equal(Buffer.from((await readSecretFile(file)) ?? []).toString(), 'secret')
  })

  test('is never replaced', async () => {
    const file = join(scratch, 'kept')
    await createSecretFile(random, file, 'first')
    assert.equal(await createSecretFile(random, file, 'second'), false)
    assert.equal(Buffer.from((await readSecretFile(file)) ?? []).toString(), 'first')
  })

  test('of many who make it at once one wins, and nothing else is left', async () => {
    const folder = join(scratch, 'race')
    const file = join(folder, 'key')
    const won = await Promise.all(Array.from({ length: 20 }, (_, at) => createSecretFile(random, file, `by ${at}`)))
    assert.equal(won.filter(Boolean).length, 1)
    assert.equal(Buffer.from((await readSecretFile(file)) ?? []).toString(), `by ${won.indexOf(true)}`)
    assert.deepEqual(readdirSync(folder), ['key'])
  })

  test('that is not there is undefined; one that cannot be read is an error', async () => {
    assert.equal(await readSecretFile(join(scratch, 'absent')), undefined)
    await assert.rejects(readSecretFile(scratch), { code: 'EISDIR' })
  })
})

suite('a mesh key', () => {
  test('is new each time, and is read as it was made', async () => {
    const one = await newMeshKey({ random }, join(scratch, 'one'))
    const other = await newMeshKey({ random }, join(scratch, 'other'))
    assert.equal(one.length, MESH_KEY_BYTES)
    assert.notDeepEqual(one, other)
    assert.deepEqual(await readMeshKey(join(scratch, 'one')), one)
  })

  test('is not made where there is one', async () => {
    const file = join(scratch, 'there')
    await newMeshKey({ random }, file)
    await assert.rejects(newMeshKey({ random }, file), code('MESH_KEY_EXISTS'))
  })

  test('is read from a file that was copied by hand: spaces and capitals do not matter', async () => {
    const file = join(scratch, 'copied')
    writeFileSync(file, `  ${'AB'.repeat(MESH_KEY_BYTES)}\r\n`)
    assert.deepEqual(await readMeshKey(file), Buffer.alloc(MESH_KEY_BYTES, 0xab))
  })

  for (const text of [
    '',
    'ab'.repeat(MESH_KEY_BYTES - 1),
    'ab'.repeat(MESH_KEY_BYTES + 1),
    'xy'.repeat(MESH_KEY_BYTES),
  ]) {
    test(`is not '${text}'`, async () => {
      const file = join(scratch, 'malformed')
      writeFileSync(file, text)
      await assert.rejects(readMeshKey(file), code('MESH_KEY_MALFORMED'))
    })
  }

  test('says what to do where there is none, or where it cannot be had', async () => {
    await assert.rejects(readMeshKey(join(scratch, 'nowhere')), code('MESH_KEY_MISSING'))
    await assert.rejects(readMeshKey(scratch), code('MESH_KEY_UNREADABLE'))
    const file = join(scratch, 'a-file')
    writeFileSync(file, '')
    chmodSync(file, 0o600)
    await assert.rejects(newMeshKey({ random }, join(file, 'key')), code('MESH_KEY_UNREADABLE'))
  })
})
