import assert from 'node:assert/strict'
import { test } from 'node:test'
import { homes, type Member } from '../../../src/cache/rendezvous.ts'
import { keyOf } from './actions.ts'

const KEYS = Array.from({ length: 20_000 }, (_, at) => keyOf(`action ${at}`))
/** Ids as libp2p makes them: long, and much alike. */
const ID = '12D3KooWQ4jtM3n2qB7wY8cVh1o5RzXkLpUeTgFdSaNbCvMxZi'

function member(number: number, weight = 10): Member {
  return { id: `${ID}${number}`, weight }
}

const FIVE = [1, 2, 3, 4, 5].map((number) => member(number))

/** How many keys each has as its first home. */
function loads(members: readonly Member[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const key of KEYS) {
    const [first = ''] = homes(key, members, 1)
    counts.set(first, (counts.get(first) ?? 0) + 1)
  }
  return counts
}

test('keys are spread by weight', () => {
  const members = [member(1, 5), member(2, 10), member(3, 20), member(4, 65)]
  const counts = loads(members)
  for (const { id, weight } of members) {
    const expected = (KEYS.length * weight) / 100
    // Five standard deviations of a draw: what a fair spread never leaves.
    const tolerance = 5 * Math.sqrt(expected * (1 - weight / 100))
    const count = counts.get(id) ?? 0
    assert.ok(Math.abs(count - expected) < tolerance, `${weight} %: ${count} keys, not ${expected}`)
  }
})

test('the second homes of one member’s keys are spread over all others', () => {
  const seconds = new Set(
    KEYS.map((key) => homes(key, FIVE, 2)).flatMap(([first, second]) => (first === FIVE[0]?.id ? [second] : [])),
  )
  assert.equal(seconds.size, 4)
})

test('a key’s homes do not depend on the order in which members are known', () => {
  for (const key of KEYS.slice(0, 500)) {
    assert.deepEqual(homes(key, FIVE, 2), homes(key, FIVE.toReversed(), 2))
  }
})

test('these keys have these homes, on every machine and in every version', () => {
  const members = [member(1, 1e9), member(2, 2e9), member(3, 3e9)]
  const found = KEYS.slice(0, 8).map((key) =>
    homes(key, members, 2)
      .map((id) => id.slice(ID.length))
      .join(''),
  )
  assert.deepEqual(found, ['21', '32', '23', '23', '31', '32', '32', '32'])
})

test('who leaves gives up its own keys, each to what was its second home, and moves no others', () => {
  const [gone, ...rest] = FIVE
  for (const key of KEYS) {
    const [first, second] = homes(key, FIVE, 2)
    const [now] = homes(key, rest, 1)
    assert.equal(now, first === gone?.id ? second : first)
  }
})

test('who joins takes its share, and moves no key between the others', () => {
  const joined = member(6)
  let moved = 0
  for (const key of KEYS) {
    const [before] = homes(key, FIVE, 1)
    const [now] = homes(key, [...FIVE, joined], 1)
    if (now === before) continue
    assert.equal(now, joined.id)
    moved += 1
  }
  assert.ok(Math.abs(moved - KEYS.length / 6) < 5 * Math.sqrt(KEYS.length / 6), `${moved} keys moved`)
})

test('who gives no space is nobody’s home, and where there are fewer members there are fewer homes', () => {
  const [key = keyOf('')] = KEYS
  assert.deepEqual(homes(key, [member(1, 0), member(2)], 2), [member(2).id])
  assert.deepEqual(homes(key, [], 2), [])
})
