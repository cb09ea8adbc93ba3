import assert from 'node:assert/strict'
import { cpus } from 'node:os'
import { test } from 'node:test'
import { ANNOUNCE_INTERVAL_MS, SLOTS_MAX } from '../../../src/base/limits.ts'
import { machineCpu } from '../../../src/node/machine-cpu.ts'
import { MachineLoad } from '../../../src/node/machine-load.ts'
import { SimClock } from '../../sim/clock.ts'

function machine(running: () => number, slots = 4) {
  const clock = new SimClock()
  return { clock, load: new MachineLoad({ clock, cpu: machineCpu(clock, undefined), running }, { slots }) }
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

test('under a quota the rest of the machine is no load', async () => {
  const clock = new SimClock()
  let usedMs = 0
  const cpu = machineCpu(clock, { cores: 0.5, usedMs: () => usedMs })
  const load = new MachineLoad({ clock, cpu, running: () => 0 }, { slots: 1 })
  await load.start()
  await clock.run(3 * ANNOUNCE_INTERVAL_MS)
  assert.equal(load.loadByOthers, 0, 'whatever runs on this machine now')
  for (let second = 0; second < 5; second += 1) {
    usedMs += ANNOUNCE_INTERVAL_MS / 2
    await clock.run(ANNOUNCE_INTERVAL_MS)
  }
  assert.equal(load.loadByOthers, 1, 'all of its half is in use')
  await load.stop()
})
