/** The candidate that a mistyped `word` most likely meant; undefined when none is near. */
export function nearest(word: string, candidates: Iterable<string>, maxEdits = 2): string | undefined {
  let best: string | undefined
  let bestEdits = maxEdits + 1
  for (const candidate of candidates) {
    const needed = edits(word, candidate)
    if (needed < bestEdits && needed < candidate.length) [best, bestEdits] = [candidate, needed]
  }
  return best
}

/** How many letters must be put in, taken out, replaced or swapped with their neighbour (optimal string alignment). */
function edits(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    beforeLast = last
    last = current
  }
  return last[to.length] ?? 0
}
