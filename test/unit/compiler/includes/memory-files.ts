import type { FileStat, SyncFiles } from '../../../../src/compiler/includes/sync-files.ts'

type Inode =
  | { readonly kind: 'file'; readonly ino: number; bytes: Uint8Array; mtimeMs: number; ctimeMs: number }
  | {
      readonly kind: 'folder'
      readonly ino: number
      readonly names: Map<string, Inode>
      mtimeMs: number
      ctimeMs: number
    }
  | { readonly kind: 'link'; readonly ino: number; readonly target: string }
  | { readonly kind: 'locked'; readonly ino: number }

type FolderInode = Extract<Inode, { kind: 'folder' }>

/** Stamps of the file system change this often, like those of ext4: changes in between cannot be told by time. */
const GRANULE_MS = 4
const LINKS_MAX = 40

/** A file system in memory, with links, inodes and a clock that the test moves. */
export class MemoryFiles implements SyncFiles {
  /** Milliseconds since 1970. */
  now = 1_700_000_000_000
  /** How often each was called. */
  readonly calls = { stat: 0, read: 0, list: 0 }
  #lastIno = 1
  readonly #root: FolderInode = this.#newFolder()

  /** Writes a file as a compiler of headers would: truncates what is there, makes missing folders. */
  write(path: string, content: string | Uint8Array): void {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    const { folder, name } = this.#place(path)
    const there = folder.names.get(name)
    if (there?.kind === 'file') {
      there.bytes = bytes
      there.mtimeMs = this.#stamp()
      there.ctimeMs = this.#stamp()
    } else {
      this.#put(folder, name, { kind: 'file', ino: this.#ino(), bytes, mtimeMs: this.#stamp(), ctimeMs: this.#stamp() })
    }
  }

  /** Writes a file under another name and renames it into place: it has another inode. */
  replace(path: string, content: string): void {
    this.remove(path)
    this.write(path, content)
  }

  folder(path: string): void {
    this.#place(`${path}/x`)
  }

  link(path: string, target: string): void {
    const { folder, name } = this.#place(path)
    this.#put(folder, name, { kind: 'link', ino: this.#ino(), target })
  }

  /** Puts something there that may not be looked at. */
  lock(path: string): void {
    const { folder, name } = this.#place(path)
    this.#put(folder, name, { kind: 'locked', ino: this.#ino() })
  }

  remove(path: string): void {
    const { folder, name } = this.#place(path)
    folder.names.delete(name)
    this.#touch(folder)
  }

  rename(from: string, to: string): void {
    const { folder, name } = this.#place(from)
    const inode = folder.names.get(name)
    if (inode === undefined) throw new Error(`nothing at ${from}`)
    this.remove(from)
    const target = this.#place(to)
    this.#put(target.folder, target.name, inode)
    if (inode.kind === 'file' || inode.kind === 'folder') inode.ctimeMs = this.#stamp()
  }

  /** Sets the time of the last change, as `touch -d` does. */
  touch(path: string, mtimeMs: number): void {
    const inode = this.#find(path)
    if (typeof inode === 'string' || inode?.kind !== 'file') throw new Error(`no file at ${path}`)
    inode.mtimeMs = mtimeMs
    inode.ctimeMs = this.#stamp()
  }

  /** Lets so much time pass that all that was written is at rest. */
  settle(): void {
    this.now += 60_000
  }

  stat(path: string): FileStat | 'blocked' | undefined {
    this.calls.stat += 1
    const inode = this.#find(path)
    if (inode === undefined) return undefined
    if (typeof inode === 'string' || inode.kind === 'link' || inode.kind === 'locked') return 'blocked'
    const { kind, ino, mtimeMs, ctimeMs } = inode
    const size = kind === 'file' ? inode.bytes.length : 4096
    return { kind, dev: 1, ino, size, mode: 0o644, mtimeMs, ctimeMs, link: this.#linkAt(path) }
  }

  read(path: string, maxBytes: number): Uint8Array | undefined {
    this.calls.read += 1
    const inode = this.#find(path)
    if (typeof inode === 'string' || inode?.kind !== 'file' || inode.bytes.length > maxBytes) return undefined
    return inode.bytes
  }

  list(path: string): readonly string[] | undefined {
    this.calls.list += 1
    const inode = this.#find(path)
    return typeof inode === 'object' && inode.kind === 'folder' ? [...inode.names.keys()] : undefined
  }

  #find(path: string): Inode | 'loop' | undefined {
    return this.#walk(path.split('/'), [this.#root], { left: LINKS_MAX })
  }

  /** Goes on from the last of `way`; `..` goes back in it. */
  #walk(parts: readonly string[], way: readonly FolderInode[], links: { left: number }): Inode | 'loop' | undefined {
    let here: Inode = way.at(-1) ?? this.#root
    let stack = [...way]
    for (const [index, part] of parts.entries()) {
      if (here.kind === 'locked') return here
      if (here.kind !== 'folder') return undefined
      if (part === '' || part === '.') continue
      if (part === '..') {
        stack = stack.length > 1 ? stack.slice(0, -1) : stack
        here = stack.at(-1) ?? this.#root
        continue
      }
      const next = here.names.get(part)
      if (next === undefined) return undefined
      if (next.kind === 'link') {
        if (links.left === 0) return 'loop'
        links.left -= 1
        const rest = [...next.target.split('/'), ...parts.slice(index + 1)]
        return this.#walk(rest, next.target.startsWith('/') ? [this.#root] : stack, links)
      }
      here = next
      if (next.kind === 'folder') stack.push(next)
    }
    return here
  }

  #linkAt(path: string): string | undefined {
    const slash = path.lastIndexOf('/')
    const folder = this.#find(path.slice(0, slash))
    const inode =
      typeof folder === 'object' && folder.kind === 'folder' ? folder.names.get(path.slice(slash + 1)) : undefined
    return inode?.kind === 'link' ? inode.target : undefined
  }

  /** The folder of a path, made if it is missing. */
  #place(path: string): { readonly folder: FolderInode; readonly name: string } {
    const parts = path.split('/').filter((part) => part !== '')
    let folder = this.#root
    for (const [index, part] of parts.slice(0, -1).entries()) {
      let next = this.#find(`/${parts.slice(0, index + 1).join('/')}`)
      if (next === undefined) {
        next = this.#newFolder()
        this.#put(folder, part, next)
      }
      if (typeof next === 'string' || next.kind !== 'folder') throw new Error(`${part} of ${path} is no folder`)
      folder = next
    }
    return { folder, name: parts.at(-1) ?? '' }
  }

  #put(folder: FolderInode, name: string, inode: Inode): void {
    folder.names.set(name, inode)
    this.#touch(folder)
  }

  #touch(folder: FolderInode): void {
    folder.mtimeMs = this.#stamp()
    folder.ctimeMs = this.#stamp()
  }

  #newFolder(): FolderInode {
    return { kind: 'folder', ino: this.#ino(), names: new Map(), mtimeMs: this.#stamp(), ctimeMs: this.#stamp() }
  }

  #ino(): number {
    this.#lastIno += 1
    return this.#lastIno
  }

  #stamp(): number {
    return this.now - (this.now % GRANULE_MS)
  }
}
