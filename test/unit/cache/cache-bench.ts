import { silentLog } from '../../../src/base/log.ts'
import { type Cache, createCache } from '../../../src/cache/cache.ts'
import { type BlobDigest, blobDigest } from '../../../src/cache/digest.ts'
import { SimClock } from '../../sim/clock.ts'
import { SimRandom } from '../../sim/random.ts'
import { MemoryDisk } from './memory-disk.ts'

export const FOLDER = '/home/cache'
export const KIB = 1024

/** A cache over a disk and a clock that the test owns. */
export class CacheBench {
  readonly clock = new SimClock()
  /** What was added to the machine's clock since. */
  clockOffsetMs = 0
  readonly disk = new MemoryDisk(() => this.#wallTime())
  cache: Cache
  #nodes = 0

  constructor(maxBytes = 1024 * KIB) {
    this.cache = this.#newCache(maxBytes)
  }

  /** A bench whose cache has started and read its folders. */
  static async started(maxBytes?: number): Promise<CacheBench> {
    const bench = new CacheBench(maxBytes)
    await bench.cache.start()
    await bench.cache.whenLoaded()
    return bench
  }

  /** Another node over what is on the disk now. The one before is as if killed: it is not asked to stop. */
  async restart(maxBytes = 1024 * KIB): Promise<void> {
    this.disk.fate = () => 'done'
    this.cache = this.#newCache(maxBytes)
    await this.cache.start()
    await this.cache.whenLoaded()
  }

  /** Stores a blob that is told apart from others by a word, of one block unless said otherwise. */
  async store(word: string, size?: number): Promise<BlobDigest> {
    const { digest, bytes } = blobOf(word, size)
    await this.cache.blobs.write(digest, bytes)
    return digest
  }

  pathOf(digest: BlobDigest): string {
    return `${FOLDER}/blobs/${digest.slice(0, 2)}/${digest.slice(2)}`
  }

  #newCache(maxBytes: number): Cache {
    this.#nodes += 1
    const { clock, disk } = this
    const shifted = {
      now: () => clock.now(),
      wallTime: () => this.#wallTime(),
      sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms, signal),
    }
    const components = { disk, clock: shifted, random: new SimRandom(this.#nodes), log: silentLog }
    return createCache(components, { folder: FOLDER, maxBytes })
  }

  #wallTime(): number {
    return this.clock.wallTime() + this.clockOffsetMs
  }
}

export function blobOf(word: string, size = 4 * KIB): { readonly digest: BlobDigest; readonly bytes: Uint8Array } {
  const bytes = new Uint8Array(size).fill(32)
  bytes.set(new TextEncoder().encode(word).subarray(0, size))
  return { digest: blobDigest(bytes), bytes }
}

/** What bytes of `blobOf` begin with; undefined stays undefined. */
export function wordOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && new TextDecoder().decode(bytes).trimEnd()
}
