import { isAbsolute } from 'node:path'
import { PATH_MAX_BYTES } from '../base/limits.ts'

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** `path` with what follows the last dot of its last part replaced, as drivers name what they write beside an output. */
export function withSuffix(path: string, suffix: string): string {
  const dot = path.lastIndexOf('.')
  return (dot > path.lastIndexOf('/') + 1 ? path.slice(0, dot) : path) + suffix
}

/** `path` as a process in `folder` means it. Not shortened: `link/..` is not where it seems to be. */
export function inFolder(folder: string, path: string): string {
  return isAbsolute(path) ? path : `${folder}/${path}`
}

/** Whether a file is called as precompiled headers are, or lies in a folder of them: what they were made from counts with its times. */
export function isPrecompiledName(path: string): boolean {
  return /\.(?:gch|pch)(?:\/|$)/.test(path)
}

/** Whether a path leads to a device or pipe: `/dev/fd/63` and `/dev/stdin` are other files in every process. What lies in `/dev/shm` are files. */
export function isDevice(path: string): boolean {
  return DEVICE.test(path)
}

const DEVICE = /^\/+(?:dev(?!\/+shm\/)|proc)\//

/** Whether a word of a command line can only be the name of a file: no option, no `@file`, not longer than a path can be. */
export function isFileName(word: string): boolean {
  return word !== '' && !/^[-@]/.test(word) && !word.endsWith('/') && Buffer.byteLength(word) <= PATH_MAX_BYTES
}
