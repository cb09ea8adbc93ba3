import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../../src/base/clock.ts'
import { DeadlineError } from '../../../src/base/deadline.ts'
import { Patience } from '../../../src/base/patience.ts'
import { SimClock } from '../../sim/clock.ts'

const NEVER = new AbortController().signal

test('patience ends after the time that was given last', async () => {
  const clock = new SimClock()
  const patience = new Patience(clock, NEVER)
  patience.allow(30)
  await clock.run(29)
  patience.allow(100)
  await clock.run(99)
  assert.equal(patience.signal.aborted, false)
  await clock.run(1)
  assert.ok(patience.signal.reason instanceof DeadlineError)
  assert.equal(patience.signal.reason.reason.afterMs, 100)
})

test('it ends with its parent, and for the same reason', async () => {
  const parent = new AbortController()
  const patience = new Patience(new SimClock(), parent.signal)
  patience.allow(30)
  parent.abort('Ctrl-C')
  assert.equal(patience.signal.reason, 'Ctrl-C')
  assert.equal(new Patience(new SimClock(), parent.signal).signal.aborted, true)
})

test('once it is no longer needed, no time passes', async () => {
  const clock = new SimClock()
  const patience = new Patience(clock, NEVER)
  patience.allow(30)
  patience.end()
  assert.equal(clock.pending, 0)
  await clock.run(60)
  assert.equal(patience.signal.aborted, false)
})

test('a process that stood still reads what came meanwhile before it gives up', async () => {
  const patience = new Patience(systemClock, NEVER)
  patience.allow(30)
  // What an answer in a socket is: something that happens in the turn after the late timer.
  const answer = systemClock.sleep(31)
  const began = systemClock.now()
  while (systemClock.now() - began < 100);
  await answer
  assert.equal(patience.signal.aborted, false)
  patience.end()
})
