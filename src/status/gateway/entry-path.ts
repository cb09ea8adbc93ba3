import { isSha256 } from '../../base/digest.ts'
import { ENTRY_NAME_MAX_LENGTH } from '../../base/limits.ts'
import { asBlobDigest } from '../../cache/digest.ts'
import type { EntryName } from '../../cache/entry.ts'

/** What a URL of the gateway names. Folders are there for WebDAV clients, which make them; nothing is kept of them. */
export type EntryPath =
  | { readonly kind: 'entry'; readonly name: EntryName }
  | { readonly kind: 'folder'; readonly path: string }

/** Reads a request's target; undefined when it is none of ours. */
export function entryPath(target: string): EntryPath | undefined {
  if (target.length > ENTRY_NAME_MAX_LENGTH) return undefined
  const [, ...segments] = target.split('/')
  if (segments.at(-1) === '') segments.pop()
  const [root, ...rest] = segments
  if (root === undefined || !ROOTS.has(root) || !segments.every(isPlain)) return undefined
  if (target.endsWith('/') || rest.length === 0) return { kind: 'folder', path: target }
  const [shelf = '', word = ''] = segments.slice(-2)
  if (!BAZEL_SHELVES.has(shelf))
    return root === 'cache' ? { kind: 'entry', name: { path: target, digest: undefined } } : undefined
  if (!isSha256(word)) return undefined
  return { kind: 'entry', name: { path: target, digest: shelf === 'cas' ? asBlobDigest(word) : undefined } }
}

/** `/ac` and `/cas` are where Bazel looks when it is told no folder; all else has one under `/cache`. */
const ROOTS = new Set(['ac', 'cas', 'cache'])

/** Bazel's folders of action results and of contents by digest, below whatever it was told. */
const BAZEL_SHELVES = new Set(['ac', 'cas'])

/** Without escapes and dots that go up a folder, so that no two spellings mean one entry. */
function isPlain(segment: string): boolean {
  return /^[\w.~@+=,:-]+$/.test(segment) && segment !== '.' && segment !== '..'
}
