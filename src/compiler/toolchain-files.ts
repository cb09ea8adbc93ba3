import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { isSha256, type Sha256Hex } from '../base/digest.ts'

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
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (found === undefined || !found.isFile()) return undefined
  const { dev, ino, size, mtimeNs, ctimeNs } = found
  return { path, dev: `${dev}`, ino: `${ino}`, size: `${size}`, mtimeNs: `${mtimeNs}`, ctimeNs: `${ctimeNs}` }
}

/** Whether all files are still what they were. */
export function areUnchanged(stamps: readonly FileStamp[]): boolean {
  return stamps.every((stamp) => {
    const now = stampFile(stamp.path)
    return now !== undefined && FIELDS.every((field) => now[field] === stamp[field])
  })
}

const FIELDS = ['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'] as const

/** The SHA-256 of a file of any size, read in pieces: compilers have a hundred megabytes. */
export async function sha256OfFile(path: string): Promise<Sha256Hex> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash)
  const digest = hash.digest('hex')
  if (!isSha256(digest)) throw new Error('a SHA-256 has 64 digits')
  return digest
}
