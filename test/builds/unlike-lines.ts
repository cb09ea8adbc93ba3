/** The lines of a text that are not empty. */
export function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '')
}

/**
 * The lines that one of two builds said more often than the other: `- line` for the first, `+ line` for the second, once
 * for each time. Commands that run at once say theirs in any order.
 */
export function unlikeLines(first: readonly string[], second: readonly string[]): readonly string[] {
  const balance = new Map<string, number>()
  for (const line of first) balance.set(line, (balance.get(line) ?? 0) - 1)
  for (const line of second) balance.set(line, (balance.get(line) ?? 0) + 1)
  return [...balance].flatMap(([line, times]) =>
    Array.from({ length: Math.abs(times) }, () => `${times < 0 ? '-' : '+'} ${line}`),
  )
}
