import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'

/** The trees, caches and temporary files of nine machines that build at once. */
const ROOM_MIN_BYTES = 8 * 1024 ** 3

/**
 * Puts all that is written from now on below `tmpdir()` into memory, for every contender alike, until this process ends: what
 * a new file costs differs tenfold between file systems, and is no contender's doing. Returns why it could not; undefined when
 * it is so.
 */
export function putTemporaryFilesInMemory(): string | undefined {
  if (freemem() < 2 * ROOM_MIN_BYTES) return 'too little memory'
  const folder = mkdtempSync(join(tmpdir(), 'hybridgrid-bench-'))
  const options = `mode=1777,size=${ROOM_MIN_BYTES}`
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'hybridgrid-bench', folder])
  if (status !== 0) {
    rmdirSync(folder)
    return 'a tmpfs cannot be mounted'
  }
  process.env['TMPDIR'] = folder
  process.once('exit', () => {
    // Whatever still has a file of it open ends with this process, or has it vanish then.
    if (spawnSync('umount', ['--lazy', folder]).status === 0) rmdirSync(folder)
  })
  return undefined
}
