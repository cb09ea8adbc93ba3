import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PeerId } from '../../../src/protocols/mesh.ts'
import { Paces } from '../../../src/scheduler/paces.ts'
import { SimClock } from '../../sim/clock.ts'

const A = 'a' as PeerId
const B = 'b' as PeerId

function rounded(pace: number): number {
  return Math.round(1_000 * pace) / 1_000
}

test('a peer that has not compiled yet is taken to be fast, and again when it was away', () => {
  const paces = new Paces({ clock: new SimClock() })
  assert.equal(paces.of(A), 1)
  paces.noteAt(A, 300, 1_000)
  assert.ok(paces.of(A) > 0.3 && paces.of(A) < 0.6, `the first says not all: ${paces.of(A)}`)
  for (let compiles = 0; compiles < 20; compiles += 1) paces.noteAt(A, 300, 1_000)
  assert.deepEqual([paces.of(A), paces.of(B)].map(rounded), [0.3, 1])
  paces.forget(A)
  assert.equal(paces.of(A), 1)
})

test('a machine that gets busy is noticed within a few compiles', () => {
  const paces = new Paces({ clock: new SimClock() })
  paces.noteAt(A, 1_000, 1_000)
  for (let compiles = 0; compiles < 8; compiles += 1) paces.noteAt(A, 200, 1_000)
  assert.ok(paces.of(A) > 0.2 && paces.of(A) < 0.3, `${paces.of(A)}`)
})

test('long compiles say more of a machine than short ones', () => {
  const paces = new Paces({ clock: new SimClock() })
  paces.noteAt(A, 1_000, 4_000)
  for (let compiles = 0; compiles < 3; compiles += 1) paces.noteAt(A, 30, 30)
  assert.ok(paces.of(A) < 0.4, `${paces.of(A)}`)
})

test('this machine is one by itself', () => {
  const paces = new Paces({ clock: new SimClock() })
  paces.noteHere(0, 1_000)
  assert.equal(paces.here, 1, 'a compile that took nothing says nothing')
  for (let compiles = 0; compiles < 20; compiles += 1) paces.noteHere(250, 1_000)
  assert.ok(Math.abs(paces.here - 0.25) < 0.01, `${paces.here}`)
  assert.equal(paces.of(A), 1)
})

test('what a peer claims stays within reason', () => {
  const paces = new Paces({ clock: new SimClock() })
  paces.noteAt(A, 1e9, 1_000)
  paces.noteAt(B, 1_000, Number.MAX_VALUE)
  assert.equal(paces.of(A), 1)
  const before = paces.of(B)
  assert.ok(before > 0 && before < 0.2, `${before}`)
  paces.noteAt(B, Number.NaN, Number.NaN)
  assert.equal(paces.of(B), before)
  for (let compiles = 0; compiles < 8; compiles += 1) paces.noteAt(B, 1_000, 1_000)
  assert.ok(paces.of(B) > 0.6, `one word does not outweigh all that comes after it: ${paces.of(B)}`)
})

test('what was slow is tried again in time', async () => {
  const clock = new SimClock()
  const paces = new Paces({ clock })
  paces.noteAt(A, 100, 1_000)
  paces.noteHere(100, 1_000)
  const slow = paces.of(A)
  assert.ok(slow < 0.5 && slow === paces.here, `${slow}`)
  await clock.run(60 * 60_000)
  assert.ok(paces.of(A) > 0.99 && paces.here > 0.99, `${paces.of(A)}`)
  paces.noteAt(A, 30, 30)
  assert.ok(paces.of(A) > 0.99, `what is forgiven stays so: ${paces.of(A)}`)
})

test('one compile that was stopped on its way does not undo many good ones', () => {
  const paces = new Paces({ clock: new SimClock() })
  for (let compiles = 0; compiles < 8; compiles += 1) paces.noteAt(A, 1_000, 1_000)
  paces.noteAt(A, 1_000, 60_000)
  for (let compiles = 0; compiles < 4; compiles += 1) paces.noteAt(A, 1_000, 1_000)
  assert.ok(paces.of(A) > 0.67, `${paces.of(A)}`)
})
