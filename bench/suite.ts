import type { Contender } from './contenders/contender.ts'
import type { Table } from './results.ts'

export interface SuiteOptions {
  /** A short look: small work, few rounds. */
  readonly quick: boolean
  readonly rounds: number
  /** Tells the person who waits what happens now. */
  readonly say: (what: string) => void
}

/** One family of measurements. */
export interface Suite {
  readonly name: string
  readonly title: string
  /** What is measured and how, in a sentence or two for the document. */
  readonly question: string
  /** The same of a quick look, where it does other work. */
  readonly quick?: { readonly title: string; readonly question: string }
  /** How often everything is done unless told: as often as it takes to be sure, or for a quick look. */
  readonly rounds: { readonly full: number; readonly quick: number }
  readonly contenders: readonly Contender[]
  /** Programs that it needs beside its contenders', and the Debian packages that bring them. */
  readonly packages: Readonly<Record<string, string>>
  /** A table at a time, so that what was measured is kept if the rest fails. */
  run(options: SuiteOptions): AsyncIterable<Table>
}
