import { isSha256 } from '../base/digest.ts'
import { type CacheFile, cacheFile, pathOf, SHELVES } from './cache-file.ts'
import type { Disk } from './disk.ts'

/** The files in a cache's folder, the last used first. Names that are not ours are passed over. Ends early when aborted. */
export async function findFiles(disk: Disk, folder: string, signal: AbortSignal): Promise<readonly CacheFile[]> {
  const found: CacheFile[] = []
  for (const shelf of SHELVES) {
    for (const prefix of await disk.list(`${folder}/${shelf}`)) {
      if (signal.aborted) return found
      if (prefix.length !== 2) continue
      for (const rest of await disk.list(`${folder}/${shelf}/${prefix}`)) {
        const name = prefix + rest
        const stat = isSha256(name) ? disk.stat(`${folder}/${pathOf(shelf, name)}`) : undefined
        if (isSha256(name) && stat !== undefined) found.push(cacheFile(shelf, name, stat))
      }
    }
  }
  return found.sort((a, b) => b.usedAt - a.usedAt)
}
