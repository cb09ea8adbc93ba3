import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../src/base/clock.ts'
import { sha256 } from '../src/base/digest.ts'
import { silentLog } from '../src/base/log.ts'
import { systemRandom } from '../src/base/random.ts'
import { type Action, actionKey } from '../src/cache/action-key.ts'
import type { ActionResult } from '../src/cache/action-result.ts'
import { type Cache, createCache } from '../src/cache/cache.ts'
import { type ActionKey, blobDigest } from '../src/cache/digest.ts'
import { systemDisk } from '../src/cache/system-disk.ts'
import type { ToolchainId } from '../src/compiler/toolchain.ts'

// What the cache's part of a hit costs, and a start with many entries. `node bench/cache.ts [ENTRIES]`

const ENTRIES = Number(process.argv[2] ?? 50_000)
const ROUNDS = 200
const KIB = 1024
const folder = await mkdtemp(join(tmpdir(), 'hg-cache-bench-'))
const open = (): Cache =>
  createCache(
    { disk: systemDisk, clock: systemClock, random: systemRandom, log: silentLog },
    { folder, maxBytes: 64 * 1024 ** 3 },
  )

function tell(what: string, micros: number): void {
  process.stdout.write(`${what.padEnd(64)} ${micros.toFixed(1).padStart(9)} µs\n`)
}

const median = (numbers: number[]): number => numbers.sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN

async function measured(what: string, rounds: number, work: (round: number) => unknown): Promise<void> {
  const micros: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now()
    await work(round)
    micros.push((performance.now() - began) * 1000)
  }
  tell(what, median(micros))
}

function objectOf(word: string, size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  bytes.set(Buffer.from(word))
  return bytes
}

async function store(cache: Cache, name: string, size: number): Promise<ActionKey> {
  const bytes = objectOf(name, size)
  const digest = blobDigest(bytes)
  const result: ActionResult = {
    outputs: [{ path: `${name}.o`, digest, bytes: size }],
    stdout: new Uint8Array(),
    stderr: new Uint8Array(),
    producer: '12D3KooWQ9GxHsTjqVxC3vTUqxq1TqG8bLyHhGyJ8F5Q3tqF6vJ1',
    costMs: 120,
    createdAt: systemClock.wallTime(),
  }
  const key = sha256(name) as ActionKey
  await cache.blobs.write(digest, bytes)
  await cache.results.store(key, result)
  return key
}

async function hit(cache: Cache, key: ActionKey | undefined): Promise<void> {
  const result = key && cache.results.find(key)
  const [output] = result?.outputs ?? []
  if (output === undefined || (await cache.blobs.read(output.digest)) === undefined) throw new Error('no hit')
}

function actionOf(headers: number): Action {
  const files = Array.from({ length: headers }, (_, at) => ({
    path: `/usr/include/x86_64-linux-gnu/bits/types/header-${(at * 7919) % headers}.h`,
    digest: sha256(String(at)),
    bytes: 1000,
    mtimeSeconds: at,
  }))
  const folders = Array.from({ length: 20 }, (_, at) => `/home/me/project/src/module-${at}`)
  return {
    toolchain: sha256('gcc') as ToolchainId,
    compiler: '/usr/bin/gcc',
    cwd: '/home/me/project',
    args: Array.from({ length: 40 }, (_, at) => `-DNAME_${at}=value`),
    env: ['LANG=C'],
    tree: { files, links: [], folders },
    date: undefined,
    usesTimestamp: false,
  }
}

const action = actionOf(300)
await measured('action key, 300 files, seen the first time', 1, () => actionKey(action))
await measured('action key, 300 files, in a tree seen before', 5000, () => actionKey(action))
await measured('action key, 300 files seen before, in a new tree', 5000, () =>
  actionKey({ ...action, tree: { ...action.tree, files: [...action.tree.files] } }),
)

let cache = open()
await cache.start()
for (const [what, size] of [
  ['20 KiB', 20 * KIB],
  ['400 KiB', 400 * KIB],
] as const) {
  const keys: ActionKey[] = []
  for (let at = 0; at < ROUNDS; at += 1) keys.push(await store(cache, `${what}-${at}`, size))
  await cache.stop()
  cache = open()
  await cache.start()
  await cache.whenLoaded()
  await measured(`hit, ${what}, from disk`, ROUNDS, (round) => hit(cache, keys[round]))
  await measured(`hit, ${what}, from memory`, ROUNDS, () => hit(cache, keys[ROUNDS - 1]))
  await measured(`storing ${what} and its result`, ROUNDS, (round) => store(cache, `again-${what}-${round}`, size))
}

process.stdout.write(`making ${ENTRIES} entries …\n`)
for (let at = 0; at < ENTRIES / 2; at += 20) {
  await Promise.all(Array.from({ length: 20 }, (_, each) => store(cache, `entry-${at + each}`, 2 * KIB)))
}
await cache.stop()
cache = open()
const began = performance.now()
let longest = 0
let last = began
const beat = setInterval(() => {
  longest = Math.max(longest, performance.now() - last)
  last = performance.now()
}, 1)
await cache.start()
tell('start, until it answers', (performance.now() - began) * 1000)
await cache.whenLoaded()
tell(
  `start, until ${cache.stats().blobs + cache.stats().results} entries are known`,
  (performance.now() - began) * 1000,
)
clearInterval(beat)
tell('longest that nothing else ran meanwhile', longest * 1000)
await cache.stop()
await rm(folder, { recursive: true, force: true })
