import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CACHE_SHARES_AT_ONCE_MAX, CACHE_SHARES_QUEUED_MAX } from '../../../src/base/limits.ts'
import { ShareQueue } from '../../../src/cache/share-queue.ts'
import { settle } from '../../sim/clock.ts'
import { keyOf } from './actions.ts'

/** A queue whose work ends when the test says so. */
function queue() {
  const running: { readonly what: string; end(): void }[] = []
  const shares = new ShareQueue<string>((_key, what, signal) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    running.push({ what, end: resolve })
    signal.addEventListener('abort', () => resolve())
    return promise
  })
  return { shares, running }
}

test('so many are under way at once, and the others follow in their order', async () => {
  const { shares, running } = queue()
  for (let at = 0; at < CACHE_SHARES_AT_ONCE_MAX + 2; at += 1) shares.add(keyOf(`${at}`), `${at}`)
  assert.deepEqual(
    running.map(({ what }) => what),
    ['0', '1', '2', '3'],
  )
  running[2]?.end()
  await settle()
  assert.deepEqual(running.at(-1)?.what, '4')
})

test('a key is known to be on its way until it has got there', async () => {
  const { shares, running } = queue()
  const key = keyOf('a')
  shares.add(key, 'first')
  shares.add(key, 'second')
  assert.equal(running.length, 1, 'one at a time for one key')
  running[0]?.end()
  await settle()
  assert.deepEqual([running.length, shares.has(key)], [2, true])
  running[1]?.end()
  await settle()
  assert.equal(shares.has(key), false)
})

test('what is beyond the bound is not taken', () => {
  const { shares } = queue()
  const taken = Array.from({ length: CACHE_SHARES_AT_ONCE_MAX + CACHE_SHARES_QUEUED_MAX + 1 }, (_, at) =>
    shares.add(keyOf(`${at}`), ''),
  )
  assert.equal(taken.lastIndexOf(true), taken.length - 2)
  assert.equal(taken.at(-1), false)
})

test('once stopped, nothing more is begun', async () => {
  const { shares, running } = queue()
  for (let at = 0; at < 10; at += 1) shares.add(keyOf(`${at}`), '')
  await shares.stop()
  assert.equal(running.length, CACHE_SHARES_AT_ONCE_MAX)
  assert.equal(shares.add(keyOf('more'), ''), false)
})
