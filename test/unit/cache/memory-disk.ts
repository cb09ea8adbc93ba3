import { type Disk, DiskError, type DiskStat } from '../../../src/cache/disk.ts'

interface StoredFile {
  bytes: Uint8Array
  mtimeMs: number
  readonly ino: number
}

/** What becomes of one operation; `late` ones are done once `release` is called. */
export type Fate = 'done' | 'late' | 'full' | 'failed' | 'killed'
export type Operation = 'read' | 'write' | 'rename' | 'remove' | 'makeFolder' | 'setMtime'

/** A disk in memory on which everything can go wrong, at a moment of the test's choosing. */
export class MemoryDisk implements Disk {
  readonly files = new Map<string, StoredFile>()
  readonly calls = { stat: 0, read: 0 }
  /** Asked before each operation that takes time. A write that does not end well leaves half of its bytes; a killed one never returns. */
  fate: (operation: Operation, path: string) => Fate = () => 'done'
  /** Lets all that is late be done. */
  readonly release: () => void
  readonly #released: Promise<void>
  readonly #wallTime: () => number
  #lastIno = 0

  constructor(wallTime: () => number) {
    this.#wallTime = wallTime
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#released = promise
    this.release = resolve
  }

  stat(path: string): DiskStat | undefined {
    this.calls.stat += 1
    const file = this.files.get(path)
    return file && { bytes: file.bytes.length, mtimeMs: file.mtimeMs, ino: file.ino }
  }

  readNow(path: string, maxBytes: number): Uint8Array | undefined {
    this.calls.read += 1
    const bytes = this.files.get(path)?.bytes
    return bytes === undefined || bytes.length > maxBytes ? undefined : bytes.slice()
  }

  async read(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    await this.#meet(this.fate('read', path))
    return this.readNow(path, maxBytes)
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    const fate = this.fate('write', path)
    const stored = fate === 'done' || fate === 'late' ? bytes.slice() : bytes.slice(0, bytes.length / 2)
    this.#lastIno += 1
    this.files.set(path, { bytes: stored, mtimeMs: this.#wallTime(), ino: this.#lastIno })
    await this.#meet(fate)
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#meet(this.fate('rename', to))
    const file = this.files.get(from)
    if (file === undefined) throw new DiskError({ code: 'DISK_FAILED', errno: 'ENOENT' }, from)
    this.files.delete(from)
    this.files.set(to, file)
  }

  async remove(path: string): Promise<void> {
    await this.#meet(this.fate('remove', path))
    this.files.delete(path)
  }

  async makeFolder(path: string): Promise<void> {
    await this.#meet(this.fate('makeFolder', path))
  }

  async list(folder: string): Promise<readonly string[]> {
    const inside = [...this.files.keys()].filter((path) => path.startsWith(`${folder}/`))
    return [...new Set(inside.map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''))]
  }

  async setMtime(path: string, mtimeMs: number): Promise<void> {
    await this.#meet(this.fate('setMtime', path))
    const file = this.files.get(path)
    if (file === undefined) throw new DiskError({ code: 'DISK_FAILED', errno: 'ENOENT' }, path)
    file.mtimeMs = mtimeMs
  }

  /** Changes one bit of a file (counted on from its beginning, if it is shorter), as a bad disk would: nothing else shows it. */
  flip(path: string, bit = 0): void {
    const file = this.files.get(path)
    if (file === undefined) throw new Error(`no file at ${path}`)
    const bytes = file.bytes.slice()
    const at = (bit >> 3) % bytes.length
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7))
    file.bytes = bytes
  }

  async #meet(fate: Fate): Promise<void> {
    if (fate === 'done') return
    if (fate === 'late') return this.#released
    if (fate === 'killed') return new Promise(() => undefined)
    const full = fate === 'full'
    throw new DiskError(
      full ? { code: 'DISK_FULL', errno: 'ENOSPC' } : { code: 'DISK_FAILED', errno: 'EIO' },
      'the disk failed',
    )
  }
}
