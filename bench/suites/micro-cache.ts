import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/base/clock.ts'
import { sha256 } from '../../src/base/digest.ts'
import { silentLog } from '../../src/base/log.ts'
import { systemRandom } from '../../src/base/random.ts'
import { type Cache, createCache } from '../../src/cache/cache.ts'
import { type ActionKey, blobDigest } from '../../src/cache/digest.ts'
import { systemDisk } from '../../src/cache/system-disk.ts'
import { callMicros } from '../timing/loop.ts'
import type { PartTimes } from './micro-parts.ts'

const KIB = 1024
/** An object of a small source and one of a large. */
const SIZES = [20 * KIB, 400 * KIB]
const CACHE_MAX_BYTES = 4 * KIB ** 3

/** The cache's part of a hit, and of a miss that is kept. */
export async function cacheTimes(calls: number): Promise<PartTimes> {
  const folder = await mkdtemp(join(tmpdir(), 'hybridgrid-bench-'))
  try {
    const times: Record<string, number> = {}
    for (const size of SIZES) Object.assign(times, await timesOf(join(folder, String(size)), size, calls))
    return times
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function timesOf(folder: string, size: number, calls: number): Promise<PartTimes> {
  const name = `${size / KIB} KiB`
  const keys: ActionKey[] = []
  let cache = await opened(folder)
  const stored = await callMicros(calls, async () => keys.push(await store(cache, `object ${keys.length}`, size)))
  await cache.stop()
  cache = await opened(folder) // Nothing is in memory any more.
  await cache.whenLoaded()
  let next = 0
  const fromDisk = await callMicros(calls, () => hit(cache, keys[next++]))
  const fromMemory = await callMicros(calls, () => hit(cache, keys.at(-1)))
  await cache.stop()
  return {
    [`cache: ${name} stored with its result`]: stored,
    [`cache: ${name} found, from disk`]: fromDisk,
    [`cache: ${name} found, from memory`]: fromMemory,
  }
}

async function opened(folder: string): Promise<Cache> {
  const components = { disk: systemDisk, clock: systemClock, random: systemRandom, log: silentLog }
  const cache = createCache(components, { folder, maxBytes: CACHE_MAX_BYTES })
  await cache.start()
  return cache
}

async function store(cache: Cache, name: string, size: number): Promise<ActionKey> {
  const bytes = new Uint8Array(size)
  bytes.set(Buffer.from(name))
  const digest = blobDigest(bytes)
  const key = sha256(name) as ActionKey
  await cache.blobs.write(digest, bytes)
  await cache.results.store(key, {
    outputs: [{ path: 'object.o', digest, bytes: size }],
    stdout: new Uint8Array(),
    stderr: new Uint8Array(),
    producer: '12D3KooWQ9GxHsTjqVxC3vTUqxq1TqG8bLyHhGyJ8F5Q3tqF6vJ1',
    costMs: 120,
    createdAt: systemClock.wallTime(),
  })
  return key
}

async function hit(cache: Cache, key: ActionKey | undefined): Promise<void> {
  const [output] = (key && cache.results.find(key))?.outputs ?? []
  if (output === undefined || (await cache.blobs.read(output.digest)) === undefined) throw new Error('no hit')
}
