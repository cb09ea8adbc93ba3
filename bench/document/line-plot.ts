import type { Spec } from 'vega'
import { countedValues, type Table } from '../results.ts'
import { median } from '../statistics.ts'
import { CONTENDER_COLORS, INK } from './plot-style.ts'
import { renderSvg } from './render-svg.ts'

const WIDTH = 420
const HEIGHT = 240

/** Tables that differ in one number, as a line for each contender over that number. An SVG of its own. */
export function linePlot(title: string, tables: readonly Table[]): Promise<string> {
  const values = tables.flatMap(({ at, rows }) =>
    rows.flatMap((row) => {
      const counted = countedValues(row)
      return counted.length === 0 || at === null ? [] : [{ contender: row.contender, at, middle: median(counted) }]
    }),
  )
  const names = [...new Set(values.map(({ contender }) => contender))]
  return renderSvg(lineSpec(title, values, names))
}

interface Point {
  readonly contender: string
  readonly at: number
  readonly middle: number
}

function lineSpec(title: string, values: readonly Point[], names: readonly string[]): Spec {
  const place = { x: { scale: 'at', field: 'at' }, y: { scale: 'values', field: 'middle' } }
  const color = { scale: 'color', field: 'contender' }
  return {
    background: 'white',
    padding: 8,
    width: WIDTH,
    height: HEIGHT,
    title: { text: title, anchor: 'start', color: INK, fontSize: 13 },
    data: [{ name: 'points', values: [...values] }],
    scales: [
      { name: 'at', type: 'point', domain: { data: 'points', field: 'at', sort: true }, range: 'width', padding: 0.3 },
      {
        name: 'values',
        type: 'linear',
        domain: { data: 'points', field: 'middle' },
        range: 'height',
        nice: true,
        zero: true,
      },
      { name: 'color', type: 'ordinal', domain: [...names], range: names.map((name) => CONTENDER_COLORS[name] ?? INK) },
    ],
    axes: [
      { orient: 'left', scale: 'values', grid: true, tickCount: 5, domain: false, labelColor: INK },
      { orient: 'bottom', scale: 'at', labelColor: INK },
    ],
    legends: [{ stroke: 'color', symbolType: 'stroke', labelColor: INK }],
    marks: [
      {
        type: 'group',
        from: { facet: { name: 'line', data: 'points', groupby: 'contender' } },
        marks: [
          {
            type: 'line',
            from: { data: 'line' },
            encode: { enter: { ...place, stroke: color, strokeWidth: { value: 2 } } },
          },
          { type: 'symbol', from: { data: 'line' }, encode: { enter: { ...place, fill: color, size: { value: 30 } } } },
        ],
      },
    ],
  }
}
