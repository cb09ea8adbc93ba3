import assert from 'node:assert/strict'
import { availableParallelism, cpus } from 'node:os'
import { test } from 'node:test'
import { machineCpu } from '../../../src/node/machine-cpu.ts'
import { SimClock } from '../../sim/clock.ts'

test('without a quota all cores count, and their times never run back', () => {
  const cpu = machineCpu(new SimClock(), undefined)
  assert.deepEqual([cpu.cores, cpu.loadCores], [availableParallelism(), cpus().length])
  const before = cpu.times()
  const after = cpu.times()
  assert.ok(before.totalMs > 0 && after.totalMs >= before.totalMs && after.idleMs <= after.totalMs)
})

test('under a quota the time is that of those who share it', async () => {
  const clock = new SimClock()
  let usedMs = 5_000
  const cpu = machineCpu(clock, { cores: 0.5, usedMs: () => usedMs })
  assert.equal(cpu.cores, 1, 'half a core is one that is slow')
  const before = cpu.times()
  await clock.run(1_000)
  usedMs += 100
  const after = cpu.times()
  assert.deepEqual([after.totalMs - before.totalMs, after.idleMs - before.idleMs], [500, 400])
})

test('a quota is rounded up, whatever Node makes of it, but to no more cores than there are', () => {
  const coresOf = (cores: number, available: number) =>
    machineCpu(new SimClock(), { cores, usedMs: () => 0 }, available).cores
  const all = cpus().length
  assert.deepEqual([coresOf(0.35, 1), coresOf(1.5, 1), coresOf(1.5, 2)], [1, Math.min(2, all), Math.min(2, all)])
  assert.equal(coresOf(4_096, all), all)
  assert.equal(coresOf(3.9, 2), 2, 'kept to two cores')
})
