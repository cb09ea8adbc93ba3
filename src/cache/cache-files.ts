import type { Clock } from '../base/clock.ts'
import type { Sha256Hex } from '../base/digest.ts'
import { messageOf } from '../base/errors.ts'
import type { Logger } from '../base/log.ts'
import type { Random } from '../base/random.ts'
import { bytesOnDisk, type CacheFile, cacheFile, folderOf, isChanged, pathOf, type Shelf } from './cache-file.ts'
import { CacheIndex } from './cache-index.ts'
import type { Disk } from './disk.ts'
import { findFiles } from './find-files.ts'
import { SavedUses } from './saved-uses.ts'

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

/**
 * Files on disk named by a SHA-256, least recently used ones making room for new ones. The index is made from the folders at
 * each start, so there is none on disk to be damaged: a file is whole once it has its name, and whoever reads it checks that.
 */
export class CacheFiles {
  readonly #disk: Disk
  readonly #clock: Clock
  readonly #log: Logger
  readonly #folder: string
  readonly #maxBytes: number
  readonly #uses: SavedUses
  readonly #writes = new Map<Sha256Hex, Promise<boolean>>()
  readonly #removals = new Map<Sha256Hex, Promise<void>>()
  readonly #foldersMade = new Set<string>()
  readonly #stopping = new AbortController()
  readonly index = new CacheIndex()
  /** What happened since the start: files evicted for others, files found corrupt or gone, writes that failed. */
  readonly counts = { evicted: 0, dropped: 0, unwritten: 0 }
  /** Tells the temporary files of this node from those that an earlier one left behind. */
  readonly #run: string
  #temporary = 0
  #loading: Promise<void> | undefined
  #loaded = false

  constructor({ disk, clock, random, log }: CacheFilesComponents, { folder, maxBytes }: CacheFilesInit) {
    this.#disk = disk
    this.#clock = clock
    this.#log = log
    this.#folder = folder
    this.#maxBytes = maxBytes
    this.#run = random.hex(8)
    this.#uses = new SavedUses({ clock, save: (file) => this.#saveUse(file) })
  }

  /** Whether all that lies on disk is in the index. */
  get loaded(): boolean {
    return this.#loaded
  }

  /** Begins to read the folders. Everything works meanwhile: what is not in the index yet is looked for on disk. */
  async start(): Promise<void> {
    this.#loading ??= this.#load(this.#stopping.signal)
    this.#uses.start()
  }

