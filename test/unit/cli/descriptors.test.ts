import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Descriptor, descriptorsToPass, stdioWith } from '../../../src/cli/descriptors.ts'

function own(number: number, target: string): Descriptor {
  return { number, target, inherited: false }
}

const OF_NODE = [own(5, 'anon_inode:[eventpoll]'), own(6, 'pipe:[1]'), own(7, 'pipe:[1]')]

test('what the shell gave is passed on, what Node.js opened for itself is not', () => {
  assert.deepEqual(descriptorsToPass([own(3, '/log'), own(4, 'pipe:[2]'), ...OF_NODE], ''), [3, 4])
})

test('a descriptor that a child gets anyhow needs no passing', () => {
  assert.deepEqual(descriptorsToPass([{ number: 63, target: 'pipe:[2]', inherited: true }, ...OF_NODE], ''), [])
})

test('both ends of make’s jobserver are passed on', () => {
  const open = [own(3, 'pipe:[9]'), own(4, 'pipe:[9]'), ...OF_NODE]
  assert.deepEqual(descriptorsToPass(open, ' -j4 --jobserver-auth=3,4'), [3, 4])
  assert.deepEqual(descriptorsToPass([], '-j --jobserver-fds=8,9'), [8, 9], 'also where the system lists none')
})

test('each descriptor keeps its number, and the gaps stay closed', () => {
  assert.deepEqual(stdioWith([]), ['inherit', 'inherit', 'inherit'])
  assert.deepEqual(stdioWith([4]), ['inherit', 'inherit', 'inherit', 'ignore', 4])
})
