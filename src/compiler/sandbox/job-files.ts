import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  read,
  readSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { posix } from 'node:path'
import { promisify } from 'node:util'
import { RunnerError, type RunRequest } from '../runner.ts'
import type { JobPaths } from './job-paths.ts'
import type { RunLimits } from './run-limits.ts'
import { TREE_LIST } from './tree-list.ts'

/** Above this a thread reads or writes: below, asking one takes longer than the work. The files are in memory. */
const SYNC_MAX_BYTES = 256 * 1024

/** Makes the folders of a run and puts its files in place, below `root`. */
export async function placeFiles(root: string, paths: JobPaths, files: RunRequest['files']): Promise<void> {
  await orRefused(async () => {
    for (const folder of paths.folders) makeFolder(root, folder)
    for (const [index, { bytes, mtimeSeconds }] of files.entries()) {
      const path = `${root}${paths.files[index]}`
      await writeNew(path, bytes)
      if (mtimeSeconds === undefined) continue
      const time = new Date(1000 * mtimeSeconds) // A negative number would be taken for now.
      utimesSync(path, time, time)
    }
  })
}

/** Leaves the list of what a cell is to place itself where it finds it. */
export async function placeList(root: string, list: Uint8Array): Promise<void> {
  await orRefused(() => writeNew(root + TREE_LIST, list))
}

/** What is in the way is the client's: a file where another should be a folder, or too much of all. */
async function orRefused(place: () => Promise<void>): Promise<void> {
  try {
    await place()
  } catch (error) {
    throw new RunnerError({ code: 'RUNNER_PATH_REFUSED' }, 'a file cannot be put in place', { cause: error })
  }
}

/** With those above. The compile may run as another user and make folders beside them; nobody else reaches them here. */
function makeFolder(root: string, folder: string): void {
  if (folder === '/' || existsSync(root + folder)) return
  makeFolder(root, posix.dirname(folder))
  mkdirSync(root + folder)
  chmodSync(root + folder, 0o777)
}

async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  // `wx`: never through a link, never a file twice.
  const options = { flag: 'wx', mode: 0o644 }
  if (bytes.length <= SYNC_MAX_BYTES) writeFileSync(path, bytes, options)
  else await writeFile(path, bytes, options)
}

/**
 * Reads what the compile has written; undefined for what is not a regular file of its own. A hostile compile may leave links
 * that lead out of its root: none is followed. Nothing of it runs any more.
 */
export async function collectFiles(
  root: string,
  paths: readonly string[],
  { outputBytes }: Pick<RunLimits, 'outputBytes'>,
): Promise<readonly (Uint8Array | undefined)[]> {
  const found: (Uint8Array | undefined)[] = []
  let left = outputBytes
  for (const path of paths) {
    const bytes = await readRegular(root, path, left)
    left -= bytes?.length ?? 0
    found.push(bytes)
  }
  return found
}

async function readRegular(root: string, path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  const file = openRegular(root, path)
  if (file === undefined) return undefined
  try {
    const found = fstatSync(file)
    if (!found.isFile()) return undefined
    if (found.size > maxBytes)
      throw new RunnerError({ code: 'RUNNER_TOO_LARGE', what: 'output' }, `${path} is too large`)
    return await readWhole(file, found.size)
  } finally {
    closeSync(file)
  }
}

function openRegular(root: string, path: string): number | undefined {
  try {
    for (let folder = posix.dirname(path); folder !== '/'; folder = posix.dirname(folder)) {
      if (!lstatSync(root + folder).isDirectory()) return undefined
    }
    // A pipe would wait for its other end.
    return openSync(root + path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return undefined // Not written, or not for us to read.
  }
}

const readInThread = promisify(read)

async function readWhole(file: number, size: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(size)
  let filled = 0
  while (filled < size) {
    const part =
      size <= SYNC_MAX_BYTES
        ? readSync(file, bytes, filled, size - filled, filled)
        : (await readInThread(file, bytes, filled, size - filled, filled)).bytesRead
    if (part === 0) break // Shorter than it said: a hole of a plain folder.
    filled += part
  }
  return bytes.subarray(0, filled)
}
