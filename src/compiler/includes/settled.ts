/** Coarsest clock of a file system in use (FAT); also more than the 1 s of ext3 and HFS+. */
export const TIMESTAMP_GRANULE_MS = 2_000

/**
 * Whether a change after `now` would show in the times of what `stat` describes. Until then, equal times prove nothing:
 * two changes within one granule leave the same stamp.
 */
export function isSettled(
  { mtimeMs, ctimeMs }: { readonly mtimeMs: number; readonly ctimeMs: number },
  now: number,
): boolean {
  return ctimeMs < now - TIMESTAMP_GRANULE_MS && Math.abs(mtimeMs - now) > TIMESTAMP_GRANULE_MS
}
