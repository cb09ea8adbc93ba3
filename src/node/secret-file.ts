import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Random } from '../base/random.ts'

/**
 * Writes a secret that only its owner may read, whole or not at all. Resolves to false when the file was there already:
 * of two who start at once, one wins and the other reads what it wrote.
 */
export async function createSecretFile(random: Random, file: string, content: Uint8Array | string): Promise<boolean> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const temporary = `${file}.${random.hex(8)}.tmp`
  try {
    await writeSynced(temporary, content)
    await link(temporary, file) // Unlike rename, never replaces what is there.
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    if (!NO_HARD_LINKS.has(errorCode(error) ?? '')) throw error
    return await createInPlace(file, content)
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Undefined when there is no such file. */
export async function readSecretFile(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** What `link` says on file systems without hard links (FAT, some network shares). */
const NO_HARD_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

async function createInPlace(file: string, content: Uint8Array | string): Promise<boolean> {
  try {
    await writeSynced(file, content)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
}

async function writeSynced(file: string, content: Uint8Array | string): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(content)
    await handle.sync() // A machine that loses power must not come back with an empty key.
  } finally {
    await handle.close()
  }
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
