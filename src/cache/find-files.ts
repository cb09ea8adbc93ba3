import { isSha256 } from '../base/digest.ts'
import { type CacheFile, cacheFile, pathOf, SHELVES } from './cache-file.ts'
import type { Disk } from './disk.ts'

/** The files in a cache's folder, a hundred or so at a time so that others get their turn. Names that are not ours are passed over. */
export async function* findFiles(disk: Disk, folder: string): AsyncGenerator<readonly CacheFile[]> {
  for (const shelf of SHELVES) {
    for (const prefix of await disk.list(`${folder}/${shelf}`)) {
      if (prefix.length !== 2) continue
      const found: CacheFile[] = []
      for (const rest of await disk.list(`${folder}/${shelf}/${prefix}`)) {
        const name = prefix + rest
        if (!isSha256(name)) continue
        const stat = disk.stat(`${folder}/${pathOf(shelf, name)}`)
        if (stat !== undefined) found.push(cacheFile(shelf, name, stat))
      }
      yield found
    }
  }
}
