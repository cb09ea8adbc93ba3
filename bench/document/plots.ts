import type { SuiteResult, Table } from '../results.ts'
import { barPlot } from './bar-plot.ts'
import { linePlot } from './line-plot.ts'

export interface Plot {
  readonly suite: string
  /** Its file's name. */
  readonly name: string
  readonly svg: string
}

/** The plots of a suite: bars for each table, but lines for tables that only differ in one number. */
export async function plotsOf({ suite, tables }: SuiteResult): Promise<readonly Plot[]> {
  const svgs = tables.filter(({ at }) => at === null).map(barPlot)
  for (const [unit, alike] of byUnit(tables.filter(({ at }) => at !== null))) {
    svgs.push(linePlot(`${alike[0]?.title.replace(/^[^:]*:? ?/, '') || 'time'} (${unit}), by workers`, alike))
  }
  const drawn = await Promise.all(svgs)
  return drawn.map((svg, index) => ({ suite, name: `${suite}-${index + 1}.svg`, svg }))
}

function byUnit(tables: readonly Table[]): ReadonlyMap<string, readonly Table[]> {
  return Map.groupBy(tables, ({ unit }) => unit)
}
