import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Entrant, inRounds } from '../../../bench/rounds.ts'

describe('rounds', () => {
  test('each begins with another contender, and every one has its turn in each', async () => {
    const order: string[] = []
    await inRounds(
      3,
      ['ms'],
      ['a', 'b', 'c'].map((name) => entrant(name, order)),
    )
    assert.equal(order.join(' '), 'a0 b0 c0 b1 c1 a1 c2 a2 b2')
  })

  test('runs of a row stand in the order of the rounds', async () => {
    const { ms } = await inRounds(
      2,
      ['ms'],
      ['a', 'b'].map((name) => entrant(name, [])),
    )
    assert.deepEqual(
      ms.map(({ contender, runs }) => [contender, runs.map(({ value }) => value)]),
      [
        ['a', [0, 1]],
        ['b', [0, 1]],
      ],
    )
  })

  test('what a contender cannot do is said once and not asked again', async () => {
    let asked = 0
    const unable: Entrant<'ms'> = {
      name: 'unable',
      measure: async () => {
        asked += 1
        return 'it has no cache'
      },
    }
    const { ms } = await inRounds(3, ['ms'], [unable, entrant('able', [])])
    assert.equal(asked, 1)
    assert.deepEqual(ms[0], { contender: 'unable', runs: [], missing: 'it has no cache' })
    assert.equal(ms[1]?.runs.length, 3)
  })
})

function entrant(name: string, order: string[]): Entrant<'ms'> {
  return {
    name,
    measure: async (round) => {
      order.push(`${name}${round}`)
      return { ms: { value: round, fault: null, remote: null, alongside: null } }
    },
  }
}
