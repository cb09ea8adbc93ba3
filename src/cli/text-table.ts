/** Rows as lines whose cells stand below each other. The last cell of a row is as long as it is. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length)
    })
  }
  return rows
    .map((row) => `${row.map((cell, column) => pad(row, cell, widths[column] ?? 0, column)).join('  ')}\n`)
    .join('')
}

function pad(row: readonly string[], cell: string, width: number, column: number): string {
  return column === row.length - 1 ? cell : cell.padEnd(width)
}
