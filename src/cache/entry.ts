import { sha256 } from '../base/digest.ts'
import type { ActionResult } from './action-result.ts'
import type { ActionKey, BlobDigest } from './digest.ts'

/** What another tool calls a value that it keeps here. */
export interface EntryName {
  /** As in its URL: `/cache/ccache/ab/cdef`. */
  readonly path: string
  /** What the value must hash to, where the name says so. */
  readonly digest: BlobDigest | undefined
}

/** The bytes of a value, of which the digest was just made. */
export interface EntryContent {
  readonly bytes: Uint8Array
  readonly digest: BlobDigest
}

/**
 * The key under which an entry is kept: as the result of an action that nobody can run, so that it is stored, evicted,
 * verified and shared like all results. No action has such a key, because those are made of another text.
 */
export function entryKey(path: string): ActionKey {
  return sha256(`hybridgrid entry 1\0${path}`) as ActionKey
}

/** An entry as a result: its value is the one output, which bears its name. A removed one has no value, and says so. */
export function entryResult(
  path: string,
  value: EntryContent | 'removed',
  { producer, createdAt }: Pick<ActionResult, 'producer' | 'createdAt'>,
): ActionResult {
  const { bytes, digest } = value === 'removed' ? NOTHING : value
  return {
    outputs: [{ path, digest, bytes: bytes.length }],
    stdout: value === 'removed' ? REMOVED : NOTHING.bytes,
    stderr: NOTHING.bytes,
    producer,
    costMs: ENTRY_COST_MS,
    createdAt,
  }
}

/** Whether a result is what became of an entry, whoever says so: its value, or that it was removed. */
export function isOf(name: EntryName, result: ActionResult): boolean {
  const [output, ...others] = result.outputs
  if (output === undefined || others.length > 0 || output.path !== name.path) return false
  return name.digest === undefined || name.digest === output.digest || isRemoved(result)
}

/** Where the value of an entry is; undefined when the result is no answer to that name, or the entry was removed. */
export function valueIn(name: EntryName, result: ActionResult): { digest: BlobDigest; bytes: number } | undefined {
  return isOf(name, result) && !isRemoved(result) ? result.outputs[0] : undefined
}

function isRemoved({ stdout }: ActionResult): boolean {
  return stdout.length > 0
}

/** Whether a result takes the place of another of the same key: entries may change. Results of compiles stay as they are. */
export function supersedes(key: ActionKey, result: ActionResult, known: ActionResult): boolean {
  const [output] = result.outputs
  return output !== undefined && result.createdAt > known.createdAt && entryKey(output.path) === key
}

/** What blobs of removed entries hold. */
export const NOTHING: EntryContent = { bytes: new Uint8Array(), digest: sha256('') as BlobDigest }

/** What the result of a removed entry prints. */
const REMOVED = new TextEncoder().encode('removed')

/** What a hit saves is known to the tool alone; this is a compile of the quicker ones. */
const ENTRY_COST_MS = 500
