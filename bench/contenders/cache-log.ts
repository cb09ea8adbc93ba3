/** Hits by `ccache --print-stats`: a name and a number in each line. */
export function ccacheHits(stats: string): number {
  const count = (name: string) => Number(new RegExp(`^${name}\\t(\\d+)$`, 'm').exec(stats)?.[1] ?? 0)
  return count('direct_cache_hit') + count('preprocessed_cache_hit')
}

/** Hits by `sccache --show-stats`. */
export function sccacheHits(stats: string): number {
  return Number(/^Cache hits\s+(\d+)$/m.exec(stats)?.[1] ?? 0)
}
