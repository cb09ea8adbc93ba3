import {
  chmodSync,
  close,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  mkdirSync,
  open,
  openSync,
  read,
  readdir,
  readSync,
  renameSync,
  rm,
  statSync,
  utimes,
  write,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { CACHE_WRITE_NOW_MAX_BYTES } from '../base/limits.ts'
import { type Disk, DiskError } from './disk.ts'

// Callbacks made promises: file handles cost twice as much per file.
const closing = promisify(close)
const opening = promisify(open)
const reading = promisify(read)
const writing = promisify(write)
const listing = promisify(readdir)
const removing = promisify(rm)
const stamping = promisify(utimes)

/** Sandboxes read blobs under other user ids; the state folder itself is its owner's alone. */
const FILE_MODE = 0o444
const FOLDER_MODE = 0o755
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL
const FULL_ERRNOS: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT'])

/** The machine's own disk. */
export const systemDisk: Disk = {
  stat: (path) => {
    try {
      const stat = statSync(path, { throwIfNoEntry: false })
      return stat?.isFile() ? { bytes: stat.size, mtimeMs: stat.mtimeMs, ino: stat.ino } : undefined
    } catch {
      return undefined
    }
  },
  readNow: (path, maxBytes) => {
    let file: number | undefined
    try {
      file = openSync(path, 'r')
      const { size } = fstatSync(file)
      if (size > maxBytes) return undefined
      const bytes = new Uint8Array(size) // Not out of a pool: these bytes may live long.
      return readSync(file, bytes, 0, size, 0) === size ? bytes : undefined
    } catch {
      return undefined
    } finally {
      if (file !== undefined) closeSync(file)
    }
  },
  read: async (path, maxBytes) => {
    let file: number | undefined
    try {
      file = await opening(path, 'r')
      const { size } = fstatSync(file)
      if (size > maxBytes) return undefined
      const bytes = new Uint8Array(size)
      let length = 0
      while (length < size) {
        const { bytesRead } = await reading(file, bytes, length, size - length, length)
        if (bytesRead === 0) return undefined
        length += bytesRead
      }
      return bytes
    } catch {
      return undefined
    } finally {
      if (file !== undefined) await closing(file).catch(() => undefined) // What was read is checked against its digest.
    }
  },
  write: (path, bytes) => orDiskError(writeNew(path, bytes)),
  rename: (from, to) => orDiskError(renameNow(from, to)),
  remove: (path) => orDiskError(removing(path, { force: true })),
  makeFolder: (path) => orDiskError(makeFoldersNow(path)),
  list: async (folder) => {
    try {
      return await listing(folder)
    } catch {
      return []
    }
  },
  setMtime: (path, mtimeMs) => orDiskError(stamping(path, mtimeMs / 1000, mtimeMs / 1000)),
}

async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  if (bytes.length <= CACHE_WRITE_NOW_MAX_BYTES) return writeNewNow(path, bytes)
  const file = openSync(path, NEW_FILE, FILE_MODE) // As with names: only the bytes are worth a trip.
  try {
    fchmodSync(file, FILE_MODE) // The umask may have taken more than it should.
    let length = 0
    while (length < bytes.length) {
      const { bytesWritten } = await writing(file, bytes, length, bytes.length - length)
      length += bytesWritten
    }
  } catch (error) {
    await closing(file).catch(() => undefined) // The first error says what is wrong.
    throw error
  }
  await closing(file) // Some file systems only now say that they are full.
}

function writeNewNow(path: string, bytes: Uint8Array): void {
  const file = openSync(path, NEW_FILE, FILE_MODE)
  try {
    fchmodSync(file, FILE_MODE)
    for (let length = 0; length < bytes.length; ) length += writeSync(file, bytes, length, bytes.length - length)
  } catch (error) {
    closeQuietly(file)
    throw error
  }
  closeSync(file)
}

function closeQuietly(file: number): void {
  try {
    closeSync(file)
  } catch {
    // The first error says what is wrong.
  }
}

/** A trip to the thread pool costs more than to give a file another name. */
async function renameNow(from: string, to: string): Promise<void> {
  renameSync(from, to)
}

/** As above. */
async function makeFoldersNow(path: string): Promise<void> {
  const first = mkdirSync(path, { recursive: true, mode: FOLDER_MODE })
  if (first === undefined) return // All were there.
  for (let made = path; made.length >= first.length; made = dirname(made)) chmodSync(made, FOLDER_MODE) // The umask, again.
}

async function orDiskError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const errno = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    const code = FULL_ERRNOS.has(errno) ? 'DISK_FULL' : 'DISK_FAILED'
    throw new DiskError({ code, errno }, `the disk says ${errno}`, { cause: error })
  }
}
