/** The seeds to run: a few by default; `HG_SEEDS=8412` runs that one, `HG_SEEDS=1-500` all of these. */
export function seeds(byDefault: string): readonly number[] {
  const [from = 1, to = from] = (process.env['HG_SEEDS'] ?? byDefault).split('-').map(Number)
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}
