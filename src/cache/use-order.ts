/** Something whose uses are kept in order. Only `UseOrder` writes to these. */
export interface Used<T> {
  older: T | undefined
  newer: T | undefined
}

/** Remembers in which order things were last used, each use in a few nanoseconds. A thing is in one order at most. */
export class UseOrder<T extends Used<T>> {
  #oldest: T | undefined
  #newest: T | undefined

  get oldest(): T | undefined {
    return this.#oldest
  }

  /** Used just now. */
  addNewest(item: T): void {
    item.older = this.#newest
    item.newer = undefined
    if (this.#newest === undefined) this.#oldest = item
    else this.#newest.newer = item
    this.#newest = item
  }

  /** Used before all others. */
  addOldest(item: T): void {
    item.newer = this.#oldest
    item.older = undefined
    if (this.#oldest === undefined) this.#newest = item
    else this.#oldest.older = item
    this.#oldest = item
  }

  /** An item of this order was used just now. */
  use(item: T): void {
    if (item === this.#newest) return
    this.remove(item)
    this.addNewest(item)
  }

  remove(item: T): void {
    if (item.older === undefined) this.#oldest = item.newer
    else item.older.newer = item.newer
    if (item.newer === undefined) this.#newest = item.older
    else item.newer.older = item.older
    item.older = undefined
    item.newer = undefined
  }
}
