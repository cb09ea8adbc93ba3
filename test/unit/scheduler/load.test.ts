import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  busyWithOthers,
  MEMORY_PER_COMPILE_BYTES,
  MEMORY_RESERVE_BYTES,
  offeredSlots,
  smoothedLoad,
} from '../../../src/scheduler/load.ts'

const START = { idleMs: 0, totalMs: 0 }
const CORES = 4

/** A sample a second later, of a machine of which `busy` cores worked. */
const after = (busy: number) => ({ idleMs: (CORES - busy) * 1_000, totalMs: CORES * 1_000 })

test('what is busy beside our own compiles is the load by others', () => {
  assert.equal(busyWithOthers(START, after(3), CORES, 1), 2)
  assert.equal(busyWithOthers(START, after(0), CORES, 0), 0)
})

test('our own compiles are no load by others, even where they wait for the disk', () => {
  assert.equal(busyWithOthers(START, after(2), CORES, 4), 0)
})

test('a machine whose counters stood still or were reset has no load', () => {
  assert.equal(busyWithOthers(START, START, CORES, 0), 0)
  assert.equal(busyWithOthers(after(1), START, CORES, 0), 0)
})

test('a load rises and falls in steps, and ends where it should', () => {
  assert.equal(smoothedLoad(0, 4), 2)
  let load = 4
  for (let second = 0; second < 10; second += 1) load = smoothedLoad(load, 0)
  assert.equal(load, 0.1)
})

test('all slots are offered while memory is plenty, and no more than are allowed', () => {
  assert.equal(offeredSlots(8, 3, 64 * 1024 ** 3), 8)
})

test('when memory is short nothing new is offered, but what runs may end', () => {
  assert.equal(offeredSlots(8, 0, MEMORY_RESERVE_BYTES), 0)
  assert.equal(offeredSlots(8, 3, 0), 3)
  assert.equal(offeredSlots(8, 3, MEMORY_RESERVE_BYTES + 2 * MEMORY_PER_COMPILE_BYTES), 5)
})
