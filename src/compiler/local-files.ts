import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, readSync } from 'node:fs'
import { isDevice } from './file-name.ts'

/** What command lines are understood with. Synchronous: on the hot path it is one `lstat`. Paths are absolute. */
export interface FileReader {
  /** The whole file, or undefined if it cannot be read, is no regular file or is larger than `maxBytes`. */
  read(path: string, maxBytes: number): Uint8Array | undefined
  /** False where compilers write into what is there: folders, devices, pipes, symbolic links, and files of several names. */
  mayBeReplaced(path: string): boolean
  exists(path: string): boolean
}

/** The machine's own files. */
export const localFiles: FileReader = {
  read: (path, maxBytes) => {
    if (isDevice(path)) return undefined // Those of this process, where the caller's were meant.
    try {
      const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)) // A pipe would not open before it is written to.
      try {
        const { size, isFile } = statOf(file)
        if (!isFile || size > maxBytes) return undefined
        const bytes = Buffer.allocUnsafe(size)
        return bytes.subarray(0, readSync(file, bytes, 0, size, 0))
      } finally {
        closeSync(file)
      }
    } catch {
      return undefined // Missing and unreadable are the same to a compiler.
    }
  },
  mayBeReplaced: (path) => {
    const stat = lstatSync(path, { throwIfNoEntry: false })
    return stat === undefined || (stat.isFile() && stat.nlink <= 1)
  },
  exists: (path) => existsSync(path),
}

function statOf(file: number): { readonly size: number; readonly isFile: boolean } {
  const stat = fstatSync(file)
  return { size: stat.size, isFile: stat.isFile() }
}
