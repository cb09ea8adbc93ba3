import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statsTable } from '../../../src/cli/commands/stats.ts'

const NONE = { calls: 0, compiles: 0, remote: 0, cached: 0, byMiss: {}, byCache: {}, byPeer: {}, byReason: {} }

function line(stats: Partial<Parameters<typeof statsTable>[0]>, begin: string): string | undefined {
  const lines = statsTable({ ...NONE, ...stats }).split('\n')
  return lines.find((each) => each.startsWith(begin))?.replace(/(\S) {2,}/, '$1 | ')
}

test('the cache has a rate once it was asked', () => {
  assert.equal(line({}, 'from the cache'), 'from the cache | 0')
  assert.equal(line({ cached: 1 }, 'from the cache'), 'from the cache | 1 (100 %)')
  const most = { cached: 399, byMiss: { 'first-time': 1 } }
  assert.equal(line(most, 'from the cache'), 'from the cache | 399 (99 %)')
  assert.equal(line(most, 'not in the cache'), 'not in the cache | 1')
  assert.equal(line(most, '  first time'), '  first time | 1')
})
