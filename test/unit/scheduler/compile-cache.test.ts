import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { sha256 } from '../../../src/base/digest.ts'
import { LAUNCHER_COPY_MIN_BYTES } from '../../../src/base/limits.ts'
import { silentLog } from '../../../src/base/log.ts'
import type { ActionResult } from '../../../src/cache/action-result.ts'
import { type ActionKey, type BlobDigest, blobDigest } from '../../../src/cache/digest.ts'
import type { Found, MeshCache } from '../../../src/cache/mesh-cache.ts'
import type { Parcel, Shelf } from '../../../src/cache/parcel.ts'
import type { PeerId } from '../../../src/protocols/mesh.ts'
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
  costMs: 40,
}

/** A mesh that knows what it is told to, and what it was told. */
class FakeMesh implements Pick<MeshCache, 'find' | 'look' | 'share' | 'end' | 'soleHome'> {
  found: Found = { kind: 'unknown' }
  readonly told: string[] = []
  sole: PeerId | undefined
  soleHome: MeshCache['soleHome'] = () => this.sole
  find: MeshCache['find'] = async (_key, accepts, _signal, spared) => {
    this.told.push(spared === undefined ? 'find' : `find without ${spared}`)
    return this.found.kind === 'known' && !accepts(this.found.parcel.result) ? { kind: 'unknown' } : this.found
  }
  look: MeshCache['look'] = async (_key, accepts) => {
    this.told.push('look')
    return this.found.kind === 'known' && accepts(this.found.parcel.result) ? this.found : undefined
  }
  share: MeshCache['share'] = (_key, from) => this.told.push(`share ${from}`)
  end: MeshCache['end'] = () => this.told.push('end')
}

const SIGNATURE = Uint8Array.of(7)
const PI = 'pi' as PeerId
const OUTPUTS = ['main.o', 'main.d', 'main.su']

/** What a peer has of `RESULT`. */
const PARCEL: Parcel = {
  result: {
    outputs: [...RESULT.outputs].map(([path, bytes]) => ({ path, bytes: bytes.length, digest: blobDigest(bytes) })),
    stdout: RESULT.stdout,
    stderr: RESULT.stderr,
    producer: 'other',
    costMs: 40,
    createdAt: 1,
    signature: Uint8Array.of(9),
  },
  contents: [...RESULT.outputs.values()],
}

