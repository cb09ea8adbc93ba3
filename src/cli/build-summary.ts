import type { BuildSummary } from '../status/snapshot.ts'
import { reasonWords } from './local-reason-words.ts'
import { counted, elapsed } from './wording.ts'

/** Reasons that fit in a line; `hg jobs` has them all. */
const REASONS_SHOWN = 4

/** `142 compiles: 20 cached, 76 on fast-box, 40 on pi, 6 here (4 configure tests, 2 peers busy) · 12.3 s` */
export function summaryLine({ compiles, cached, byPlace, localReasons }: BuildSummary, ms: number): string {
  if (compiles === 0) return `no compiles · ${elapsed(ms)}`
  const remote = Object.values(byPlace).reduce((sum, count) => sum + count, 0)
  const here = Math.max(0, compiles - remote - cached)
  const places = [
    ...(cached > 0 ? [`${cached} cached`] : []),
    ...falling(byPlace).map(([name, count]) => `${count} on ${name}`),
  ]
  const reasons = falling(localReasons).map(([reason, count]) => `${count} ${reasonWords(reason)}`)
  const shown = reasons.slice(0, REASONS_SHOWN)
  if (reasons.length > REASONS_SHOWN) shown.push('…')
  if (here > 0) places.push(shown.length === 0 ? `${here} here` : `${here} here (${shown.join(', ')})`)
  return `${counted(compiles, 'compile')}: ${places.join(', ')} · ${elapsed(ms)}`
}

/** The largest first, equal ones by name. */
export function falling(counts: Readonly<Record<string, number>>): readonly (readonly [string, number])[] {
  return Object.entries(counts).sort(([a, some], [b, others]) => others - some || (a < b ? -1 : 1))
}
