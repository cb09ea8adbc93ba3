import type { Chore, ChoreProgress } from '../../cache/cache-chores.ts'
import type { CacheStatus } from '../../status/cache-listing.ts'
import { type CacheAccess, cacheAccess } from '../cache-access.ts'
import { type Command, type Context, JSON_FLAG } from '../command.ts'
import { CommandError } from '../command-error.ts'
import { EXIT } from '../exit-codes.ts'
import { textTable } from '../text-table.ts'
import { byteSize, counted } from '../wording.ts'

/** How often a chore is looked at. */
const LOOK_MS = 100

export const cacheStats: Command = {
  words: ['cache', 'stats'],
  summary: 'count what is kept of compiles on this machine, and how often it served',
  flags: [JSON_FLAG],
  run: async ({ flags }, context) => {
    const status = await withCache(context, (cache) => cache.stats())
    context.terminal.out(flags.json === true ? `${JSON.stringify(status)}\n` : cacheTable(status))
    return EXIT.ok
  },
}

export const cacheVerify: Command = {
  words: ['cache', 'verify'],
  summary: 'read again all that is kept, and drop what is corrupt',
  notes:
    'The node serves meanwhile. What is corrupt is never used, verified or not: this finds it before it is asked for.',
  flags: [JSON_FLAG],
  run: async ({ flags }, context) => {
    const ended = await withCache(context, (cache) => carryOut(cache, 'verify', context))
    context.terminal.out(flags.json === true ? jsonOf(ended) : verifyWords(ended))
    return EXIT.ok
  },
}

export const cacheClear: Command = {
  words: ['cache', 'clear'],
  summary: 'remove all that is kept, but for what compiles of this moment need',
  flags: [JSON_FLAG],
  run: async ({ flags }, context) => {
    const ended = await withCache(context, (cache) => carryOut(cache, 'clear', context))
    context.terminal.out(flags.json === true ? jsonOf(ended) : clearWords(ended))
    return EXIT.ok
  },
}

export function cacheTable(status: CacheStatus): string {
  const { folder, bytes, maxBytes, blobs, results, hits, misses, evicted, dropped, unwritten, loaded } = status
  const since: readonly (readonly [string, number | null])[] = [
    ['hits', hits],
    ['misses', misses],
    ['evicted', evicted],
    ['found corrupt or gone', dropped],
    ['not stored', unwritten],
  ]
  return textTable([
    ['folder', folder],
    ['size', `${byteSize(bytes)} of ${byteSize(maxBytes)}${loaded ? '' : ' (still being read)'}`],
    ['results', String(results)],
    ['files', String(blobs)],
    ...since.flatMap(([what, count]) => (count === null ? [] : [[what, String(count)]])),
  ])
}

export function verifyWords({ total, removed, removedBytes }: ChoreProgress): string {
  const found = removed === 0 ? 'all are sound' : `${removed} were corrupt and are gone (${byteSize(removedBytes)})`
  return `read ${counted(total, 'file')}: ${found}\n`
}

export function clearWords({ total, removed, removedBytes }: ChoreProgress): string {
  const left = total - removed
  const stayed = left === 0 ? '' : `; ${left} are in use and stay`
  return `removed ${counted(removed, 'file')} (${byteSize(removedBytes)})${stayed}\n`
}

function jsonOf({ chore, total, removed, removedBytes }: ChoreProgress): string {
  return `${JSON.stringify({ chore, total, removed, removedBytes })}\n`
}

async function withCache<T>(context: Context, work: (cache: CacheAccess) => Promise<T>): Promise<T> {
  const cache = await cacheAccess(context)
  try {
    return await work(cache)
  } finally {
    await cache.close()
  }
}

/** Has a chore done from its beginning, after the one that may be running. */
async function carryOut(cache: CacheAccess, chore: Chore, { clock, interrupted }: Context): Promise<ChoreProgress> {
  let progress = await cache.begin(chore)
  const isMine = () => progress.chore === chore
  while (progress.running || !isMine()) {
    await clock.sleep(LOOK_MS, interrupted).catch(() => undefined) // Interrupted: told below.
    if (interrupted.aborted) {
      throw new CommandError(
        EXIT.failed,
        `interrupted after ${progress.done} of ${progress.total} files`,
        'run it again',
      )
    }
    progress = isMine() ? await cache.progress() : await cache.begin(chore)
  }
  return progress
}
