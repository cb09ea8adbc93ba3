import { type Sha256Hex, sha256 } from '../base/digest.ts'
import { isPrecompiledName } from '../compiler/file-name.ts'
import type { TreeFile } from '../compiler/trees/input-tree.ts'

/**
 * Which times of files count: `all`, or only those of twins. Compilers take files of equal content and time for one and
 * the same where `#pragma once` stands; so of files with equal content it counts which have equal times.
 */
export type TimesCounted = 'all' | 'twins'

/**
 * The digest of a set of files, by path and content. Files are handed about as the same objects in tree after tree, and
 * whole trees too, so what is made of one is kept with it: some 50 µs for 300 files in a tree not seen before.
 */
export function treeFilesDigest(files: readonly TreeFile[], times: TimesCounted): Sha256Hex {
  const known = DIGESTS[times].get(files)
  if (known !== undefined) return known
  const digest = digestFiles(files, times)
  DIGESTS[times].set(files, digest)
  return digest
}

const DIGESTS: Readonly<Record<TimesCounted, WeakMap<readonly TreeFile[], Sha256Hex>>> = {
  all: new WeakMap(),
  twins: new WeakMap(),
}

function digestFiles(files: readonly TreeFile[], times: TimesCounted): Sha256Hex {
  const records = files.map(recordOf).sort(byContent)
  const all = times === 'all' || records.some(({ precompiled }) => precompiled)
  const bytes = Buffer.allocUnsafe(records.length * DIGEST_BYTES)
  let at = 0
  for (const record of records) {
    bytes.set(all ? timed(record) : record.digest, at)
    at += DIGEST_BYTES
  }
  return sha256(Buffer.concat([bytes, Buffer.from(all ? ' all' : twins(records))]))
}

/** What is made of a file once. */
interface FileRecord {
  readonly file: TreeFile
  /** The first bits of its content's digest: equal for twins, and quicker to sort by than text. */
  readonly order: number
  /** Of path and content. */
  readonly digest: Uint8Array
  /** The same with its time; made when first wanted. */
  timed: Uint8Array | undefined
  /** A precompiled header: the compiler compares the times of all that it was made from. */
  readonly precompiled: boolean
}

const RECORDS = new WeakMap<TreeFile, FileRecord>()
const DIGEST_BYTES = 32
/** Hex digits that a number holds exactly. */
const ORDER_DIGITS = 12

function recordOf(file: TreeFile): FileRecord {
  const known = RECORDS.get(file)
  if (known !== undefined) return known
  const record: FileRecord = {
    file,
    order: Number.parseInt(file.digest.slice(0, ORDER_DIGITS), 16),
    digest: digestOf(`${file.digest}${file.path}`),
    timed: undefined,
    precompiled: isPrecompiledName(file.path),
  }
  RECORDS.set(file, record)
  return record
}

function timed(record: FileRecord): Uint8Array {
  const { digest, mtimeSeconds, path } = record.file
  record.timed ??= digestOf(`${digest}${mtimeSeconds} ${path}`)
  return record.timed
}

/** Unambiguous: a content's digest in hex has one length, a time ends at the first blank. */
function digestOf(text: string): Uint8Array {
  return Buffer.from(sha256(text), 'hex')
}

function byContent(a: FileRecord, b: FileRecord): number {
  return a.order - b.order || Buffer.compare(a.digest, b.digest)
}

/** For each file that is a twin of one before it, which of those is the first with the same time. */
function twins(records: readonly FileRecord[]): string {
  let text = ''
  for (let at = 1, first = 0; at < records.length; at += 1) {
    if (records[at]?.order !== records[first]?.order) first = at
    if (first === at) continue
    const time = records[at]?.file.mtimeSeconds
    let like = first
    while (records[like]?.file.mtimeSeconds !== time) like += 1
    text += ` ${at}=${like}`
  }
  return text
}
