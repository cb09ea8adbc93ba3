import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { profileOf } from '../../../bench/suites/compile-profile.ts'

describe('where the time of a compile goes', () => {
  const runs = [
    { wholeMs: 10, phases: { treeMs: 1, remoteMs: 7, totalMs: 9 } },
    { wholeMs: 30, phases: { treeMs: 2, remoteMs: 20, totalMs: 26 } },
    { wholeMs: 21, phases: { treeMs: 3, remoteMs: 8, totalMs: 18 } },
  ]

  test('what no one tells is reckoned within each run', () => {
    const profile = profileOf(runs)
    assert.equal(profile['whole command'], 21)
    assert.equal(profile['outside the agent (launcher starts, connects, writes, ends)'], 3)
    assert.equal(profile['agent, all else (the launcher writes the object while it waits)'], 4)
  })

  test('phases are told by their names, a phase that a run skipped as nothing', () => {
    const profile = profileOf([...runs.slice(0, 2), { wholeMs: 5, phases: { treeMs: 3, totalMs: 4 } }])
    assert.equal(profile['agent, tree'], 2)
    assert.equal(profile['agent, remote'], 7)
    assert.equal(profile['agent, total'], undefined)
  })
})
