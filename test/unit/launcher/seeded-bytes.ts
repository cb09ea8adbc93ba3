/** Bytes from a seed (mulberry32), the same on every machine. */
export function seededBytes(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 8) & 0xff
  }
}

/** So many bytes from a seed. */
export function seededBuffer(seed: number, size: number): Buffer {
  const next = seededBytes(seed)
  const bytes = Buffer.allocUnsafe(size)
  for (let at = 0; at < size; at++) bytes[at] = next()
  return bytes
}
