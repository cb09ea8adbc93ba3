import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sha256 } from '../../../src/base/digest.ts'
import { JobCosts, sizeOf } from '../../../src/scheduler/job-costs.ts'

test('what is larger is dearer, until it was compiled', () => {
  const costs = new JobCosts()
  const small = { source: '/s/small.c', bytes: 1_000 }
  const large = { source: '/s/large.c', bytes: 100_000 }
  assert.ok(costs.estimate(small) < costs.estimate(large))
  costs.learn(small, 900)
  assert.equal(costs.estimate(small), 900)
  assert.ok(costs.estimate(small) > costs.estimate(large))
})

test('compiles of others teach what a byte costs', () => {
  const costs = new JobCosts()
  const unknown = { source: '/s/unknown.c', bytes: 10_000 }
  for (let index = 0; index < 200; index += 1) costs.learn({ source: `/s/${index}.c`, bytes: 1_000 }, 50)
  const estimate = costs.estimate(unknown)
  assert.ok(Math.abs(estimate - 500) < 10, `${estimate} ms`)
})

test('a compile of which no size is known teaches nothing about others', () => {
  const costs = new JobCosts()
  const unknown = { source: '/s/unknown.c', bytes: 10_000 }
  const before = costs.estimate(unknown)
  costs.learn({ source: '/s/text.c', bytes: 0 }, 9_000)
  assert.deepEqual([costs.estimate({ source: '/s/text.c', bytes: 0 }), costs.estimate(unknown)], [9_000, before])
})

test('a source of unknown size is taken for one like the others', () => {
  const costs = new JobCosts()
  const unknown = { source: '/s/text.c', bytes: 0 }
  assert.ok(costs.estimate(unknown) > 0)
  for (let index = 0; index < 200; index += 1) costs.learn({ source: `/s/${index}.c`, bytes: 1_000 }, 700)
  assert.ok(Math.abs(costs.estimate(unknown) - 700) < 10, `${costs.estimate(unknown)} ms`)
  assert.equal(costs.typicalMs, costs.estimate(unknown))
})

test('a cost that no compile may have is not believed', () => {
  const costs = new JobCosts()
  const size = { source: '/s/a.c', bytes: 1_000 }
  const before = costs.estimate(size)
  for (const claimed of [Number.NaN, -1, 1e12, Number.POSITIVE_INFINITY]) costs.learn(size, claimed)
  assert.equal(costs.estimate(size), before)
})

test('headers count for a part of their size', () => {
  const file = (path: string, bytes: number) => ({ path, bytes, digest: sha256(path), mtimeSeconds: 0 })
  const size = sizeOf({
    files: [file('/s/a.c', 1_000), file('/s/a.h', 10_000), file('/s/b.h', 10_000)],
    links: [],
    folders: [],
    absent: [],
  })
  assert.equal(size, 2_000)
})
