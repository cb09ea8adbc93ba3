import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** All that is in a folder, by the bytes of its path as latin1: what it is, its mode, what it holds. */
export type FolderSnapshot = ReadonlyMap<string, SnapshotEntry>

export interface SnapshotEntry {
  /** `file 644`, `folder 755`, `link`. */
  readonly kind: string
  readonly bytes: Buffer
}

/** Looks at everything below `root`. Names need not be UTF-8. */
export function folderSnapshot(root: string): FolderSnapshot {
  const entries = new Map<string, SnapshotEntry>()
  walk(Buffer.from(root), '', entries)
  return entries
}

function walk(folder: Buffer, prefix: string, entries: Map<string, SnapshotEntry>): void {
  for (const name of readdirSync(folder, { encoding: 'buffer' })) {
    const path = Buffer.concat([folder, Buffer.from('/'), name])
    const told = prefix + name.toString('latin1')
    const stat = lstatSync(path)
    const mode = (stat.mode & 0o7777).toString(8)
    if (stat.isDirectory()) {
      entries.set(told, { kind: `folder ${mode}`, bytes: NOTHING })
      walk(path, `${told}/`, entries)
    } else if (stat.isSymbolicLink()) {
      entries.set(told, { kind: 'link', bytes: readlinkSync(path, { encoding: 'buffer' }) })
    } else {
      const bytes = stat.mtimeMs === PROJECT_TIME_MS ? UNTOUCHED : readFileSync(path)
      entries.set(told, { kind: `file ${mode}`, bytes })
    }
  }
}

const NOTHING = Buffer.alloc(0)
const UNTOUCHED = Buffer.from('as it was')

/** When all files of a project were last changed; those that are as old still hold what they held, and are not read. */
export const PROJECT_TIME_MS = 1_700_000_000_000

/** What differs between two looks, a sentence each. */
export function snapshotDifferences(
  plain: FolderSnapshot,
  ours: FolderSnapshot,
  isEqual: (path: string, plain: Buffer, ours: Buffer) => boolean,
): readonly string[] {
  const paths = new Set([...plain.keys(), ...ours.keys()])
  return [...paths].sort().flatMap((path) => {
    const expected = plain.get(path)
    const found = ours.get(path)
    if (expected === undefined) return [`${path} should not be there`]
    if (found === undefined) return [`${path} is missing`]
    if (expected.kind !== found.kind) return [`${path} is ${found.kind}, not ${expected.kind}`]
    return isEqual(path, expected.bytes, found.bytes) ? [] : [`${path} holds something else`]
  })
}
