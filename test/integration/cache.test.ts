import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { crc32 } from 'node:zlib'
import { systemClock } from '../../src/base/clock.ts'
import { sha256 } from '../../src/base/digest.ts'
import { silentLog } from '../../src/base/log.ts'
import { systemRandom } from '../../src/base/random.ts'
import { type Cache, createCache } from '../../src/cache/cache.ts'
import { type ActionKey, blobDigest } from '../../src/cache/digest.ts'
import { systemDisk } from '../../src/cache/system-disk.ts'

const MIB = 1024 * 1024
const KILLS = 12

async function folderOf(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hg-cache-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'cache')
}

async function openCache(folder: string, maxBytes = 64 * MIB): Promise<Cache> {
  const components = { disk: systemDisk, clock: systemClock, random: systemRandom, log: silentLog }
  const cache = createCache(components, { folder, maxBytes })
  await cache.start()
  await cache.whenLoaded()
  return cache
}

/** Stores some compiles, says which are done, is killed in the middle of the next. */
async function killedAfter(count: number, folder: string, first: number): Promise<number> {
  const child: ChildProcess = spawn(
    process.execPath,
    [join(import.meta.dirname, 'cache-killed.ts'), folder, String(24 * MIB), String(first)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  assert.ok(child.stdout)
  let last = first - 1
  for await (const line of createInterface(child.stdout)) {
    last = Number(line.split(' ')[1])
    if (last - first + 1 === count) child.kill('SIGKILL')
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
  assert.equal(child.signalCode, 'SIGKILL')
  return last
}

/** What is found of the compiles up to `last`, each checked to be what it should be. */
async function foundOf(cache: Cache, last: number): Promise<number> {
  let found = 0
  for (let number = 0; number <= last; number += 1) {
    for (const part of [0, 1, 2]) {
      const name = `${number}.${part}`
      const result = cache.results.find(sha256(name) as ActionKey)
      const [output] = result?.outputs ?? []
      const bytes = output && (await cache.blobs.read(output.digest))
      if (bytes === undefined) continue
      assert.equal(Buffer.from(bytes).toString('latin1', 0, name.length), name.slice(0, bytes.length))
      found += 1
    }
  }
  return found
}

test('a node killed again and again while it stores leaves nothing corrupt, nothing lost and no rubbish', async (t) => {
  const folder = await folderOf(t)
  let last = -1
  for (let kill = 0; kill < KILLS; kill += 1) {
    const first = last + 1
    last = await killedAfter(1 + (kill % 4), folder, first)
    const cache = await openCache(folder, 24 * MIB)
    const found = await foundOf(cache, last)
    const { dropped, bytes } = cache.stats()
    await cache.stop()
    assert.equal(dropped, 0, `kill ${kill}: no file is corrupt under its name`)
    assert.ok(found >= 3 * (last - first + 1), `kill ${kill}: what was said to be stored is there`)
    assert.ok(bytes <= 24 * MIB, `kill ${kill}: within the limit`)
    assert.deepEqual(await readdir(join(folder, 'tmp')), [], `kill ${kill}: no temporary files`)
    last += 1 // The one it was killed in.
  }
})

test('on a real disk, files are for everyone to read and nobody to write, whatever the umask', async (t) => {
  const folder = await folderOf(t)
  const before = process.umask(0o077)
  t.after(() => process.umask(before))
  const cache = await openCache(folder)
  const bytes = Buffer.from('object')
  const digest = blobDigest(bytes)
  assert.equal(await cache.blobs.write(digest, bytes), true)
  const path = cache.blobs.file(digest)
  assert.ok(path)
  const modes = ['.', 'blobs', join(path, '..'), path].map(
    async (each) => (await stat(join(folder, each))).mode & 0o777,
  )
  assert.deepEqual(await Promise.all(modes), [0o755, 0o755, 0o755, 0o444])
  await cache.stop()
})

test('a file that rotted behind its stamp has another checksum than it is told to have, and is dropped when it is doubted', async (t) => {
  const folder = await folderOf(t)
  const cache = await openCache(folder)
  const bytes = Buffer.alloc(300_000, 'object')
  const digest = blobDigest(bytes)
  await cache.blobs.write(digest, bytes)
  const told = cache.blobs.checkable(digest)
  assert.deepEqual(told, { path: join(folder, cache.blobs.file(digest) ?? ''), crc32: crc32(bytes) })
  assert.ok(told)
  cache.blobs.recheck(digest)
  assert.ok(cache.blobs.has(digest), 'it is right')

  const { atime, mtime } = await stat(told.path)
  const rotten = Buffer.from(bytes)
  rotten.writeUInt8(rotten.readUInt8(200_000) ^ 1, 200_000)
  await chmod(told.path, 0o644)
  await writeFile(told.path, rotten, { flag: 'r+' })
  await utimes(told.path, atime, mtime)
  assert.notEqual(crc32(await readFile(told.path)), cache.blobs.checkable(digest)?.crc32)
  cache.blobs.recheck(digest)
  assert.equal(cache.blobs.checkable(digest), undefined)
  assert.equal(await cache.blobs.read(digest), undefined)
  await cache.stop()
})

test('a use is kept in the time of the file', async (t) => {
  const folder = await folderOf(t)
  const cache = await openCache(folder)
  const bytes = Buffer.from('object')
  const digest = blobDigest(bytes)
  await cache.blobs.write(digest, bytes)
  const path = join(folder, cache.blobs.file(digest) ?? '')
  await systemDisk.setMtime(path, 1_000_000_000_123)
  await cache.stop()
  const next = await openCache(folder)
  assert.ok(next.blobs.file(digest))
  await next.stop()
  const { mtimeMs } = await stat(path)
  assert.ok(mtimeMs > 1_700_000_000_000, 'it was used just now')
})

test('a folder that somebody removes, or puts something in the way of, is made again', async (t) => {
  const folder = await folderOf(t)
  const cache = await openCache(folder)
  const bytes = Buffer.from('object')
  const digest = blobDigest(bytes)
  assert.equal(await cache.blobs.write(digest, bytes), true)
  await rm(folder, { recursive: true })
  assert.equal(cache.blobs.file(digest), undefined)
  await writeFile(folder, 'in the way')
  assert.equal(await cache.blobs.write(digest, bytes), false)
  await rm(folder)
  assert.equal(await cache.blobs.write(digest, bytes), true)
  assert.ok(Buffer.from((await cache.blobs.read(digest)) ?? []).equals(bytes))
  await cache.stop()
})

test('caches in two folders at once do not trample each other', async (t) => {
  const [one, other] = await Promise.all([folderOf(t), folderOf(t)].map(async (folder) => openCache(await folder)))
  assert.ok(one && other)
  const bytes = Buffer.alloc(100_000, 'object')
  const digest = blobDigest(bytes)
  const written = await Promise.all([one.blobs.write(digest, bytes), other.blobs.write(digest, bytes)])
  assert.deepEqual(written, [true, true])
  one.begin('clear')
  while (one.progress()?.running) await new Promise(setImmediate)
  assert.equal(one.blobs.has(digest), false)
  assert.ok(Buffer.from((await other.blobs.read(digest)) ?? []).equals(bytes))
  await Promise.all([one.stop(), other.stop()])
})
