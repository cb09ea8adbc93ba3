import type { Clock } from '../base/clock.ts'
import { isSha256, type Sha256Hex } from '../base/digest.ts'
import { messageOf } from '../base/errors.ts'
import {
  CACHE_REMOVALS_AT_ONCE_MAX,
  CACHE_USE_COARSENESS_MS,
  CACHE_USES_SAVE_MS,
  CACHE_USES_SAVED_AT_ONCE_MAX,
} from '../base/limits.ts'
import type { Logger } from '../base/log.ts'
import type { Random } from '../base/random.ts'
import {
  bytesOnDisk,
  type CacheFile,
  cacheFile,
  folderOf,
  isChanged,
  pathOf,
  SHELVES,
  type Shelf,
} from './cache-file.ts'
import type { Disk } from './disk.ts'
import { UseOrder } from './use-order.ts'

export interface CacheFilesComponents {
  readonly disk: Disk
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
}

export interface CacheFilesInit {
  /** Absolute. Made when first needed. */
  readonly folder: string
  readonly maxBytes: number
}

/** What happened since the start. */
export interface CacheFilesCounts {
  evicted: number
  /** Found to be corrupt or gone. */
  dropped: number
  unwritten: number
}

/**
 * Files on disk named by a SHA-256, least recently used ones making room for new ones. The index is in memory and made from
 * the folders at each start, so there is none to be damaged: a file is whole once it has its name, and whoever reads it
 * checks that.
 */
export class CacheFiles {
  readonly #disk: Disk
  readonly #clock: Clock
  readonly #random: Random
  readonly #log: Logger
  readonly #folder: string
  readonly #maxBytes: number
  readonly #files = new Map<Sha256Hex, CacheFile>()
  readonly #order = new UseOrder<CacheFile>()
  readonly #holds = new Map<Sha256Hex, number>()
  readonly #writes = new Map<Sha256Hex, Promise<boolean>>()
  readonly #removals = new Map<Sha256Hex, Promise<void>>()
  /** Files whose last use is not on disk yet. */
  readonly #unsaved = new Set<CacheFile>()
  readonly #folders = new Set<string>()
  readonly #stopping = new AbortController()
  readonly counts: CacheFilesCounts = { evicted: 0, dropped: 0, unwritten: 0 }
  /** Tells the temporary files of this node from what an earlier one left behind. */
  readonly #run: string
  #temporary = 0
  #bytes = 0
  #loading: Promise<void> | undefined
  #loaded = false
  #saving: Promise<void> | undefined

