import { Buffer } from 'node:buffer'
import { isSha256, type Sha256Hex } from '../base/digest.ts'
import { INPUT_MAX_BYTES, PATH_MAX_BYTES, TREE_ENTRIES_MAX } from '../base/limits.ts'
import { listOf } from '../base/list-of.ts'
import { type Check, isText } from './cbor-fields.ts'
import type { TreeEntry } from './tree-dictionary.ts'

/** Entries of trees as CBOR values: short arrays that begin with their kind. Spec: docs/protocols/compile.md */
const KINDS = { file: 0, link: 1, folder: 2, absent: 3 } as const

/** Seconds since 1970, either way: file systems hold 34 bits. */
const MTIME_MAX = 2 ** 34

export function encodeEntries(entries: readonly TreeEntry[]): readonly unknown[] {
  return entries.map((entry) => {
    if (entry.kind === 'file') {
      const { path, digest, bytes, mtimeSeconds } = entry.file
      return [KINDS.file, path, Buffer.from(digest, 'hex'), bytes, mtimeSeconds]
    }
    if (entry.kind === 'link') return [KINDS.link, entry.link.path, entry.link.target]
    return [KINDS[entry.kind], entry.path]
  })
}

/** Undefined when one of them is not an entry. */
export function decodeEntries(value: unknown): readonly TreeEntry[] | undefined {
  return listOf(value, TREE_ENTRIES_MAX, decodeEntry)
}

function decodeEntry(value: unknown): TreeEntry | undefined {
  if (!Array.isArray(value)) return undefined
  const [kind, path, ...rest]: readonly unknown[] = value
  if (!isNormalPath(path)) return undefined
  if (kind === KINDS.folder || kind === KINDS.absent) {
    if (rest.length > 0) return undefined
    return { kind: kind === KINDS.folder ? 'folder' : 'absent', path }
  }
  if (path === '/') return undefined
  if (kind === KINDS.link) {
    const [target] = rest
    return isTarget(target) && rest.length === 1 ? { kind: 'link', link: { path, target } } : undefined
  }
  if (kind !== KINDS.file || rest.length !== 3) return undefined
  const [digestBytes, bytes, mtimeSeconds] = rest
  const digest = hexOf(digestBytes)
  if (digest === undefined || !isWhole(bytes, 0, INPUT_MAX_BYTES) || !isWhole(mtimeSeconds, -MTIME_MAX, MTIME_MAX)) {
    return undefined
  }
  return { kind: 'file', file: { path, digest, bytes, mtimeSeconds } }
}

/** Numbers in a row, as unsigned varints: 7 bits a byte, the lowest first, the highest bit set in all but the last. */
export function encodeNumbers(numbers: readonly number[]): Uint8Array {
  const bytes: number[] = []
  for (const number of numbers) {
    let rest = number
    for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
    bytes.push(rest)
  }
  return Uint8Array.from(bytes)
}

/** Undefined when the bytes are not such numbers, or too many. */
export function decodeNumbers(value: unknown): readonly number[] | undefined {
  if (!(value instanceof Uint8Array)) return undefined
  const numbers: number[] = []
  let number = 0
  let shift = 0
  for (const byte of value) {
    number |= (byte & 0x7f) << shift
    if (byte < 0x80) {
      if (numbers.push(number) > TREE_ENTRIES_MAX) return undefined
      number = 0
      shift = 0
    } else {
      shift += 7
      if (shift > MOST_SHIFT) return undefined
    }
  }
  return shift === 0 ? numbers : undefined
}

/** Three bytes tell 2 million numbers, far more than a session has entries. */
const MOST_SHIFT = 14

/** Absolute, without empty parts, `.` and `..`: what `TreeFile.path` promises. */
const isNormalPath: Check<string> = (value): value is string =>
  isText(value) &&
  value.startsWith('/') &&
  Buffer.byteLength(value) <= PATH_MAX_BYTES &&
  (value === '/' || !/\/(?:\.{0,2})(?:\/|$)/.test(value))

const isTarget: Check<string> = (value): value is string =>
  isText(value) && value !== '' && Buffer.byteLength(value) <= PATH_MAX_BYTES

function isWhole(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
}

function hexOf(value: unknown): Sha256Hex | undefined {
  const hex = value instanceof Uint8Array ? Buffer.from(value).toString('hex') : ''
  return isSha256(hex) ? hex : undefined
}
