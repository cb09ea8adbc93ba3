import type { Spec } from 'vega'
import { countedValues, type Table } from '../results.ts'
import { extremes, median } from '../statistics.ts'
import { INK, OTHER_COLOR, OURS_COLOR } from './plot-style.ts'
import { renderSvg } from './render-svg.ts'

const WIDTH = 520
const BAR_STEP = 22

/** One table as bars: the median of each contender, a line from its least to its most. An SVG of its own. */
export function barPlot(table: Table): Promise<string> {
  const values = table.rows.flatMap((row) => {
    const counted = countedValues(row)
    return counted.length === 0 ? [] : [{ contender: row.contender, middle: median(counted), ...extremes(counted) }]
  })
  return renderSvg(barSpec(`${table.title} (${table.unit})`, values))
}

interface Bar {
  readonly contender: string
  readonly middle: number
  readonly least: number
  readonly most: number
}

function barSpec(title: string, values: readonly Bar[]): Spec {
  const y = { scale: 'contenders', field: 'contender' }
  const center = { ...y, band: 0.5 }
  return {
    background: 'white',
    padding: 8,
    width: WIDTH,
    height: BAR_STEP * values.length,
    title: { text: title, anchor: 'start', color: INK, fontSize: 13 },
    data: [{ name: 'bars', values: [...values] }],
    scales: [
      {
        name: 'contenders',
        type: 'band',
        domain: { data: 'bars', field: 'contender' },
        range: 'height',
        padding: 0.25,
      },
      {
        name: 'values',
        type: 'linear',
        domain: { data: 'bars', field: 'most' },
        range: 'width',
        nice: true,
        zero: true,
      },
    ],
    axes: [
      { orient: 'left', scale: 'contenders', ticks: false, domain: false, labelFontSize: 12, labelColor: INK },
      { orient: 'bottom', scale: 'values', grid: true, tickCount: 6, domain: false, labelColor: INK },
    ],
    marks: [
      {
        type: 'rect',
        from: { data: 'bars' },
        encode: {
          enter: {
            x: { scale: 'values', value: 0 },
            x2: { scale: 'values', field: 'middle' },
            y,
            height: { scale: 'contenders', band: 1 },
            fill: [{ test: "datum.contender === 'hybridgrid'", value: OURS_COLOR }, { value: OTHER_COLOR }],
          },
        },
      },
      {
        type: 'rule',
        from: { data: 'bars' },
        encode: {
          enter: {
            x: { scale: 'values', field: 'least' },
            x2: { scale: 'values', field: 'most' },
            y: center,
            stroke: { value: INK },
            strokeWidth: { value: 1.5 },
          },
        },
      },
    ],
  }
}