  /** Resolves when all that lies on disk is in the index. */
  async whenLoaded(): Promise<void> {
    await this.#loading
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the cache is stopping'))
    await Promise.all([this.#loading, ...this.#writes.values()])
    await this.whenRemoved()
    await this.#uses.stop()
  }

  /** The file of this name, as far as the index knows. */
  get(shelf: Shelf, name: Sha256Hex): CacheFile | undefined {
    const file = this.index.get(name)
    if (file !== undefined) return file.shelf === shelf ? file : undefined
    if (this.#loaded || this.#loading === undefined || this.#removals.has(name)) return undefined
    return this.#adopt(shelf, name)
  }

  /** Counts as a use: it will be evicted after those that were not used since. */
  use(file: CacheFile): void {
    if (!this.index.has(file)) return
    this.index.use(file)
    file.usedAt = this.#clock.wallTime()
    this.#uses.note(file)
  }

  /** The content, unchecked; undefined when it cannot be read. For small files: it is read at once. */
  readNow(file: CacheFile): Uint8Array | undefined {
    return this.#disk.readNow(this.#pathOf(file), file.bytes)
  }

  /** The content, unchecked; undefined when it cannot be read. It is not evicted meanwhile. */
  async read(file: CacheFile): Promise<Uint8Array | undefined> {
    const release = this.hold([file.name])
    try {
      return await this.#disk.read(this.#pathOf(file), file.bytes)
    } finally {
      release()
    }
  }

  /** Whether the file is as it was when its content was last found right. */
  isUnchanged(file: CacheFile): boolean {
    const stat = this.#disk.stat(this.#pathOf(file))
    return stat !== undefined && file.checked !== undefined && !isChanged(file.checked, stat)
  }

  /** Its content was just found to be right. */
  setChecked(file: CacheFile): void {
    file.checked = this.#disk.stat(this.#pathOf(file))
  }

  /** Stores a file, unless it is there. Resolves to whether it is there then. Never rejects. */
  write(shelf: Shelf, name: Sha256Hex, bytes: Uint8Array): Promise<boolean> {
    const known = this.get(shelf, name)
    if (known !== undefined) {
      this.use(known)
      return Promise.resolve(true)
    }
    const running = this.#writes.get(name)
    if (running !== undefined) return running
    const writing = this.#write(shelf, name, bytes).finally(() => this.#writes.delete(name))
    this.#writes.set(name, writing)
    return writing
  }

  /** Takes a file out that was found corrupt or gone. */
  drop(file: CacheFile): void {
    if (!this.index.has(file)) return
    this.counts.dropped += 1
    this.#remove(file)
  }

  /** Takes a file out that another of its name is to follow. */
  discard(file: CacheFile): void {
    if (this.index.has(file)) this.#remove(file)
  }

  /** Takes a file out unless it is held. Returns whether it did. */
  takeOut(file: CacheFile): boolean {
    if (!this.index.has(file) || this.index.isHeld(file.name)) return false
    this.#remove(file)
    return true
  }

  /** Resolves when all that was taken out is gone from the disk. */
  async whenRemoved(): Promise<void> {
    await Promise.all(this.#removals.values())
  }

  /** Keeps files from eviction until released, those not stored yet too. What is held is stored even if it does not fit. */
  hold(names: Iterable<Sha256Hex>): () => void {
    let held: readonly Sha256Hex[] = [...names]
    for (const name of held) this.index.hold(name)
    return () => {
      for (const name of held) this.index.release(name)
      held = []
      this.#makeRoom(0)
    }
  }

  async #write(shelf: Shelf, name: Sha256Hex, bytes: Uint8Array): Promise<boolean> {
    await this.#removals.get(name)
    const size = bytesOnDisk(bytes.length)
    if (size > this.#maxBytes && !this.index.isHeld(name)) return false
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
      this.#foldersMade.clear() // Somebody may have removed them.
      await this.#disk.remove(temporary).catch(() => undefined) // The next start removes it.
      return false
    }
    const stat = this.#disk.stat(path)
    if (stat?.bytes !== bytes.length) return false // Somebody is at it at this very moment.
    // While the folders are being read it may have been found there.
    if (this.index.get(name) === undefined) this.index.add({ ...cacheFile(shelf, name, stat), checked: stat })
    this.#makeRoom(0) // Others were written at the same time.
    return true
  }

  async #makeFolder(folder: string): Promise<void> {
    if (this.#foldersMade.has(folder)) return
    await this.#disk.makeFolder(`${this.#folder}/${folder}`)
    this.#foldersMade.add(folder)
  }

  /** Evicts until `bytes` more fit, or all that is left is held. */
  #makeRoom(bytes: number): void {
    if (!this.#loaded) return // Nobody knows yet which were used last.
    for (const file of this.index.excess(this.#maxBytes - bytes)) {
      this.counts.evicted += 1
      this.#remove(file)
    }
  }

  #remove(file: CacheFile): void {
    this.index.remove(file)
    this.#uses.forget(file)
    const removal = this.#disk
      .remove(this.#pathOf(file))
      .catch((error: unknown) => this.#log.debug('the cache could not remove a file', { why: messageOf(error) }))
      .finally(() => this.#removals.delete(file.name))
    this.#removals.set(file.name, removal)
  }

  async #load(signal: AbortSignal): Promise<void> {
    const found: CacheFile[] = []
    for await (const files of findFiles(this.#disk, this.#folder)) {
      if (signal.aborted) return
      for (const file of files) {
        if (this.index.get(file.name) !== undefined || this.#removals.has(file.name)) continue
        this.index.addOldest(file)
        found.push(file)
      }
    }
    this.#orderByUse(found)
    this.#loaded = true
    this.#makeRoom(0)
    await this.#removeLeftovers()
  }

  /** Puts what an earlier node left in its order, before all that was used since this one started. */
  #orderByUse(found: readonly CacheFile[]): void {
    const now = this.#clock.wallTime()
    const unused = found.filter((file) => this.index.has(file) && file.usedAt === file.savedAt)
    for (const file of unused.sort((a, b) => b.usedAt - a.usedAt)) {
      this.index.age(file)
      if (file.savedAt <= now) continue
      file.usedAt = now // Of the future: the clock was set back, or the file system's is another.
      this.#uses.note(file)
    }
  }

  /** While the folders are being read: a file that is asked for is looked for at once. */
  #adopt(shelf: Shelf, name: Sha256Hex): CacheFile | undefined {
    const stat = this.#disk.stat(`${this.#folder}/${pathOf(shelf, name)}`)
    if (stat === undefined) return undefined
    const file = cacheFile(shelf, name, stat)
    this.index.add(file)
    return file
  }

  async #removeLeftovers(): Promise<void> {
    for (const name of await this.#disk.list(`${this.#folder}/${TEMPORARY_FOLDER}`)) {
      if (name.startsWith(this.#run)) continue
      await this.#disk.remove(`${this.#folder}/${TEMPORARY_FOLDER}/${name}`).catch(() => undefined) // The next start tries again.
    }
  }

  async #saveUse(file: CacheFile): Promise<void> {
    const { usedAt, checked } = file
    const isUnchanged = this.isUnchanged(file)
    try {
      await this.#disk.setMtime(this.#pathOf(file), usedAt)
    } catch {
      return // Gone, or a disk that cannot be written: only the order of eviction after a restart suffers.
    }
    file.savedAt = usedAt
    if (checked !== undefined && isUnchanged) file.checked = { ino: checked.ino, mtimeMs: usedAt }
  }

  #pathOf({ shelf, name }: CacheFile): string {
    return `${this.#folder}/${pathOf(shelf, name)}`
  }
}

/** On the same file system as the shelves, so that a rename is one step. */
const TEMPORARY_FOLDER = 'tmp'
