/**
 * A map that keeps at least the `youngMax` entries used last, and at most twice as many. Cheaper than a list of uses: an entry
 * is moved once per generation, not once per use.
 */
export class AgingMap<K, V> {
  readonly #youngMax: number
  #young = new Map<K, V>()
  #old = new Map<K, V>()

  constructor(youngMax: number) {
    this.#youngMax = youngMax
  }

  get(key: K): V | undefined {
    const value = this.#young.get(key)
    if (value !== undefined) return value
    const aged = this.#old.get(key)
    if (aged !== undefined) this.set(key, aged)
    return aged
  }

  set(key: K, value: V): void {
    if (this.#young.size >= this.#youngMax && !this.#young.has(key)) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }

  /** All that is kept, what was used last before the rest. */
  *values(): Generator<V> {
    yield* this.#young.values()
    for (const [key, value] of this.#old) if (!this.#young.has(key)) yield value
  }

  delete(key: K): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }
}
