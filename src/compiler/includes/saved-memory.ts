import { isSha256, type Sha256Hex, sha256 } from '../../base/digest.ts'
import { SAVED_FILES_MAX, SAVED_MEMORY_MAX_BYTES, SEARCH_PATHS_MAX } from '../../base/limits.ts'
import { listOf } from '../../base/list-of.ts'
import type { DefaultSearchPath } from './default-search-path.ts'
import { type DirectiveScan, SCAN_RULES_VERSION } from './directive-scan.ts'
import { scanFromRow, scanToRow } from './saved-scan.ts'
import type { FileMark } from './sync-files.ts'

/** What was read of a file, and what `stat` told of it then: settled, so that any change since shows in it. */
export interface SavedFile {
  readonly path: string
  readonly mark: FileMark
  readonly digest: Sha256Hex
  readonly bytes: number
  /** Undefined if nobody asked. */
  readonly scan: DirectiveScan | undefined
}

/** A folder that a compiler's answer rests on, as it was then; settled, too. */
export interface SavedFolder {
  readonly path: string
  readonly mark: FileMark
}

/** What a compiler told of its search path. */
export interface SavedAnswer {
  /** The question, with the id of the toolchain: another compiler never gets the answer. */
  readonly key: string
  readonly defaults: DefaultSearchPath
  readonly folders: readonly SavedFolder[]
}

/** What one node leaves to the next. */
export interface SavedMemory {
  readonly files: ReadonlyMap<string, SavedFile>
  readonly answers: ReadonlyMap<string, SavedAnswer>
}

/** The same as it is given: what matters most first. */
export interface SavedNow {
  readonly files: Iterable<SavedFile>
  readonly answers: Iterable<SavedAnswer>
}

export const NOTHING_SAVED: SavedMemory = { files: new Map(), answers: new Map() }

/** Changes with the form of what follows. */
const FORMAT_VERSION = 1
const TITLE = 'hybridgrid files '
const TITLE_BYTES = TITLE.length + 64 + 1

/**
 * A line with the SHA-256 of all behind it, then JSON, which Node reads natively. Of what is beyond the bounds
 * of `decodeMemory`, the last is left out.
 */
export function encodeMemory({ files, answers }: SavedNow, version: string): Uint8Array {
  const room = { left: SAVED_MEMORY_MAX_BYTES - TITLE_BYTES - version.length * 6 - 64 }
  const answerRows = rowsWithin(room, answers, SEARCH_PATHS_MAX, answerToRow)
  const fileRows = rowsWithin(room, files, SAVED_FILES_MAX, fileToRow)
  const body = Buffer.from(`[${JSON.stringify(tag(version))},[${answerRows.join()}],[${fileRows.join()}]]`)
  return Buffer.concat([Buffer.from(`${TITLE}${sha256(body)}\n`), body])
}

/** Undefined unless all of it is just as `encodeMemory` wrote it, in this version. */
export function decodeMemory(bytes: Uint8Array, version: string): SavedMemory | undefined {
  if (bytes.length > SAVED_MEMORY_MAX_BYTES) return undefined
  const body = bytes.subarray(TITLE_BYTES)
  const title = Buffer.from(bytes.subarray(0, TITLE_BYTES)).toString('latin1')
  if (title !== `${TITLE}${sha256(body)}\n`) return undefined
  const content = parse(body)
  if (!Array.isArray(content) || content[0] !== tag(version)) return undefined
  const answers = byName(content[1], SEARCH_PATHS_MAX, answerFromRow, ({ key }) => key)
  const files = byName(content[2], SAVED_FILES_MAX, fileFromRow, ({ path }) => path)
  return answers === undefined || files === undefined ? undefined : { files, answers }
}

/** Scans of other rules are none; another release may have others even where nobody thought of the number. */
function tag(version: string): string {
  return `${FORMAT_VERSION} ${SCAN_RULES_VERSION} ${version}`
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString())
  } catch {
    return undefined
  }
}

