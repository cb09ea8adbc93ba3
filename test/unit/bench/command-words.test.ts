import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { benchOptions } from '../../../bench/bench-options.ts'
import { faultOf } from '../../../bench/fault.ts'
import { workersShare } from '../../../bench/field.ts'
import { expectedOf } from '../../../bench/suites/build-tables.ts'
import { shellWords, timesIn } from '../../../bench/timing/hyperfine.ts'

const SUITES = ['single-file', 'micro']
const NOTHING = { remote: 0, hits: 0, strays: 0 }

describe('the command line of the benchmarks', () => {
  test('names suites, rounds and a quick look', () => {
    assert.deepEqual(benchOptions(['--quick', 'micro', '--rounds', '3'], SUITES), {
      quick: true,
      rounds: 3,
      suites: ['micro'],
      writeOnly: false,
    })
  })
  test('without words it means all, as often as each suite needs', () => {
    assert.deepEqual(benchOptions([], SUITES), { quick: false, rounds: undefined, suites: [], writeOnly: false })
  })
  for (const args of [['macro'], ['--rounds', '0'], ['--rounds', 'x'], ['--slow']]) {
    test(`${args.join(' ')} is refused in words`, () => assert.equal(typeof benchOptions(args, SUITES), 'string'))
  }
})

describe('what hyperfine is given and gives', () => {
  test('words reach the command as they are', () => {
    assert.equal(shellWords(['gcc', '-DA="b c"', "it's", '']), `gcc '-DA="b c"' 'it'\\''s' ''`)
  })
  test('its times are in seconds, ours in ms', () => {
    assert.deepEqual(timesIn('{"results":[{"command":"gcc","times":[0.5,0.25]}]}'), [500, 250])
    assert.throws(() => timesIn('{}'), /another shape/)
  })
})

describe('what a build over the network must have done', () => {
  test('the workers at least half of what their part of the power would be, six in ten by all', () => {
    const alike = workersShare({ hosts: 5, quota: [0.35, 0.35, 0.35, 0.35, 0.35] })
    assert.deepEqual(expectedOf({ workersShare: alike }, 100), { remote: 40, shared: 60 })
    assert.deepEqual(expectedOf({ workersShare: workersShare({ hosts: 2, quota: [0.6, 0.2] }) }, 96), {
      remote: 12,
      shared: 58,
    })
  })
  test('hosts without quotas are alike', () => {
    assert.equal(workersShare({ hosts: 2 }), 0.5)
    assert.equal(workersShare({ hosts: 1 }), 0)
  })
})

describe('a run that did not do its work', () => {
  test('counts when all it was to do happened', () => {
    assert.equal(faultOf({ remote: 5, hits: 0, strays: 0 }, { remote: 5 }, []), null)
    assert.equal(faultOf(NOTHING, {}, []), null)
    assert.equal(faultOf({ ...NOTHING, remote: 3, alongside: 2 }, { remote: 3, shared: 5 }, []), null)
  })
  test('counts when compiles stayed at home where nothing else was meant', () => {
    assert.equal(faultOf({ ...NOTHING, strays: 34 }, {}, []), null)
  })
  test('does not when compiles stayed at home, came too few, missed the cache, or were complained of', () => {
    assert.match(faultOf({ ...NOTHING, remote: 5, strays: 2 }, { remote: 5 }, []) ?? '', /2 compiles fell back/)
    assert.match(faultOf({ ...NOTHING, remote: 4 }, { remote: 5 }, []) ?? '', /only 4 of at least 5/)
    assert.match(faultOf({ ...NOTHING, remote: 3, alongside: 2 }, { remote: 5 }, []) ?? '', /only 3 of at least 5/)
    const home = { ...NOTHING, remote: 2, alongside: 9 }
    assert.match(faultOf(home, { remote: 3, shared: 5 }, []) ?? '', /only 2 of at least 3/)
    const lost = { ...NOTHING, remote: 3, alongside: 1 }
    assert.match(
      faultOf(lost, { remote: 3, shared: 5 }, []) ?? '',
      /only 3 compiles were remote and 1 .* of at least 5/,
    )
    assert.match(faultOf(NOTHING, { hits: 1 }, []) ?? '', /from a cache/)
    assert.match(faultOf(NOTHING, {}, ['running locally']) ?? '', /running locally/)
  })
})
