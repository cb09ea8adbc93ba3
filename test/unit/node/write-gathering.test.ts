import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gatherWrites } from '../../../src/node/write-gathering.ts'

/** A socket that writes down when it is held and let go, between the writes. */
function heldSocket() {
  const said: string[] = []
  return { said, cork: () => said.push('held'), uncork: () => said.push('let go') }
}

test('all that is written in one turn of the event loop leaves at once, what settled promises write too', async () => {
  const { said, ...socket } = heldSocket()
  const gather = gatherWrites(socket)
  const write = (what: string) => {
    gather()
    said.push(what)
  }
  const turn = new Promise((resolve) => setImmediate(resolve))
  write('request')
  await Promise.resolve()
  write('contents')
  await turn
  assert.deepEqual(said, ['held', 'request', 'contents', 'let go'])
})

test('what is written in a later turn is held anew', async () => {
  const { said, ...socket } = heldSocket()
  const gather = gatherWrites(socket)
  gather()
  await new Promise((resolve) => setImmediate(resolve))
  gather()
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(said, ['held', 'let go', 'held', 'let go'])
})
