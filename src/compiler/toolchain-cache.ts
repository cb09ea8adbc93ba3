import { readFile } from 'node:fs/promises'
import { isSha256 } from '../base/digest.ts'
import { TOOLCHAIN_PATHS_MAX } from '../base/limits.ts'
import { replaceFile } from '../base/replace-file.ts'
import type { Toolchain, ToolchainId } from './toolchain.ts'
import type { FileStamp } from './toolchain-files.ts'
import type { Grounds, ProgramFromPath } from './toolchain-identity.ts'

/** What was found behind a compiler's path, and on what that rests. */
export interface KnownToolchain extends Grounds {
  readonly path: string
  /** Undefined for what is no compiler we know. */
  readonly toolchain: Toolchain | undefined
}

/** Changes whenever an identity is made of other things. */
const CACHE_VERSION = 2

/** What an earlier node learned; nothing when there is no file, or one that is not ours. Stamps are to be checked before use. */
export async function readToolchainCache(file: string): Promise<readonly KnownToolchain[]> {
  try {
    const content: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (!isRecord(content) || content['version'] !== CACHE_VERSION || !Array.isArray(content['known'])) return []
    const known = content['known'].map(toKnown)
    return known.every((each) => each !== undefined) ? known.slice(0, TOOLCHAIN_PATHS_MAX) : []
  } catch {
    return [] // It only saves time.
  }
}

export async function writeToolchainCache(file: string, known: readonly KnownToolchain[]): Promise<void> {
  await replaceFile(file, JSON.stringify({ version: CACHE_VERSION, known }))
}

function toKnown(value: unknown): KnownToolchain | undefined {
  if (!isRecord(value)) return undefined
  const { path, files, absent, fromPath } = value
  if (typeof path !== 'string' || !isListOf(files, isStamp) || files.length === 0) return undefined
  if (!isListOf(absent, isText) || !isListOf(fromPath, isProgram)) return undefined
  if (value['toolchain'] === undefined) return { path, toolchain: undefined, files, absent, fromPath }
  const toolchain = toToolchain(value['toolchain'])
  return toolchain === undefined ? undefined : { path, toolchain, files, absent, fromPath }
}

function toToolchain(value: unknown): Toolchain | undefined {
  if (!isRecord(value)) return undefined
  const { id, family, version, target, driver } = value
  if (!isSha256(id) || (family !== 'gcc' && family !== 'clang')) return undefined
  if (typeof version !== 'string' || typeof target !== 'string' || typeof driver !== 'string') return undefined
  return { id: id as ToolchainId, family, version, target, driver }
}

const STAMP_FIELDS = ['path', 'dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'] as const

function isStamp(value: unknown): value is FileStamp {
  return isRecord(value) && STAMP_FIELDS.every((field) => typeof value[field] === 'string')
}

function isProgram(value: unknown): value is ProgramFromPath {
  return isRecord(value) && isText(value['name']) && (value['file'] === undefined || isStamp(value['file']))
}

function isListOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isItem)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
