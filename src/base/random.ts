/** Chance as the rest of the program sees it; `test/sim` has one drawn from a seed. */
export interface Random {
  /** A number in [0, 1). */
  float(): number
  /** `count` random bytes, as lower-case hex. */
  hex(count: number): string
}

/** The machine's own chance. The only place in `src` that draws it. */
export const systemRandom: Random = {
  float: () => Math.random(),
  hex: (count) => Buffer.from(crypto.getRandomValues(new Uint8Array(count))).toString('hex'),
}
