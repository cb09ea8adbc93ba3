/** The middle of the values, or of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  const lower = sorted[Math.ceil(middle) - 1] ?? Number.NaN
  return (lower + upper) / 2
}

/** The smallest and the largest value. */
export function extremes(values: readonly number[]): { readonly least: number; readonly most: number } {
  return { least: Math.min(...values), most: Math.max(...values) }
}

/**
 * How many times `measured` is `reference`: the median of the ratios within each round. A machine that was slow for a
 * minute was so for both. Rounds in which either has no value do not count; undefined when none is left.
 */
export function pairedRatio(
  measured: readonly (number | undefined)[],
  reference: readonly (number | undefined)[],
): number | undefined {
  const ratios = pairedRatios(measured, reference)
  return ratios.length === 0 ? undefined : median(ratios)
}

/** The ratio within each round that both have a value in. */
export function pairedRatios(
  measured: readonly (number | undefined)[],
  reference: readonly (number | undefined)[],
): readonly number[] {
  return measured.flatMap((value, round) => {
    const other = reference[round]
    return value === undefined || other === undefined || other === 0 ? [] : [value / other]
  })
}
