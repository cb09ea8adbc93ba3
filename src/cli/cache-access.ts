import { join } from 'node:path'
import { silentLog } from '../base/log.ts'
import { createCache } from '../cache/cache.ts'
import type { Chore, ChoreProgress } from '../cache/cache-chores.ts'
import { systemDisk } from '../cache/system-disk.ts'
import { type CacheStatus, idleCacheStatus, isCacheStatus, isChoreProgress } from '../status/cache-listing.ts'
import type { Context } from './command.ts'
import { noNode } from './command-error.ts'
import { nodeSettings } from './node-settings.ts'

/** The cache of this machine's node, reached through the node, or on disk when none runs. */
export interface CacheAccess {
  stats(): Promise<CacheStatus>
  begin(chore: Chore): Promise<ChoreProgress>
  progress(): Promise<ChoreProgress>
  close(): Promise<void>
}

export async function cacheAccess(context: Context): Promise<CacheAccess> {
  const status = await context.ask('cache-stats', isCacheStatus)
  return status === undefined ? onDisk(context) : throughNode(context)
}

function throughNode({ ask }: Context): CacheAccess {
  return {
    stats: async () => (await ask('cache-stats', isCacheStatus)) ?? gone(),
    begin: async (chore) => (await ask('cache-begin', isChoreProgress, { chore })) ?? gone(),
    progress: async () => (await ask('cache-progress', isChoreProgress)) ?? gone(),
    close: async () => undefined,
  }
}

async function onDisk(context: Context): Promise<CacheAccess> {
  const { home, clock, random } = context
  const { cacheSize } = await nodeSettings({}, context)
  // Without a limit: the node may have had a larger one on its command line, and nothing is to be evicted here.
  const init = { folder: join(home, 'cache'), maxBytes: Number.POSITIVE_INFINITY }
  const cache = createCache({ disk: systemDisk, clock, random, log: silentLog }, init)
  await cache.start()
  await cache.whenLoaded()
  return {
    stats: async () => idleCacheStatus(cache.stats(), cacheSize),
    begin: async (chore) => cache.begin(chore),
    progress: async () => cache.progress() ?? gone(),
    close: () => cache.stop(),
  }
}

/** The node has ended since it was asked first. */
function gone(): never {
  throw noNode()
}
