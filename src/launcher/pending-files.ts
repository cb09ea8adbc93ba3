import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { LAUNCHER_FILES_MAX } from '../base/limits.ts'
import { malformed } from '../protocols/launcher-fields.ts'
import { KEEPS_RIGHTS, KEEPS_RIGHTS_IF_EMPTY } from '../protocols/launcher-messages.ts'

/**
 * Files that the agent has us write: under temporary names until they are whole, then renamed. Methods throw the system's
 * error when that fails, and `LauncherProtocolError` when they are asked for nonsense. Mirrors files.c.
 */
export class PendingFiles {
  #pending: { readonly path: string; readonly temporaryPath: string }[] = []
  #open: { readonly descriptor: number; lackingBytes: number } | undefined
  #temporaries: string[] = []
  #number = 0

  begin(path: string, mode: number, size: number): void {
    if (path === '' || this.#open !== undefined) throw malformed('a file begins inside another')
    if (this.#pending.length === LAUNCHER_FILES_MAX) throw malformed('too many files')
    const target = lstatSync(path, { throwIfNoEntry: false })
    if (target !== undefined && !target.isFile() && !target.isSymbolicLink()) throw notReplaceable(path)
    const { descriptor, temporaryPath } = this.#create(path, mode & 0o777)
    this.#pending.push({ path, temporaryPath })
    this.#open = { descriptor, lackingBytes: size }
    if (target?.isFile() && isWrittenInto(mode, target)) keepRights(descriptor, path, target)
    this.#closeWhenWhole()
  }

  add(bytes: Uint8Array): void {
    if (bytes.length > (this.#open?.lackingBytes ?? 0)) throw malformed('more than the file was to have')
    if (this.#open === undefined) return
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#open.descriptor, bytes, at)
    this.#open.lackingBytes -= bytes.length
    this.#closeWhenWhole()
  }

  /** All that the file is to have is in this other file, with this CRC-32. */
  copy(from: string, crc: number): void {
    if (this.#open === undefined) throw malformed('nothing to be copied into')
    const bytes = readFileSync(from)
    if (bytes.length !== this.#open.lackingBytes || crc32(bytes) !== crc)
      throw Object.assign(new Error(`${from} is another`), { code: 'EIO' })
    this.add(bytes)
  }

  commit(): void {
    if (this.#open !== undefined) throw malformed('a file is not whole')
    for (let next = this.#pending[0]; next !== undefined; next = this.#pending[0]) {
      rmSync(next.path, { force: true }) // As files.c says; and Windows renames over nothing that is open.
      renameSync(next.temporaryPath, next.path)
      this.#pending.shift()
    }
  }

  /** Removes what has no name yet. */
  drop(): void {
    if (this.#open !== undefined) closeSync(this.#open.descriptor)
    this.#open = undefined
    for (const { temporaryPath } of this.#pending) rmSync(temporaryPath, { force: true })
    this.#pending = []
  }

  addTemporary(path: string): void {
    if (this.#temporaries.length === LAUNCHER_FILES_MAX) throw malformed('too many temporary files')
    this.#temporaries.push(path)
  }

  removeTemporaries(): void {
    for (const path of this.#temporaries) rmSync(path, { force: true })
    this.#temporaries = []
  }

  #create(path: string, mode: number): { readonly descriptor: number; readonly temporaryPath: string } {
    for (;;) {
      const temporaryPath = join(dirname(path), `.hg-${process.pid}-${this.#number++}.tmp`)
      try {
        return { descriptor: openSync(temporaryPath, 'wx', mode), temporaryPath }
      } catch (error) {
        // Another launcher of this number may share the folder from another container.
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      }
    }
  }

  #closeWhenWhole(): void {
    if (this.#open?.lackingBytes !== 0) return
    const { descriptor } = this.#open
    this.#open = undefined
    closeSync(descriptor) // A full disk behind NFS is told here.
  }
}

function isWrittenInto(mode: number, there: Stats): boolean {
  const keeps = there.size === 0 ? KEEPS_RIGHTS | KEEPS_RIGHTS_IF_EMPTY : KEEPS_RIGHTS
  return (mode & keeps) !== 0
}

/** What a compiler could not write into, or of another owner: the compiler does it, or says why not. */
function keepRights(descriptor: number, path: string, there: Stats): void {
  accessSync(path, constants.W_OK)
  const made = fstatSync(descriptor)
  if (made.uid !== there.uid || made.gid !== there.gid) throw Object.assign(new Error(path), { code: 'EPERM' })
  fchmodSync(descriptor, there.mode & 0o7777)
}

/** A rename replaces what a compiler would: not a device, a pipe or a folder. */
function notReplaceable(path: string): Error {
  return Object.assign(new Error(`${basename(path)} is not a regular file`), { code: 'EINVAL' })
}
