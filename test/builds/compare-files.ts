import { readdir, readFile, readlink } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** What a file of a built tree is, as far as a comparison cares; an object's `.dwo` is one, too. */
export type FileKind = 'object' | 'linked' | 'dependencies' | 'other'

export interface FileComparison {
  /** How many files of each kind both trees have. */
  readonly compared: Readonly<Record<FileKind, number>>
  /** Files that only one has, or that differ by a byte: their path and kind. */
  readonly different: readonly { readonly path: string; readonly kind: FileKind; readonly how: string }[]
}

/** Compares two trees to the byte: everything that either holds. */
export async function compareFiles(expected: string, actual: string): Promise<FileComparison> {
  const [left, right] = [await filesIn(expected), await filesIn(actual)]
  const compared: Record<FileKind, number> = { object: 0, linked: 0, dependencies: 0, other: 0 }
  const different: FileComparison['different'][number][] = []
  for (const path of [...new Set([...left, ...right])].sort()) {
    if (!left.has(path) || !right.has(path)) {
      const kind = kindOf(path, await content(join(left.has(path) ? expected : actual, path)))
      different.push({ path, kind, how: left.has(path) ? 'missing' : 'unexpected' })
      continue
    }
    const [before, after] = [await content(join(expected, path)), await content(join(actual, path))]
    const kind = kindOf(path, before)
    compared[kind] += 1
    if (!before.equals(after)) different.push({ path, kind, how: `${before.length} and ${after.length} bytes` })
  }
  return { compared, different }
}

async function filesIn(tree: string): Promise<ReadonlySet<string>> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true })
  return new Set(
    entries
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map((entry) => relative(tree, join(entry.parentPath, entry.name))),
  )
}

/** A link's content is where it leads. */
async function content(path: string): Promise<Buffer> {
  const target = await readlink(path).catch(() => undefined) // No link.
  return target === undefined ? readFile(path) : Buffer.from(target)
}

function kindOf(path: string, bytes: Buffer): FileKind {
  if (/\.(o|dwo)$/.test(path)) return 'object'
  if (/\.(d|Po|Plo|Tpo)$/.test(path)) return 'dependencies'
  const magic = bytes.subarray(0, 8).toString('latin1')
  return magic.startsWith('\x7fELF') || magic === '!<arch>\n' ? 'linked' : 'other'
}
