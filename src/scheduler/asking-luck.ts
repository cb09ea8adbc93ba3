/** In a row without an answer; a script that nobody in the mesh has run before is noticed so soon. */
const VAIN_MAX = 4
/** Then every so many questions one is asked: others may have begun to build the same. */
const ASKED_OF = 32

/**
 * Whether it pays to ask the mesh for results of one kind, as far as the last questions tell: a busy network takes 50 ms for
 * one, a build asks hundreds, and the mesh knows nearly all of them or none.
 */
export class AskingLuck {
  #vain = 0
  #passed = 0

  /** Whether to ask now. */
  asks(): boolean {
    if (this.#vain < VAIN_MAX) return true
    this.#passed = (this.#passed + 1) % ASKED_OF
    return this.#passed === 0
  }

  /** What became of a question. */
  note(answered: boolean): void {
    this.#vain = answered ? 0 : this.#vain + 1
  }
}
