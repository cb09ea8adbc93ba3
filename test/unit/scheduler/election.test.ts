import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PeerId } from '../../../src/protocols/mesh.ts'
import { type Candidate, elect } from '../../../src/scheduler/election.ts'
import { SimRandom } from '../../sim/random.ts'

interface Person {
  readonly votes?: string
  readonly up?: number
  readonly role?: true
}

/** Members by name; `votes` for whom, `up` in seconds at the same moment. */
function members(people: Readonly<Record<string, Person>>): readonly Candidate[] {
  return Object.entries(people).map(([id, { votes = '', up = 0, role = false }]) => ({
    id: id as PeerId,
    coordinator: votes as PeerId | '',
    startedAt: 1_000_000 - up,
    coordinatorRole: role,
  }))
}

const STORIES: readonly (readonly [string, Readonly<Record<string, Person>>, string])[] = [
  ['a node alone elects itself', { a: {} }, 'a'],
  ['the longest up is elected', { a: { up: 1 }, b: { up: 3 }, c: { up: 2 } }, 'b'],
  ['among those up equally long the smaller id is elected', { c: {}, b: {}, d: {} }, 'b'],
  ['the incumbent stays, however long others are up', { a: { up: 9 }, b: { votes: 'b' }, c: { votes: 'b' } }, 'b'],
  [
    'a newcomer that believes in itself changes nothing',
    { a: { votes: 'a' }, b: { votes: 'a' }, n: { votes: 'n', up: 9 } },
    'a',
  ],
  ['votes for one who is gone count for nobody', { b: { votes: 'a' }, c: { votes: 'a', up: 1 } }, 'c'],
  [
    'after a cut the larger half keeps its own',
    { a: { votes: 'a', up: 9 }, b: { votes: 'b' }, c: { votes: 'b' } },
    'b',
  ],
  ['after a cut in equal halves the longer up stays', { a: { votes: 'a' }, b: { votes: 'b', up: 1 } }, 'b'],
  [
    'a node with the role takes over from one without',
    { a: { votes: 'a' }, b: { votes: 'a' }, r: { role: true } },
    'r',
  ],
  [
    'an incumbent with the role stays against another',
    { r: { role: true, votes: 'r' }, s: { role: true, up: 9 } },
    'r',
  ],
  ['of two with the role the longer up is elected', { r: { role: true }, s: { role: true, up: 1 }, a: { up: 9 } }, 's'],
]

for (const [story, people, winner] of STORIES) {
  test(story, () => assert.equal(elect(members(people)), winner))
}

test('nobody is elected where nobody is', () => {
  assert.equal(elect([]), undefined)
})

test('the order in which members are known makes no difference', () => {
  const random = new SimRandom(7)
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  for (let round = 0; round < 500; round += 1) {
    const all = members(
      Object.fromEntries(names.map((id) => [id, { votes: random.pick(names), up: random.integer(0, 2) }])),
    )
    const shuffled = all.toSorted(() => random.float() - 0.5)
    assert.equal(elect(shuffled), elect(all), JSON.stringify(all))
  }
})

test('nodes that hear each other agree after one round, from any beginning', () => {
  const random = new SimRandom(11)
  const names = ['a', 'b', 'c', 'd', 'e']
  for (let round = 0; round < 500; round += 1) {
    const before = members(
      Object.fromEntries(
        names.map((id) => [id, { votes: random.pick([...names, 'gone', '']), up: random.integer(0, 2) }]),
      ),
    )
    const elected = elect(before)
    const agreed = before.map((member) => ({ ...member, coordinator: elected ?? ('' as const) }))
    assert.equal(elect(agreed), elected, JSON.stringify(before))
  }
})
