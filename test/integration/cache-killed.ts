import { systemClock } from '../../src/base/clock.ts'
import { sha256 } from '../../src/base/digest.ts'
import { silentLog } from '../../src/base/log.ts'
import { systemRandom } from '../../src/base/random.ts'
import { createCache } from '../../src/cache/cache.ts'
import { type ActionKey, blobDigest } from '../../src/cache/digest.ts'
import { systemDisk } from '../../src/cache/system-disk.ts'

// A node's cache that stores compiles until it is killed. Its arguments: folder, most bytes, first number. Says `stored N`.

const [folder = '', maxBytes = '0', first = '0'] = process.argv.slice(2)
const cache = createCache(
  { disk: systemDisk, clock: systemClock, random: systemRandom, log: silentLog },
  { folder, maxBytes: Number(maxBytes) },
)
await cache.start()
for (let number = Number(first); ; number += 1) {
  await Promise.all([0, 1, 2].map((part) => storeCompile(`${number}.${part}`)))
  process.stdout.write(`stored ${number}\n`)
}

/** Sizes differ, so that kills meet small and large writes. */
async function storeCompile(name: string): Promise<void> {
  const bytes = Buffer.alloc(1 + (Number.parseInt(sha256(name).slice(0, 5), 16) % 400_000), name)
  const digest = blobDigest(bytes)
  await cache.blobs.write(digest, bytes)
  await cache.results.store(sha256(name) as ActionKey, {
    outputs: [{ path: name, digest, bytes: bytes.length }],
    stdout: new Uint8Array(),
    stderr: Buffer.from(name),
    producer: 'killed',
    costMs: 1,
    createdAt: systemClock.wallTime(),
  })
}
