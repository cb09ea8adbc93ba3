import { isStats, type Stats } from '../../status/job-listing.ts'
import { falling } from '../build-summary.ts'
import { type Command, JSON_FLAG } from '../command.ts'
import { noNode } from '../command-error.ts'
import { EXIT } from '../exit-codes.ts'
import { reasonWords } from '../local-reason-words.ts'
import { textTable } from '../text-table.ts'

export const statsCommand: Command = {
  words: ['stats'],
  summary: 'count what became of the compiles since the node started',
  flags: [JSON_FLAG],
  run: async ({ flags }, { ask, terminal }) => {
    const stats = await ask('stats', isStats)
    if (stats === undefined) throw noNode()
    terminal.out(flags.json === true ? `${JSON.stringify(stats)}\n` : statsTable(stats))
    return EXIT.ok
  },
}

export function statsTable({ calls, compiles, remote, cached, byMiss, byCache, byPeer, byReason }: Stats): string {
  const missed = Object.values(byMiss).reduce((sum, count) => sum + count, 0)
  return textTable([
    ['compiler calls', String(calls)],
    ['compiles', String(compiles)],
    ['from the cache', withShare(cached, cached + missed)],
    ...falling(byCache).map(([name, count]) => [`  ${name}`, String(count)]),
    ['not in the cache', String(missed)],
    ...falling(byMiss).map(([reason, count]) => [`  ${reason.replaceAll('-', ' ')}`, String(count)]),
    ['on peers', String(remote)],
    ...falling(byPeer).map(([name, count]) => [`  ${name}`, String(count)]),
    ['here', String(calls - remote - cached)],
    ...falling(byReason).map(([reason, count]) => [`  ${reasonWords(reason)}`, String(count)]),
  ])
}

/** `59 (98 %)`; rounded down, for a rate of 100 % says that nothing was missed. */
function withShare(count: number, all: number): string {
  return all === 0 ? String(count) : `${count} (${Math.floor((100 * count) / all)} %)`
}
