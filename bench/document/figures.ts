/** A figure with three digits that count. */
export function figure(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value)
  const whole = Math.max(1, Math.floor(Math.log10(Math.abs(value))) + 1)
  return value.toFixed(Math.max(0, 3 - whole))
}

/** Below it two digits behind the point would say next to nothing. */
const SMALL_RATIO = 0.1

/** A ratio to two digits behind the point, a small one with three that count. */
export function ratio(value: number | undefined): string {
  if (value === undefined) return '-'
  return value !== 0 && Math.abs(value) < SMALL_RATIO ? Number(value.toPrecision(3)).toString() : value.toFixed(2)
}

/** How many: whole, or with a half between two rounds. */
export function count(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1)
}

/** A table of Markdown; the first column is words, the others are figures. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'))
  return [line(header), line(rule), ...rows.map(line)].join('\n')
}
