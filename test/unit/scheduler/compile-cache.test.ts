import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { sha256 } from '../../../src/base/digest.ts'
import { silentLog } from '../../../src/base/log.ts'
import type { ActionResult } from '../../../src/cache/action-result.ts'
import type { ActionKey, BlobDigest } from '../../../src/cache/digest.ts'
import { CompileCache, type CompileResult, type Sought } from '../../../src/scheduler/compile-cache.ts'

const KEY = sha256('an action') as ActionKey
const NEVER = new AbortController().signal
const RESULT: CompileResult = {
  outputs: new Map([
    ['main.o', Buffer.from('OBJECT')],
    ['main.d', Buffer.from('main.o: main.c')],
  ]),
  stdout: Buffer.from('out'),
  stderr: Buffer.from('warning'),
}

function cacheOverMemory() {
  const blobs = new Map<BlobDigest, Uint8Array>()
  const results = new Map<ActionKey, ActionResult>()
  const disk = { full: false, held: 0 }
  const cache = new CompileCache({
    clock: { wallTime: () => 5 },
    log: silentLog,
    producer: 'me',
    results: {
      find: (key) => results.get(key),
      store: async (key, result) => {
        results.set(key, result)
        return true
      },
    },
    blobs: {
      read: async (digest) => blobs.get(digest),
      write: async (digest, bytes) => {
        if (!disk.full) blobs.set(digest, bytes)
        return !disk.full
      },
      hold: () => {
        disk.held += 1
        return () => {
          disk.held -= 1
        }
      },
    },
  })
  return { cache, blobs, results, disk }
}

test('what was kept is found, to the byte', async () => {
  const { cache, results, disk } = cacheOverMemory()
  await cache.keep(KEY, RESULT, 40)
  assert.deepEqual(await cache.seek(KEY, NEVER), { kind: 'known', result: RESULT })
  assert.deepEqual(
    { ...results.get(KEY), outputs: [] },
    {
      outputs: [],
      stdout: RESULT.stdout,
      stderr: RESULT.stderr,
      producer: 'me',
      costMs: 40,
      createdAt: 5,
    },
  )
  assert.equal(disk.held, 0)
})

test('a result of which a blob is gone is unknown', async () => {
  const { cache, blobs } = cacheOverMemory()
  await cache.keep(KEY, RESULT, 40)
  blobs.delete(sha256('OBJECT') as BlobDigest)
  assert.equal((await cache.seek(KEY, NEVER)).kind, 'unknown')
})

test('on a full disk nothing is kept, and nothing fails', async () => {
  const { cache, results, disk } = cacheOverMemory()
  disk.full = true
  await cache.keep(KEY, RESULT, 40)
  assert.equal(results.size, 0)
  await cache.stop()
})

test('who asks for what another is compiling waits for it', async () => {
  const { cache } = cacheOverMemory()
  const first = claimed(await cache.seek(KEY, NEVER))
  const others = Array.from({ length: 20 }, () => cache.seek(KEY, NEVER))
  await cache.keep(KEY, RESULT, 40)
  first.end()
  for (const sought of await Promise.all(others)) assert.deepEqual(sought, { kind: 'known', result: RESULT })
})

test('when that gave nothing, those who waited compile without waiting for each other', async () => {
  const { cache } = cacheOverMemory()
  const first = claimed(await cache.seek(KEY, NEVER))
  const others = Array.from({ length: 3 }, () => cache.seek(KEY, NEVER))
  await setImmediate() // Now they wait.
  first.end()
  assert.deepEqual(
    (await Promise.all(others)).map(({ kind }) => kind),
    ['unknown', 'unknown', 'unknown'],
  )
})

test('who is interrupted waits no longer', async () => {
  const { cache } = cacheOverMemory()
  claimed(await cache.seek(KEY, NEVER))
  const interrupted = new AbortController()
  const waiting = cache.seek(KEY, interrupted.signal)
  interrupted.abort(new Error('Ctrl-C'))
  await assert.rejects(waiting, /Ctrl-C/)
})

function claimed(sought: Sought): Extract<Sought, { kind: 'unknown' }> {
  assert.equal(sought.kind, 'unknown')
  return sought
}
