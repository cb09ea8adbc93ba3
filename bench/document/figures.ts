/** A figure with three digits that count. */
export function figure(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value)
  const whole = Math.max(1, Math.floor(Math.log10(Math.abs(value))) + 1)
  return value.toFixed(Math.max(0, 3 - whole))
}

/** A ratio to two digits behind the point. */
export function ratio(value: number | undefined): string {
  return value === undefined ? '-' : value.toFixed(2)
}

/** A table of Markdown; the first column is words, the others are figures. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'))
  return [line(header), line(rule), ...rows.map(line)].join('\n')
}