function cacheOverMemory() {
  const blobs = new Map<BlobDigest, Uint8Array>()
  const results = new Map<ActionKey, ActionResult>()
  const disk = { full: false, held: 0, rechecked: [] as BlobDigest[] }
  const shelf = {
    results: {
      find: (key) => results.get(key),
      store: async (key, result) => {
        results.set(key, result)
        return true
      },
    },
    blobs: {
      checkable: (digest) => {
        const bytes = blobs.get(digest)
        return bytes && { path: `/blobs/${digest}`, crc32: crc32(bytes) }
      },
      recheck: (digest) => disk.rechecked.push(digest),
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
  } satisfies Shelf
  const mesh = new FakeMesh()
  const signatures = { sign: async () => SIGNATURE }
  const cache = new CompileCache({
    clock: { wallTime: () => 5 },
    log: silentLog,
    // There is never time for what can wait, until the end.
    quiet: { wait: (signal) => once(signal) },
    laterMaxBytes: 1024,
    producer: 'me',
    shelf,
    mesh,
    signatures,
  })
  return { cache, blobs, results, disk, mesh }
}

test('what was kept is found, to the byte', async () => {
  const { cache, results, disk } = cacheOverMemory()
  await cache.keep(KEY, RESULT, 40)
  assert.deepEqual(await cache.seek(KEY, OUTPUTS, NEVER), {
    kind: 'known',
    result: RESULT,
    from: undefined,
  })
  assert.deepEqual(
    { ...results.get(KEY), outputs: [] },
    {
      outputs: [],
      stdout: RESULT.stdout,
      stderr: RESULT.stderr,
      producer: 'me',
      costMs: 40,
      createdAt: 5,
      signature: SIGNATURE,
    },
  )
  assert.equal(disk.held, 0)
})

test('of a large output it is told in which file it lies', async () => {
  const { cache, disk } = cacheOverMemory()
  const large = Buffer.alloc(LAUNCHER_COPY_MIN_BYTES)
  const result = { ...RESULT, outputs: new Map([...RESULT.outputs, ['main.o', large]]) }
  await cache.keep(KEY, result, 40)
  const sought = await cache.seek(KEY, OUTPUTS, NEVER)
  assert.ok(sought.kind === 'known' && sought.result.stored !== undefined)
  const { stored, ...known } = sought.result
  assert.deepEqual(known, result)
  assert.deepEqual([...stored.files], [['main.o', { path: `/blobs/${blobDigest(large)}`, crc32: crc32(large) }]])
  assert.equal(disk.held, 1, 'it is there until it was copied')
  stored.release()
  assert.equal(disk.held, 0)
  stored.doubt()
  assert.deepEqual(disk.rechecked, [blobDigest(large)])
})

test('what is about to be kept lies in a file before it is delivered, if it is large', async () => {
  const { cache, blobs, results } = cacheOverMemory()
  const large = Buffer.alloc(LAUNCHER_COPY_MIN_BYTES)
  const made = { ...RESULT, outputs: new Map([...RESULT.outputs, ['main.o', large]]) }
  const { stored, outputs } = await cache.storeLarge(made)
  assert.deepEqual(
    [[...(stored?.files ?? [])], [...blobs.keys()]],
    [[['main.o', { path: `/blobs/${blobDigest(large)}`, crc32: crc32(large) }]], [blobDigest(large)]],
  )
  assert.equal(outputs, made.outputs)
  await cache.keep(KEY, await cache.storeLarge(made), 40)
  assert.deepEqual(
    results.get(KEY)?.outputs.map(({ digest }) => digest),
    [...made.outputs.values()].map(blobDigest),
  )
})

test('small outputs are not written before they are delivered', async () => {
  const { cache, blobs } = cacheOverMemory()
  assert.equal(await cache.storeLarge(RESULT), RESULT)
  assert.equal(blobs.size, 0)
})

test('on a full disk a large output is sent from memory', async () => {
  const { cache, disk } = cacheOverMemory()
  disk.full = true
  const made = { ...RESULT, outputs: new Map([['main.o', Buffer.alloc(LAUNCHER_COPY_MIN_BYTES)]]) }
  const { stored, outputs } = await cache.storeLarge(made)
  assert.deepEqual([stored?.files.size, outputs], [0, made.outputs])
})

test('a result of which a blob is gone is unknown', async () => {
  const { cache, blobs } = cacheOverMemory()
  await cache.keep(KEY, RESULT, 40)
  blobs.delete(sha256('OBJECT') as BlobDigest)
  assert.equal((await cache.seek(KEY, OUTPUTS, NEVER)).kind, 'unknown')
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
  const first = claimed(await cache.seek(KEY, OUTPUTS, NEVER))
  const others = Array.from({ length: 20 }, () => cache.seek(KEY, OUTPUTS, NEVER))
  await cache.keep(KEY, RESULT, 40)
  first.end()
  for (const sought of await Promise.all(others))
    assert.deepEqual(sought, { kind: 'known', result: RESULT, from: undefined })
})

test('when that gave nothing, those who waited compile without waiting for each other', async () => {
  const { cache } = cacheOverMemory()
  const first = claimed(await cache.seek(KEY, OUTPUTS, NEVER))
  const others = Array.from({ length: 3 }, () => cache.seek(KEY, OUTPUTS, NEVER))
  await setImmediate() // Now they wait.
  first.end()
  assert.deepEqual(
    (await Promise.all(others)).map(({ kind }) => kind),
    ['unknown', 'unknown', 'unknown'],
  )
})

test('who is interrupted waits no longer', async () => {
  const { cache } = cacheOverMemory()
  claimed(await cache.seek(KEY, OUTPUTS, NEVER))
  const interrupted = new AbortController()
  const waiting = cache.seek(KEY, OUTPUTS, interrupted.signal)
  interrupted.abort(new Error('Ctrl-C'))
  await assert.rejects(waiting, /Ctrl-C/)
})

test('what this node does not know it asks the mesh for, once for all who want it', async () => {
  const { cache, mesh } = cacheOverMemory()
  mesh.found = { kind: 'known', parcel: PARCEL, from: PI }
  const all = await Promise.all(Array.from({ length: 20 }, () => cache.seek(KEY, OUTPUTS, NEVER)))
  assert.deepEqual(
    new Set(all.map((sought) => (sought.kind === 'known' ? sought.from : sought.kind))),
    new Set([PI, undefined]),
  )
  for (const sought of all) assert.deepEqual(sought.kind === 'known' && sought.result, RESULT)
  assert.deepEqual(mesh.told, ['find', `share ${PI}`, 'end'])
})

test('what came from a peer is kept here as it came, its producer’s word with it', async () => {
  const { cache, mesh, results } = cacheOverMemory()
  mesh.found = { kind: 'known', parcel: PARCEL, from: PI }
  await cache.seek(KEY, OUTPUTS, NEVER)
  await cache.stop()
  assert.deepEqual(results.get(KEY), PARCEL.result)
  assert.deepEqual(await cache.seek(KEY, OUTPUTS, NEVER), {
    kind: 'known',
    result: RESULT,
    from: undefined,
  })
})

test('a result that names other files than the compile writes is none, wherever it lies', async () => {
  const { cache, mesh, results } = cacheOverMemory()
  mesh.found = { kind: 'known', parcel: PARCEL, from: PI }
  const evil = ['main.o'] // `main.d` was not asked for.
  claimed(await cache.seek(KEY, evil, NEVER)).end()
  results.set(KEY, PARCEL.result)
  claimed(await cache.seek(KEY, evil, NEVER)).end()
  claimed(await cache.seek(KEY, ['other.o', 'main.o', 'main.d'], NEVER)).end()
})

test('what came here while the mesh was asked is found here', async () => {
  const { cache, mesh } = cacheOverMemory()
  mesh.find = async () => {
    await cache.keep(KEY, RESULT, 40)
    return { kind: 'here' }
  }
  assert.deepEqual(await cache.seek(KEY, OUTPUTS, NEVER), {
    kind: 'known',
    result: RESULT,
    from: undefined,
  })
  assert.deepEqual(mesh.told, ['share undefined', 'end'])
})

test('the mesh is told of what was compiled, and when that has ended', async () => {
  const { cache, mesh } = cacheOverMemory()
  const sought = claimed(await cache.seek(KEY, OUTPUTS, NEVER))
  await cache.keep(KEY, RESULT, 40)
  sought.end()
  assert.deepEqual(mesh.told, ['find', 'share undefined', 'end'])
})

test('an interrupted lookup ends its claim, here and in the mesh', async () => {
  const { cache, mesh } = cacheOverMemory()
  mesh.find = () => Promise.reject(new Error('Ctrl-C'))
  await assert.rejects(cache.seek(KEY, OUTPUTS, NEVER), /Ctrl-C/)
  assert.deepEqual(mesh.told, ['end'])
  mesh.find = async () => ({ kind: 'unknown' })
  claimed(await cache.seek(KEY, OUTPUTS, NEVER))
})

function claimed(sought: Sought): Extract<Sought, { kind: 'unknown' }> {
  assert.equal(sought.kind, 'unknown')
  return sought
}

test('a look here asks nobody; a look in the mesh claims nothing, and keeps what it finds', async () => {
  const { cache, mesh } = cacheOverMemory()
  mesh.found = { kind: 'known', parcel: PARCEL, from: PI }
  assert.equal(await cache.look(KEY, OUTPUTS, 'here', NEVER), undefined)
  assert.deepEqual(mesh.told, [])
  assert.deepEqual(await cache.look(KEY, OUTPUTS, 'mesh', NEVER), { kind: 'known', result: RESULT, from: PI })
  await cache.stop()
  assert.deepEqual(mesh.told, ['look', `share ${PI}`])
  assert.deepEqual(await cache.look(KEY, OUTPUTS, 'here', NEVER), {
    kind: 'known',
    result: RESULT,
    from: undefined,
  })
})

test('a look in the mesh takes no result for another command line', async () => {
  const { cache, mesh } = cacheOverMemory()
  mesh.found = { kind: 'known', parcel: PARCEL, from: PI }
  assert.equal(await cache.look(KEY, ['other.o'], 'mesh', NEVER), undefined)
})

test('what is kept later is found at once by this node, and by all after its end', async () => {
  const { cache, mesh } = cacheOverMemory()
  cache.keepLater(KEY, RESULT, 40)
  assert.deepEqual(await cache.look(KEY, OUTPUTS, 'here', NEVER), {
    kind: 'known',
    result: RESULT,
    from: undefined,
  })
  assert.deepEqual(mesh.told, [])
  await cache.stop()
  assert.deepEqual(mesh.told, ['share undefined'])
  assert.deepEqual(await cache.look(KEY, OUTPUTS, 'here', NEVER), {
    kind: 'known',
    result: RESULT,
    from: undefined,
  })
})

test('what has no room to wait is kept at once', async () => {
  const { cache, mesh } = cacheOverMemory()
  await cache.keepLater(KEY, { ...RESULT, stdout: new Uint8Array(2048) }, 40)
  assert.deepEqual(mesh.told, ['share undefined'])
})

test('who waits for a compile finds what is kept later', async () => {
  const { cache } = cacheOverMemory()
  const first = await cache.seek(KEY, OUTPUTS, NEVER)
  const second = cache.seek(KEY, OUTPUTS, NEVER)
  assert.ok(first.kind === 'unknown')
  await setImmediate() // It waits by now.
  cache.keepLater(KEY, RESULT, 40)
  first.end()
  assert.deepEqual(await second, { kind: 'known', result: RESULT, from: undefined })
})

/** Rejects when the signal comes. */
function once(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
}

test('the only peer that could know is not asked when it is to compile, and is offered nothing then', async () => {
  const { cache, mesh } = cacheOverMemory()
  const asked: PeerId[] = []
  const spares = (peer: PeerId) => asked.push(peer) > 0
  await cache.seek(KEY, OUTPUTS, NEVER, spares)
  mesh.sole = PI
  const other = sha256('other') as ActionKey
  await cache.seek(other, OUTPUTS, NEVER, spares)
  await cache.seek(sha256('third') as ActionKey, OUTPUTS, NEVER, () => false)
  assert.deepEqual(asked, [PI])
  await cache.keep(other, RESULT, 40, PI)
  assert.deepEqual(mesh.told, ['find', `find without ${PI}`, 'find', `share ${PI}`])
})

test('what is kept here alone is found, and nobody is told', async () => {
  const { cache, mesh } = cacheOverMemory()
  await cache.keepHere(KEY, RESULT, 40)
  assert.equal((await cache.look(KEY, OUTPUTS, 'here', NEVER))?.result.costMs, 40)
  assert.deepEqual(mesh.told, [])
})
