import {
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  type Stats,
  statfsSync,
  statSync,
} from 'node:fs'
import type { FileStat, SyncFiles } from './sync-files.ts'

/** Linux file systems whose folders change their `mtime` with each entry, seen at once: ext, XFS, Btrfs, tmpfs, overlay, F2FS. */
const TRUSTED_FILE_SYSTEMS: ReadonlySet<number> = new Set([
  0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630, 0xf2f52010,
])

const NO_THROW = { throwIfNoEntry: false } as const

/** The machine's own files. */
export function systemSyncFiles(platform: NodeJS.Platform = process.platform): SyncFiles {
  const trustedDevices = new Map<number, boolean>()
  return {
    stat: (path) => {
      try {
        const stat = lstatSync(path, NO_THROW)
        if (stat === undefined) return undefined
        return stat.isSymbolicLink() ? followLink(path) : toFileStat(stat, undefined)
      } catch (error) {
        // Part of the way is a file: nothing can be behind it.
        return error instanceof Error && 'code' in error && error.code === 'ENOTDIR' ? undefined : 'blocked'
      }
    },
    read: readWhole,
    list: (folder, dev) => {
      if (platform !== 'linux') return undefined
      try {
        const trusted = trustedDevices.get(dev) ?? TRUSTED_FILE_SYSTEMS.has(statfsSync(folder).type)
        trustedDevices.set(dev, trusted)
        if (!trusted) return undefined
        const names = readdirSync(folder)
        return ignoresCase(folder, names) ? undefined : names
      } catch {
        return undefined // No permission to list it, or gone by now.
      }
    },
  }
}

/** Most paths are no links: these alone cost three system calls instead of one. */
function followLink(path: string): FileStat | 'blocked' | undefined {
  const link = readlinkSync(path)
  const stat = statSync(path, NO_THROW)
  if (stat === undefined) return undefined
  return link.includes('\uFFFD') ? 'blocked' : toFileStat(stat, link) // Not UTF-8: we cannot say where it leads.
}

function toFileStat(stat: Stats, link: string | undefined): FileStat {
  const { dev, ino, size, mode, mtimeMs, ctimeMs } = stat
  return {
    kind: stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other',
    dev,
    ino,
    size,
    mode,
    mtimeMs,
    ctimeMs,
    link,
  }
}

/** Reads until the end, so that a file that grows meanwhile is not cut. */
function readWhole(path: string, maxBytes: number): Uint8Array | undefined {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    let bytes = Buffer.allocUnsafe(Math.min(fstatSync(file).size, maxBytes) + 1)
    let length = 0
    for (;;) {
      const count = readSync(file, bytes, length, bytes.length - length, length)
      if (count === 0) return bytes.subarray(0, length)
      length += count
      if (length > maxBytes) return undefined
      if (length === bytes.length) bytes = Buffer.concat([bytes], length * 2)
    }
  } catch {
    return undefined
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/** ext4 and F2FS can ignore case, folder by folder: then a name may be found that no list holds. */
function ignoresCase(folder: string, names: readonly string[]): boolean {
  const name = names.find((candidate) => /^[\x20-\x7e]*[a-zA-Z][\x20-\x7e]*$/.test(candidate))
  if (name === undefined) return false
  const swapped = name.replace(/[a-zA-Z]/g, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  )
  return !names.includes(swapped) && statSync(`${folder}/${swapped}`, NO_THROW) !== undefined
}