  constructor({ disk, clock, random, log }: CacheFilesComponents, { folder, maxBytes }: CacheFilesInit) {
    this.#disk = disk
    this.#clock = clock
    this.#random = random
    this.#log = log
    this.#folder = folder
    this.#maxBytes = maxBytes
    this.#run = this.#random.hex(8)
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Whether all that lies on disk is in the index. */
  get loaded(): boolean {
    return this.#loaded
  }

  /** All files of a shelf, in no order. */
  all(shelf: Shelf): readonly CacheFile[] {
    return [...this.#files.values()].filter((file) => file.shelf === shelf)
  }

  /** Begins to read the folders. Everything works meanwhile: what is not in the index yet is looked for on disk. */
  async start(): Promise<void> {
    this.#loading ??= this.#load()
    this.#saving ??= this.#saveUses(this.#stopping.signal)
  }

  /** Resolves when all that lies on disk is in the index. */
  async whenLoaded(): Promise<void> {
    await this.#loading
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the cache is stopping'))
    await Promise.all([this.#loading, this.#saving, ...this.#writes.values()])
    await Promise.all(this.#removals.values())
    await this.#saveBatch(Number.POSITIVE_INFINITY)
  }

  /** The file of this name, as far as the index knows. */
  get(shelf: Shelf, name: Sha256Hex): CacheFile | undefined {
    const file = this.#files.get(name)
    if (file !== undefined) return file.shelf === shelf ? file : undefined
    return this.#loaded || this.#removals.has(name) ? undefined : this.#adopt(shelf, name)
  }

  /** Counts as a use: it will be evicted after those that were not used since. */
  use(file: CacheFile): void {
    if (this.#files.get(file.name) !== file) return
    this.#order.use(file)
    file.usedAt = this.#clock.wallTime()
    // The clock may have been set back: then what stands on disk is of the future, and would never grow old.
    if (Math.abs(file.usedAt - file.savedAt) > CACHE_USE_COARSENESS_MS) this.#unsaved.add(file)
  }

  /** The content, unchecked; undefined when it cannot be read. For small files: it is read at once. */
  readNow(file: CacheFile): Uint8Array | undefined {
    return this.#disk.readNow(this.absolutePath(file), file.bytes)
  }

  /** The content, unchecked; undefined when it cannot be read. It is not evicted meanwhile. */
  async read(file: CacheFile): Promise<Uint8Array | undefined> {
    const release = this.hold([file.name])
    try {
      return await this.#disk.read(this.absolutePath(file), file.bytes)
    } finally {
      release()
    }
  }

  /** Whether the file is as it was when its content was last found right. */
  isUnchanged(file: CacheFile): boolean {
    const stat = this.#disk.stat(this.absolutePath(file))
    return stat !== undefined && file.checked !== undefined && !isChanged(file.checked, stat)
  }

  /** Its content was just found to be right. */
  setChecked(file: CacheFile): void {
    file.checked = this.#disk.stat(this.absolutePath(file))
  }

  /** Stores a file, unless it is there. Resolves to whether it is there then. Never rejects. */
  write(shelf: Shelf, name: Sha256Hex, bytes: Uint8Array): Promise<boolean> {
    const known = this.get(shelf, name)
    if (known !== undefined) {
      this.use(known)
      return Promise.resolve(true)
    }
    const writing = this.#writes.get(name)
    if (writing !== undefined) return writing
    const started = this.#write(shelf, name, bytes).finally(() => this.#writes.delete(name))
    this.#writes.set(name, started)
    return started
  }

  /** Takes a file out that was found corrupt or gone. */
  drop(file: CacheFile): void {
    if (this.#files.get(file.name) !== file) return
    this.counts.dropped += 1
    this.#remove(file)
  }

  /** Removes all that is not held. Resolves when it is gone. */
  async clear(): Promise<void> {
    await this.#loading
    for (const file of [...this.#files.values()]) {
      if (this.#holds.has(file.name)) continue
      this.#remove(file)
      if (this.#removals.size >= CACHE_REMOVALS_AT_ONCE_MAX) await Promise.all(this.#removals.values())
    }
    await Promise.all(this.#removals.values())
  }

  /** Keeps files from eviction until released, those not stored yet too. What is held is stored even if it does not fit. */
  hold(names: Iterable<Sha256Hex>): () => void {
    const held = [...names]
    for (const name of held) this.#holds.set(name, (this.#holds.get(name) ?? 0) + 1)
    let released = false
    return () => {
      if (released) return
      released = true
      for (const name of held) this.#letGo(name)
      this.#makeRoom(0)
    }
  }

  absolutePath({ shelf, name }: CacheFile): string {
    return `${this.#folder}/${pathOf(shelf, name)}`
  }

  #letGo(name: Sha256Hex): void {
    const count = (this.#holds.get(name) ?? 1) - 1
    if (count === 0) this.#holds.delete(name)
    else this.#holds.set(name, count)
  }

  async #write(shelf: Shelf, name: Sha256Hex, bytes: Uint8Array): Promise<boolean> {
    await this.#removals.get(name)
    const size = bytesOnDisk(bytes.length)
    if (size > this.#maxBytes && !this.#holds.has(name)) return false
    this.#makeRoom(size)
    this.#temporary += 1
    const temporary = `${this.#folder}/${TEMPORARY_FOLDER}/${this.#run}-${this.#temporary}`
    const path = `${this.#folder}/${pathOf(shelf, name)}`
    try {
      await this.#makeFolder(TEMPORARY_FOLDER)
      await this.#makeFolder(folderOf(shelf, name))
      await this.#disk.write(temporary, bytes)
      await this.#disk.rename(temporary, path)
    } catch (error) {
      this.counts.unwritten += 1
      this.#log.debug('the cache could not store a file', { why: messageOf(error) })
      this.#folders.clear() // Somebody may have removed them.
      await this.#disk.remove(temporary).catch(() => undefined) // The next start removes it.
      return false
    }
    const stat = this.#disk.stat(path)
    if (stat?.bytes !== bytes.length) return false
    const file = { ...cacheFile(shelf, name, stat), checked: stat }
    this.#files.set(name, file)
    this.#order.addNewest(file)
    this.#bytes += size
    return true
  }

  async #makeFolder(folder: string): Promise<void> {
    if (this.#folders.has(folder)) return
    await this.#disk.makeFolder(`${this.#folder}/${folder}`)
    this.#folders.add(folder)
  }

  /** Evicts until `bytes` more fit, or all that is left is held. */
  #makeRoom(bytes: number): void {
    let next = this.#order.oldest
    while (next !== undefined && this.#bytes + bytes > this.#maxBytes) {
      const file = next
      next = file.newer
      if (this.#holds.has(file.name)) continue
      this.counts.evicted += 1
      this.#remove(file)
    }
  }

  #remove(file: CacheFile): void {
    this.#files.delete(file.name)
    this.#order.remove(file)
    this.#unsaved.delete(file)
    this.#bytes -= bytesOnDisk(file.bytes)
    const removal = this.#disk
      .remove(this.absolutePath(file))
      .catch((error: unknown) => this.#log.debug('the cache could not remove a file', { why: messageOf(error) }))
      .finally(() => this.#removals.delete(file.name))
    this.#removals.set(file.name, removal)
  }

  async #load(): Promise<void> {
    const found: CacheFile[] = []
    for (const shelf of SHELVES) {
      for (const prefix of await this.#disk.list(`${this.#folder}/${shelf}`)) {
        if (this.#stopping.signal.aborted) return
        for (const rest of await this.#disk.list(`${this.#folder}/${shelf}/${prefix}`)) {
          const name = prefix + rest
          if (prefix.length !== 2 || !isSha256(name) || this.#files.has(name) || this.#removals.has(name)) continue
          const stat = this.#disk.stat(`${this.#folder}/${pathOf(shelf, name)}`)
          if (stat !== undefined) found.push(cacheFile(shelf, name, stat))
        }
      }
    }
    this.#addOlder(found)
    this.#loaded = true
    this.#makeRoom(0)
    await this.#removeLeftovers()
  }

  /** Adds what an earlier node left, as used before all that was used since this one started. */
  #addOlder(found: CacheFile[]): void {
    const now = this.#clock.wallTime()
    for (const file of found.sort((a, b) => b.usedAt - a.usedAt)) {
      if (this.#files.has(file.name) || this.#removals.has(file.name)) continue
      this.#files.set(file.name, file)
      this.#order.addOldest(file)
      this.#bytes += bytesOnDisk(file.bytes)
      if (file.savedAt <= now) continue
      file.usedAt = now
      this.#unsaved.add(file)
    }
  }

  /** While the folders are being read: a file that is asked for is looked for at once. */
  #adopt(shelf: Shelf, name: Sha256Hex): CacheFile | undefined {
    if (this.#loading === undefined) return undefined
    const stat = this.#disk.stat(`${this.#folder}/${pathOf(shelf, name)}`)
    if (stat === undefined) return undefined
    const file = cacheFile(shelf, name, stat)
    this.#files.set(name, file)
    this.#order.addNewest(file)
    this.#bytes += bytesOnDisk(file.bytes)
    return file
  }

  async #removeLeftovers(): Promise<void> {
    for (const name of await this.#disk.list(`${this.#folder}/${TEMPORARY_FOLDER}`)) {
      if (name.startsWith(this.#run)) continue
      await this.#disk.remove(`${this.#folder}/${TEMPORARY_FOLDER}/${name}`).catch(() => undefined) // The next start tries again.
    }
  }

  async #saveUses(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#clock.sleep(CACHE_USES_SAVE_MS, signal).catch(() => undefined) // Stopped: the loop ends.
      await this.#saveBatch(CACHE_USES_SAVED_AT_ONCE_MAX)
    }
  }

  async #saveBatch(max: number): Promise<void> {
    let left = max
    for (const file of this.#unsaved) {
      if (left === 0) return
      left -= 1
      this.#unsaved.delete(file)
      await this.#saveUse(file)
    }
  }

  async #saveUse(file: CacheFile): Promise<void> {
    const path = this.absolutePath(file)
    const { usedAt, checked } = file
    const isChecked = checked !== undefined && this.isUnchanged(file)
    try {
      await this.#disk.setMtime(path, usedAt)
    } catch {
      return // Gone, or a disk that cannot be written: only the order of eviction after a restart suffers.
    }
    file.savedAt = usedAt
    if (isChecked) file.checked = { ino: checked.ino, mtimeMs: usedAt }
  }
}

/** On the same file system as the shelves, so that a rename is one step. */
const TEMPORARY_FOLDER = 'tmp'
