import { createHash } from 'node:crypto'
import { realpathSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Clock } from '../base/clock.ts'
import { isSha256, type Sha256Hex } from '../base/digest.ts'
import { isSettled } from './includes/settled.ts'

/** What changes when a file is replaced or written to. Numbers in decimal: times have nanoseconds. */
export interface FileStamp {
  readonly path: string
  readonly dev: string
  readonly ino: string
  readonly size: string
  readonly mtimeNs: string
  readonly ctimeNs: string
}

/** Undefined where there is no regular file. Follows links. About 3 µs when the kernel knows the file. */
export function stampFile(path: string): FileStamp | undefined {
  const found = statOf(path)
  if (found === undefined || !found.isFile()) return undefined
  const { dev, ino, size, mtimeNs, ctimeNs } = found
  return { path, dev: `${dev}`, ino: `${ino}`, size: `${size}`, mtimeNs: `${mtimeNs}`, ctimeNs: `${ctimeNs}` }
}

/** Whether all files are still what they were. */
export function areUnchanged(stamps: readonly FileStamp[]): boolean {
  return stamps.every((stamp) => isSameFile(stampFile(stamp.path), stamp))
}

/** Whether two stamps are of one file, under whatever names. */
export function isSameFile(one: FileStamp | undefined, other: FileStamp | undefined): boolean {
  return one !== undefined && other !== undefined && FIELDS.every((field) => one[field] === other[field])
}

const FIELDS = ['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'] as const

/** Where nothing is, as far as we can see. */
export function isAbsent(path: string): boolean {
  return statOf(path) === undefined
}

/**
 * The shortest beginning of a path at which nothing is: until something comes there, nothing is at the path. Undefined
 * where something is already.
 */
export function absentPart(path: string): string | undefined {
  if (!isAbsent(path)) return undefined
  const folder = dirname(path)
  if (folder === path) return path
  return absentPart(folder) ?? join(realpathSync(folder), basename(path))
}

/** A path that we may not look at leads a compiler of the same user nowhere, too. */
function statOf(path: string) {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

const READ_BYTES = 1024 * 1024

/** The SHA-256 of a file of any size, read in pieces: compilers have a hundred megabytes. */
export async function sha256OfFile(path: string): Promise<Sha256Hex> {
  const hash = createHash('sha256')
  const file = await open(path)
  try {
    const piece = Buffer.allocUnsafe(READ_BYTES) // One for all: new memory costs more than reading into it.
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, READ_BYTES)
      if (bytesRead === 0) break
      hash.update(piece.subarray(0, bytesRead))
    }
  } finally {
    await file.close()
  }
  const digest = hash.digest('hex')
  if (!isSha256(digest)) throw new Error('a SHA-256 has 64 digits')
  return digest
}

/** Whether a text stands somewhere in a file. */
export async function hasText(path: string, text: string): Promise<boolean> {
  const file = await open(path)
  try {
    const piece = Buffer.allocUnsafe(READ_BYTES)
    let keptBytes = 0 // The text may have begun in the piece before.
    for (;;) {
      const { bytesRead } = await file.read(piece, keptBytes, READ_BYTES - keptBytes)
      const end = keptBytes + bytesRead
      if (piece.subarray(0, end).includes(text)) return true
      if (bytesRead === 0) return false
      keptBytes = Math.min(end, Buffer.byteLength(text))
      piece.copyWithin(0, end - keptBytes, end)
    }
  } finally {
    await file.close()
  }
}

/** gcc and g++ are made of the same compilers, clang and clang++ of one library: seldom more than 20 files in all. */
const DIGESTS_MAX = 256
const NS_PER_MS = 1_000_000n

/** Digests of files, each read once while its stamp stays the same. */
export class FileDigests {
  readonly #clock: Pick<Clock, 'wallTime'>
  readonly #byStamp = new Map<string, Promise<Sha256Hex>>()

  constructor({ clock }: { readonly clock: Pick<Clock, 'wallTime'> }) {
    this.#clock = clock
  }

  /** Of a file that was stamped just now. Rejects when it cannot be read. */
  of(stamp: FileStamp): Promise<Sha256Hex> {
    const times = { mtimeMs: toMs(stamp.mtimeNs), ctimeMs: toMs(stamp.ctimeNs) }
    // What was changed a moment ago may change again and keep its stamp.
    if (!isSettled(times, this.#clock.wallTime())) return sha256OfFile(stamp.path)
    const key = FIELDS.map((field) => stamp[field]).join(' ')
    const known = this.#byStamp.get(key)
    if (known !== undefined) return known
    const digest = sha256OfFile(stamp.path)
    digest.catch(() => this.#byStamp.delete(key)) // Who asked is told; who asks next has it read again.
    this.#byStamp.set(key, digest)
    const oldest = this.#byStamp.keys().next()
    if (this.#byStamp.size > DIGESTS_MAX && !oldest.done) this.#byStamp.delete(oldest.value)
    return digest
  }
}

function toMs(ns: string): number {
  return Number(BigInt(ns) / NS_PER_MS)
}
