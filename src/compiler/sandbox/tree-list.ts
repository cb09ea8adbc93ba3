import { readlinkSync } from 'node:fs'
import { posix } from 'node:path'
import { PATH_MAX_BYTES } from '../../base/limits.ts'
import type { RunTree } from '../runner.ts'
import { pathRefused } from './job-paths.ts'
import { isGuarded, isShown, type ShownFolders } from './shown-paths.ts'

/** Where a cell finds the list of what it is to place; mirrors messages.h. */
export const TREE_LIST = '/.hybridgrid-tree'

/**
 * What a cell places of a client's tree, in the order in which it does: files by folder, then folders, then links, so that
 * none of them is ever followed. The form is told in messages.h. Refused as a whole where one path lies among what the
 * machine shows, passes through a link of the tree or is not plain. `folders` are wanted on top of the tree's own.
 */
export function treeList(tree: RunTree, folders: readonly string[], shown: ShownFolders): readonly string[] {
  const places = new Places(tree, shown)
  const byFolder = new Map<string, string[]>()
  for (const { path, from, mtimeSeconds } of tree.files) {
    const slash = path.lastIndexOf('/')
    const folder = slash === 0 ? '/' : path.slice(0, slash)
    let entries = byFolder.get(folder)
    if (entries === undefined) {
      places.checkFolder(folder)
      entries = [`I${folder}`]
      byFolder.set(folder, entries)
    }
    const name = path.slice(slash + 1)
    places.checkFile(path, name)
    if (!IN_STORE.test(from) || !Number.isSafeInteger(mtimeSeconds)) throw pathRefused('a file is not of the store')
    entries.push(`F${name}`, from, `${mtimeSeconds}`)
  }
  const links = tree.links.filter((link) => places.takesLink(link))
  for (const folder of tree.folders) places.checkFolder(folder)
  const more = new Set([...tree.folders, ...folders, ...links.map(({ path }) => posix.dirname(path))])
  return [
    ...[...byFolder.values()].flat(),
    ...Array.from(more, (folder) => `D${folder}`),
    ...links.flatMap(({ path, target }) => [`L${path}`, target]),
  ]
}

/** Tells whether a path of the tree may be placed. A place is looked at once per folder, where that is enough. */
class Places {
  readonly #shown: ShownFolders
  readonly #links: ReadonlySet<string>

  constructor({ links }: RunTree, shown: ShownFolders) {
    this.#shown = shown
    this.#links = new Set(links.map(({ path }) => path))
  }

  checkFolder(folder: string): void {
    if (folder === '/') return
    if (!isPlain(folder)) throw pathRefused('a folder of the tree is no path')
    if (this.#isBehindLink(folder)) throw pathRefused('a path of the tree passes through a link of it')
    if (isGuarded(folder, this.#shown)) throw pathRefused('a folder of the tree is the compiler’s own')
  }

  /** Its folder was checked. */
  checkFile(path: string, name: string): void {
    if (name === '' || name === '.' || name === '..' || !fits(path)) throw pathRefused('a file of the tree is no path')
    if (this.#links.has(path)) throw pathRefused('a file of the tree is also a link of it')
    if (isGuarded(path, this.#shown)) throw pathRefused('a file of the tree is the compiler’s own')
  }

  /** Whether a link is to be made: not if the machine shows the very same. */
  takesLink({ path, target }: RunTree['links'][number]): boolean {
    if (!isPlain(path) || target === '' || !fits(target)) throw pathRefused('a link of the tree is no link')
    if (this.#isBehindLink(posix.dirname(path))) throw pathRefused('a path of the tree passes through a link of it')
    if (isShown(path, this.#shown) && isLinkTo(path, target)) return false
    if (isGuarded(path, this.#shown)) throw pathRefused('a link of the tree is the compiler’s own')
    return true
  }

  #isBehindLink(folder: string): boolean {
    if (this.#links.size === 0) return false
    for (let above = folder; above !== '/'; above = posix.dirname(above)) if (this.#links.has(above)) return true
    return false
  }
}

/** Names of hashes, two-level or not: nothing that climbs. */
const IN_STORE = /^\w+(?:[./-]\w+)*$/

/** Of one unit of a string, at most. */
const UTF8_MAX_BYTES = 3

function isPlain(path: string): boolean {
  return (
    path.length > 1 && posix.isAbsolute(path) && !path.endsWith('/') && posix.normalize(path) === path && fits(path)
  )
}

function fits(path: string): boolean {
  const short = path.length < PATH_MAX_BYTES / UTF8_MAX_BYTES || Buffer.byteLength(path) < PATH_MAX_BYTES
  return short && !path.includes('\0')
}

function isLinkTo(path: string, target: string): boolean {
  try {
    return readlinkSync(path) === target
  } catch {
    return false // No link, or nothing at all.
  }
}