function rowsWithin<T>(
  room: { left: number },
  given: Iterable<T>,
  max: number,
  toRow: (each: T) => unknown,
): readonly string[] {
  const rows: string[] = []
  for (const each of given) {
    const row = JSON.stringify(toRow(each))
    room.left -= Buffer.byteLength(row) + 1
    if (room.left < 0 || rows.length === max) break
    rows.push(row)
  }
  return rows
}

function byName<T>(
  rows: unknown,
  max: number,
  fromRow: (row: unknown) => T | undefined,
  nameOf: (each: T) => string,
): ReadonlyMap<string, T> | undefined {
  const list = listOf(rows, max, fromRow)
  const found = list && new Map(list.map((each) => [nameOf(each), each]))
  return found?.size === list?.length ? found : undefined // No name stands twice.
}

function fileToRow({ path, mark, digest, bytes, scan }: SavedFile): unknown {
  return [path, markToRow(mark), digest, bytes, scan === undefined ? null : scanToRow(scan)]
}

function fileFromRow(row: unknown): SavedFile | undefined {
  if (!isRow(row, 5)) return undefined
  const [path, markRow, digest, bytes, scanRow] = row
  const mark = markFromRow(markRow)
  const scan = scanRow === null ? undefined : scanFromRow(scanRow)
  if (!isPath(path) || mark === undefined || !isSha256(digest) || !isCount(bytes)) return undefined
  return scanRow !== null && scan === undefined ? undefined : { path, mark, digest, bytes, scan }
}

function answerToRow({ key, defaults: { quote, system, absent }, folders }: SavedAnswer): unknown {
  const systemRows = system.map(({ path, framework }) => [path, framework])
  return [key, quote, systemRows, absent, folders.map(({ path, mark }) => [path, markToRow(mark)])]
}

function answerFromRow(row: unknown): SavedAnswer | undefined {
  if (!isRow(row, 5)) return undefined
  const [key, quote, systemRows, absent, folderRows] = row
  const system = listOf(systemRows, SAVED_FILES_MAX, searchFolderFromRow)
  const folders = listOf(folderRows, SAVED_FILES_MAX, folderFromRow)
  if (typeof key !== 'string' || !isTexts(quote) || !isTexts(absent)) return undefined
  if (system === undefined || folders === undefined) return undefined
  return { key, defaults: { quote, system, absent }, folders }
}

function searchFolderFromRow(row: unknown): DefaultSearchPath['system'][number] | undefined {
  if (!isRow(row, 2)) return undefined
  const [path, framework] = row
  return isText(path) && typeof framework === 'boolean' ? { path, framework } : undefined
}

function folderFromRow(row: unknown): SavedFolder | undefined {
  if (!isRow(row, 2)) return undefined
  const mark = markFromRow(row[1])
  return isPath(row[0]) && mark !== undefined ? { path: row[0], mark } : undefined
}

/** Numbers keep all of their digits in JSON. */
function markToRow({ dev, ino, size, mtimeMs, ctimeMs, link }: FileMark): unknown {
  return [dev, ino, size, mtimeMs, ctimeMs, link ?? null]
}

function markFromRow(row: unknown): FileMark | undefined {
  if (!isRow(row, 6)) return undefined
  const [dev, ino, size, mtimeMs, ctimeMs, link] = row
  if (!isNumber(dev) || !isNumber(ino) || !isCount(size) || !isNumber(mtimeMs) || !isNumber(ctimeMs)) return undefined
  if (link !== null && !isText(link)) return undefined
  return { dev, ino, size, mtimeMs, ctimeMs, link: link ?? undefined }
}

function isRow(value: unknown, length: number): value is readonly unknown[] {
  return Array.isArray(value) && value.length === length
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !value.includes('\0')
}

function isPath(value: unknown): value is string {
  return isText(value) && value.startsWith('/')
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
