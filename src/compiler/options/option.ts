import type { OptionStage, OptionTrait } from '../invocation.ts'
import type { LocalReason } from '../local-reason.ts'

/**
 * Where an option's value stands: nowhere; in the next word; glued on (possibly empty); glued on or else in the next
 * word. A trailing `=` belongs to the name.
 */
export type ValuePlace = 'none' | 'next' | 'glued' | 'either'

/** Words the parser itself acts upon; everything else is data. */
export type OptionRole =
  | 'object' // -c
  | 'assembly' // -S
  | 'preprocess' // -E and its kin
  | 'ask' // --version and its kin: harmless, quick, and about the compiler
  | 'output'
  | 'language'
  | 'architecture'
  | 'dependencies' // -MD and its kin
  | 'preprocessor-words' // -Wp,
  | 'assembler-words' // -Wa,
  | 'inner-words' // -Xclang
  | 'profile-use' // -fprofile-use and its kin: what they read depends on the output's name

/** What an option does to a compile. */
export type OptionMeaning =
  | {
      readonly stage: OptionStage
      readonly trait?: OptionTrait
      /** Suffix of a further file it makes the compiler write beside the output. */
      readonly writes?: string
      /** What its value names: a further file that the compiler reads, or writes, or a precompiled header. */
      readonly names?: 'input' | 'output' | 'precompiled'
      /** Why preprocessed text would not do: the compile goes as a tree, or stays here for this reason. */
      readonly needsTree?: LocalReason
      /** A catch-all for options yet to be invented: holds only for values that cannot name a file. */
      readonly guess?: true
    }
  | { readonly local: LocalReason }
  | { readonly role: OptionRole }

/** One row of an option table: names, parted by blanks, that take their value in one way and mean one thing. */
export interface OptionRow {
  readonly value: ValuePlace
  readonly names: string
  readonly means: OptionMeaning
}

/** One option found on a command line. */
export interface OptionMatch {
  readonly name: string
  readonly meaning: OptionMeaning
  readonly value: string | undefined
  /** How many words it takes up: 1 or 2. */
  readonly words: 1 | 2
}

interface Entry {
  readonly name: string
  readonly value: ValuePlace
  readonly meaning: OptionMeaning
}

/** Looks options up in constant time. */
export interface OptionTable {
  readonly whole: ReadonlyMap<string, Entry>
  /** Names that a value is glued to, by their first two characters, longest first. */
  readonly beginnings: ReadonlyMap<string, readonly Entry[]>
}

/** A later row wins over an earlier one of the same name. */
export function optionTable(...tables: readonly (readonly OptionRow[])[]): OptionTable {
  const whole = new Map<string, Entry>()
  const glued = new Map<string, Entry>()
  for (const { value, names, means } of tables.flat()) {
    for (const name of names.trim().split(/\s+/)) {
      const entry = { name, value, meaning: means }
      whole.set(name, entry)
      if (value === 'glued' || value === 'either') glued.set(name, entry)
    }
  }
  const beginnings = new Map<string, Entry[]>()
  for (const entry of [...glued.values()].sort((a, b) => b.name.length - a.name.length)) {
    const key = entry.name.slice(0, 2)
    beginnings.set(key, [...(beginnings.get(key) ?? []), entry])
  }
  return { whole, beginnings }
}

/** The option that begins at `args[at]`, or undefined if it is in no table or lacks its value. */
export function matchOption(table: OptionTable, args: readonly string[], at: number): OptionMatch | undefined {
  const word = args[at] ?? ''
  const whole = table.whole.get(word)
  if (whole !== undefined) {
    const { name, meaning } = whole
    if (whole.value === 'none') return { name, meaning, value: undefined, words: 1 }
    if (whole.value === 'glued') return { name, meaning, value: '', words: 1 }
    const value = args[at + 1]
    return value === undefined ? undefined : { name, meaning, value, words: 2 }
  }
  const begun = table.beginnings.get(word.slice(0, 2))?.find(({ name }) => word.startsWith(name))
  if (begun === undefined) return undefined
  const value = word.slice(begun.name.length)
  if ('stage' in begun.meaning && begun.meaning.guess && !isPlain(value)) return undefined
  return { name: begun.name, meaning: begun.meaning, value, words: 1 }
}

/** Whether a value of an option we do not know can be a word or a number (`10.9`), but hardly a file (`list.txt`). */
function isPlain(value: string): boolean {
  return /^(?:[\w=,:+-]|\.(?=\d))*$/.test(value)
}
