import type { Random } from '../../src/base/random.ts'

/** Chance drawn from a seed: the same numbers on every machine. */
export class SimRandom implements Random {
  readonly #seed: number
  #state: number

  constructor(seed: number) {
    this.#seed = seed
    this.#state = seed | 0
  }

  /** Mulberry32. */
  float(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  hex(count: number): string {
    return Array.from({ length: count }, () => this.integer(0, 255).toString(16).padStart(2, '0')).join('')
  }

  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.float() * (max - min + 1))
  }

  pick<T>(values: readonly T[]): T {
    const value = values[this.integer(0, values.length - 1)]
    if (value === undefined) throw new RangeError('nothing to pick from')
    return value
  }

  /** Chance of its own for one consumer, so that its draws cannot shift those of another. The same name gives the same again. */
  fork(name: string): SimRandom {
    let mixed = this.#seed
    for (const character of name) mixed = Math.imul(mixed ^ (character.codePointAt(0) ?? 0), 0x01000193)
    return new SimRandom(mixed)
  }
}
