import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AskingLuck } from '../../../src/scheduler/asking-luck.ts'

/** Asks `count` times a mesh that knows nothing; how many questions went out. */
function askInVain(luck: AskingLuck, count: number): number {
  const asked = Array.from({ length: count }, () => luck.asks()).filter(Boolean).length
  return asked
}

test('a mesh that knows everything is asked every time', () => {
  const luck = new AskingLuck()
  for (let time = 0; time < 100; time += 1) {
    assert.ok(luck.asks())
    luck.note(true)
  }
})

test('a mesh that knows nothing is asked ever and again, but seldom', () => {
  const luck = new AskingLuck()
  for (let time = 0; time < 4; time += 1) {
    assert.ok(luck.asks(), `question ${time}`)
    luck.note(false)
  }
  assert.equal(askInVain(luck, 64), 2)
})

test('one answer is reason to ask again', () => {
  const luck = new AskingLuck()
  for (let time = 0; time < 10; time += 1) luck.note(false)
  luck.note(true)
  assert.ok(luck.asks())
})
