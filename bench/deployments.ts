import type { Contender, Deployed, Field } from './contenders/contender.ts'

/** Contenders on one field. Those that do anything unasked are there only while they are measured. */
export class Deployments {
  readonly #field: Field
  readonly #standing = new Map<Contender, Deployed | string>()

  constructor(field: Field) {
    this.#field = field
  }

  /** Does `work` with a contender that is set up; a string says why it cannot be. */
  async with<T>(contender: Contender, work: (deployed: Deployed) => Promise<T>): Promise<T | string> {
    const deployed = this.#standing.get(contender) ?? (await contender.start(this.#field))
    if (typeof deployed === 'string') {
      this.#standing.set(contender, deployed)
      return deployed
    }
    if (contender.quietWhenIdle) this.#standing.set(contender, deployed)
    try {
      return await work(deployed)
    } finally {
      if (!contender.quietWhenIdle) await deployed.stop()
    }
  }

  /** Ends all that stands. */
  async end(): Promise<void> {
    for (const deployed of this.#standing.values()) if (typeof deployed !== 'string') await deployed.stop()
    this.#standing.clear()
  }
}
