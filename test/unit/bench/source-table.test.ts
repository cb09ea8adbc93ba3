import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultOf } from '../../../bench/fault.ts'
import { expectedOfRuns } from '../../../bench/suites/source-table.ts'

const DONE = { remote: 0, hits: 0, strays: 0 }

test('one compile that stayed at home is one too many, whether it was timed or not', () => {
  const expected = expectedOfRuns({ kind: 'miss', runs: 30, warmup: 15 })
  assert.equal(faultOf({ ...DONE, remote: 45 }, expected, []), null)
  assert.equal(faultOf({ ...DONE, remote: 44 }, expected, []), 'only 44 of at least 45 compiles were remote')
})

test('one that was compiled in the place of a hit, too, however many there are in a run', () => {
  const expected = expectedOfRuns({ kind: 'hit', runs: 5, warmup: 1, inFlight: 8 })
  assert.equal(faultOf({ ...DONE, hits: 960 }, expected, []), null)
  assert.match(faultOf({ ...DONE, hits: 959 }, expected, []) ?? '', /^only 959 of at least 960 compiles were answered/)
})
