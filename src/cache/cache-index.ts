import type { Sha256Hex } from '../base/digest.ts'
import { bytesOnDisk, type CacheFile, type Shelf } from './cache-file.ts'
import { UseOrder } from './use-order.ts'

/** What is known of a cache's files, in memory: which there are, how large they are, which were used last, which must stay. */
export class CacheIndex {
  readonly #files = new Map<Sha256Hex, CacheFile>()
  readonly #order = new UseOrder<CacheFile>()
  readonly #holds = new Map<Sha256Hex, number>()
  readonly #counts: Record<Shelf, number> = { blobs: 0, results: 0 }
  #bytes = 0

  /** What all files take on disk. */
  get bytes(): number {
    return this.#bytes
  }

  get counts(): Readonly<Record<Shelf, number>> {
    return this.#counts
  }

  /** All files, in no order. */
  all(): readonly CacheFile[] {
    return [...this.#files.values()]
  }

  get(name: Sha256Hex): CacheFile | undefined {
    return this.#files.get(name)
  }

  /** Whether this very file is in the index: it may have been taken out, and another of its name put in. */
  has(file: CacheFile): boolean {
    return this.#files.get(file.name) === file
  }

  /** Adds a file as used just now. */
  add(file: CacheFile): void {
    this.#order.addNewest(file)
    this.#count(file)
  }

  /** Adds a file as used before all others. */
  addOldest(file: CacheFile): void {
    this.#order.addOldest(file)
    this.#count(file)
  }

  use(file: CacheFile): void {
    this.#order.use(file)
  }

  /** From now on it counts as used before all others. */
  age(file: CacheFile): void {
    this.#order.remove(file)
    this.#order.addOldest(file)
  }

  remove(file: CacheFile): void {
    this.#files.delete(file.name)
    this.#order.remove(file)
    this.#bytes -= bytesOnDisk(file.bytes)
    this.#counts[file.shelf] -= 1
  }

  /** The files to be evicted for the rest to have at most `maxBytes`, or fewer if too much is held. */
  excess(maxBytes: number): readonly CacheFile[] {
    const files: CacheFile[] = []
    let bytes = this.#bytes
    for (let file = this.#order.oldest; file !== undefined && bytes > maxBytes; file = file.newer) {
      if (this.#holds.has(file.name)) continue
      files.push(file)
      bytes -= bytesOnDisk(file.bytes)
    }
    return files
  }

  isHeld(name: Sha256Hex): boolean {
    return this.#holds.has(name)
  }

  /** Holds count: as many releases as holds. */
  hold(name: Sha256Hex): void {
    this.#holds.set(name, (this.#holds.get(name) ?? 0) + 1)
  }

  release(name: Sha256Hex): void {
    const count = (this.#holds.get(name) ?? 1) - 1
    if (count === 0) this.#holds.delete(name)
    else this.#holds.set(name, count)
  }

  #count(file: CacheFile): void {
    this.#files.set(file.name, file)
    this.#bytes += bytesOnDisk(file.bytes)
    this.#counts[file.shelf] += 1
  }
}
