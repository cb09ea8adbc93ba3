import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KEPT_LATER_MAX } from '../../../src/base/limits.ts'
import type { ActionKey } from '../../../src/cache/digest.ts'
import type { CompileResult } from '../../../src/scheduler/compile-cache.ts'
import { KeptLater } from '../../../src/scheduler/kept-later.ts'
import { QuietTimes } from '../../../src/scheduler/quiet-times.ts'
import { SimClock } from '../../sim/clock.ts'

const [ONE, OTHER] = ['1', '2'].map((digit) => digit.repeat(64) as ActionKey) as [ActionKey, ActionKey]
const MAX_BYTES = 1024
const RESULT = resultOf(0)

function resultOf(bytes: number): CompileResult {
  return { outputs: new Map([['main.o', new Uint8Array(bytes)]]), stdout: new Uint8Array(), stderr: new Uint8Array() }
}

function bench() {
  const clock = new SimClock()
  const quiet = new QuietTimes({ clock })
  const kept: ActionKey[] = []
  const later = new KeptLater({
    quiet,
    maxBytes: MAX_BYTES,
    keep: async (key) => {
      kept.push(key)
    },
  })
  return { clock, quiet, later, kept }
}

test('what is kept later is found meanwhile, and kept when no call has been served for a while', async () => {
  const { clock, quiet, later, kept } = bench()
  const leave = quiet.enter()
  later.add(ONE, RESULT, 1)
  await clock.run(5_000)
  assert.deepEqual([later.find(ONE), kept], [RESULT, []])
  leave()
  await clock.run(100)
  assert.deepEqual(kept, [], 'the next call may come at once')
  await clock.run(2_000)
  assert.deepEqual([later.find(ONE), kept], [undefined, [ONE]])
})

test('what comes while others are kept is kept, too', async () => {
  const { clock, later, kept } = bench()
  later.add(ONE, RESULT, 1)
  later.add(OTHER, RESULT, 1)
  await clock.run(2_000)
  later.add(ONE, RESULT, 1)
  await clock.run(2_000)
  assert.deepEqual(kept, [ONE, OTHER, ONE])
})

test('a node that stops keeps what waits, whatever it serves', async () => {
  const { quiet, later, kept } = bench()
  quiet.enter()
  later.add(ONE, RESULT, 1)
  later.add(OTHER, RESULT, 1)
  await later.stop()
  assert.deepEqual(kept, [ONE, OTHER])
  later.add(ONE, RESULT, 1)
  await later.stop()
  assert.equal(kept.length, 2, 'and no more after that')
})

test('only so many wait', async () => {
  const { quiet, later } = bench()
  quiet.enter()
  const keys = Array.from({ length: KEPT_LATER_MAX + 1 }, (_, index) => `${index}` as ActionKey)
  const taken = keys.map((key) => later.add(key, RESULT, 1))
  assert.deepEqual([taken.filter(Boolean).length, taken.at(-1)], [KEPT_LATER_MAX, false])
  assert.deepEqual([later.find(keys[0] ?? ONE), later.find(keys.at(-1) ?? ONE)], [RESULT, undefined])
  await later.stop()
})

test('so many bytes wait, and room is made when it is half full, whatever is served', async () => {
  const { clock, quiet, later, kept } = bench()
  quiet.enter()
  later.add(ONE, resultOf(MAX_BYTES / 4), 1)
  await clock.run(2_000)
  assert.deepEqual(kept, [])
  later.add(OTHER, resultOf(MAX_BYTES / 2), 1)
  const tooMuch = 'f'.repeat(64) as ActionKey
  assert.equal(later.add(tooMuch, resultOf(MAX_BYTES / 2), 1), false)
  assert.equal(later.find(tooMuch), undefined)
  await clock.run(2_000)
  assert.deepEqual(kept, [ONE], 'what is no more than half waits for its time')
  await later.stop()
})
