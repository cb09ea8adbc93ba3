import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wantsJobs, withJobs } from '../../../src/cli/jobs-option.ts'

const rows: readonly [wants: boolean, command: string, makeFlags?: string][] = [
  [true, 'make'],
  [true, '/usr/bin/gmake all'],
  [true, 'make -k CC=gcc'],
  [true, 'make -C jam -f j.mk'],
  [true, 'make -- -j4'],
  [true, 'make', 'k -- CC=gcc'],
  [true, 'make', 'CC=-j4'],
  [true, 'ninja all'],
  [false, 'make -j'],
  [false, 'make -j4'],
  [false, 'make -j 4'],
  [false, 'make -kj4'],
  [false, 'make --jobs=4'],
  [false, 'make --jobs'],
  [false, 'make', '-j4'],
  [false, 'make', 'kj4'],
  [false, 'make', ' -j4 --jobserver-auth=3,4'],
  [false, 'make', '--jobserver-auth=fifo:/tmp/x'],
  [false, 'ninja -j1'],
  [false, 'ninja -vj2'],
  [false, 'cmake --build .'],
  [false, './build.sh'],
]
for (const [wants, command, makeFlags = ''] of rows) {
  const under = makeFlags === '' ? '' : ` under MAKEFLAGS='${makeFlags}'`
  test(`\`${command}\`${under} ${wants ? 'gets a -j' : 'is left as it is'}`, () => {
    assert.equal(wantsJobs(command.split(' '), makeFlags), wants)
  })
}

test('the -j stands in front of all else, and is within reason', () => {
  assert.deepEqual(withJobs(['make', '--', 'x'], 12), ['make', '-j12', '--', 'x'])
  assert.deepEqual(withJobs(['make'], 0), ['make', '-j1'])
  assert.deepEqual(withJobs(['make'], 1e6), ['make', '-j1024'])
})
