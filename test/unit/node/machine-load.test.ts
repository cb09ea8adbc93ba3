import assert from 'node:assert/strict'
import { cpus } from 'node:os'
import { test } from 'node:test'
import { ANNOUNCE_INTERVAL_MS, SLOTS_MAX } from '../../../src/base/limits.ts'
import { MachineLoad } from '../../../src/node/machine-load.ts'
import { SimClock } from '../../sim/clock.ts'

function machine(running: () => number, slots = 4) {
  const clock = new SimClock()
  return { clock, load: new MachineLoad({ clock, running }, { slots }) }
}

test('the load of others is looked at once a second, while it runs and no longer', async () => {
  let asked = 0
  const { clock, load } = machine(() => {
    asked += 1
    return 0
  })
  await load.start()
  await load.start()
  await clock.run(3 * ANNOUNCE_INTERVAL_MS)
  assert.equal(asked, 3)
  await load.stop()
  await load.stop()
  const before = asked
  await clock.run(10 * ANNOUNCE_INTERVAL_MS)
  assert.deepEqual([asked, clock.pending], [before, 0])
})

test('a machine that only compiles for us has no load by others', async () => {
  const { clock, load } = machine(() => 2 * cpus().length) // At the first look it is taken for half as many.
  await load.start()
  await clock.run(5 * ANNOUNCE_INTERVAL_MS)
  await load.stop()
  assert.equal(load.loadByOthers, 0)
})

test('no more slots are offered than were allowed, nor fewer than run', () => {
  assert.ok(machine(() => 0, 4).load.slots <= 4)
  assert.equal(machine(() => SLOTS_MAX, SLOTS_MAX).load.slots, SLOTS_MAX)
})
