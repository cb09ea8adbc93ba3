import type { TreeFile } from '../compiler/trees/input-tree.ts'
import type { Action } from './action-key.ts'

/** Why an action was not found, told from what its place in the build looked like the last time. */
export type MissReason =
  /** Nothing is remembered of its place. */
  | { readonly code: 'first-time' }
  | { readonly code: 'compiler-changed' }
  | { readonly code: 'arguments-changed' }
  | { readonly code: 'environment-changed' }
  | { readonly code: 'source-changed' }
  /** A header is another, came or went: the first of them, and how many in all. */
  | { readonly code: 'header-changed'; readonly path: string; readonly count: number }
  /** It tells the date. */
  | { readonly code: 'date-changed' }
  /** Links or folders lead elsewhere. */
  | { readonly code: 'paths-changed' }
  /** The very same was compiled, but what came of it was not kept, or is gone: evicted, corrupt, or a failure then. */
  | { readonly code: 'expired' }

/** Of all that differs, what most likely made the rest differ. */
export function missReason(before: Action | undefined, now: Action): MissReason {
  if (before === undefined) return { code: 'first-time' }
  if (before.toolchain !== now.toolchain || before.compiler !== now.compiler) return { code: 'compiler-changed' }
  if (!isSameList(before.args, now.args)) return { code: 'arguments-changed' }
  if (!isSameList(before.env.toSorted(), now.env.toSorted())) return { code: 'environment-changed' }
  const times = before.usesTimestamp || now.usesTimestamp
  const [source] = now.tree.files
  if (source !== undefined && !isSameFile(before.tree.files[0], source, times)) return { code: 'source-changed' }
  const headers = changedFiles(before.tree.files, now.tree.files, times)
  const [path] = headers
  if (path !== undefined) return { code: 'header-changed', path, count: headers.length }
  if (before.date !== now.date) return { code: 'date-changed' }
  return isSamePlace(before, now) ? { code: 'expired' } : { code: 'paths-changed' }
}

/** Paths of files that are in one of both only, or not the same: those of now first, in its order. */
function changedFiles(before: readonly TreeFile[], now: readonly TreeFile[], times: boolean): readonly string[] {
  if (before === now) return []
  const gone = new Map(before.map((file) => [file.path, file]))
  const changed: string[] = []
  for (const file of now) {
    if (!isSameFile(gone.get(file.path), file, times)) changed.push(file.path)
    gone.delete(file.path)
  }
  return [...changed, ...gone.keys()]
}

function isSameFile(before: TreeFile | undefined, now: TreeFile, times: boolean): boolean {
  if (before === undefined || before.path !== now.path || before.digest !== now.digest) return false
  return !times || before.mtimeSeconds === now.mtimeSeconds
}

function isSamePlace({ tree: before }: Action, { tree: now }: Action): boolean {
  const links = ({ links }: Action['tree']) => links.map(({ path, target }) => `${path}\0${target}`).sort()
  return isSameList(links(before), links(now)) && isSameList(before.folders.toSorted(), now.folders.toSorted())
}

function isSameList(before: readonly string[], now: readonly string[]): boolean {
  return before.length === now.length && before.every((word, at) => word === now[at])
}
