import { HybridgridError } from '../base/errors.ts'
import { TREE_ENTRIES_HELD_MAX, TREE_ENTRIES_PER_SESSION_MAX } from '../base/limits.ts'
import type { InputTree, TreeFile, TreeLink } from '../compiler/trees/input-tree.ts'
import type { TreeInput } from './compile.ts'

/** One part of a tree, as it goes over the wire: once per session, later by its number. */
export type TreeEntry =
  | { readonly kind: 'file'; readonly file: TreeFile }
  | { readonly kind: 'link'; readonly link: TreeLink }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'absent'; readonly path: string }

export type TreeDictionaryFailure =
  | { readonly code: 'TREE_NUMBER_UNKNOWN'; readonly number: number }
  | { readonly code: 'TREE_ENTRIES_TOO_MANY' }

/** A peer names entries that it has not defined, or defines too many. */
export class TreeDictionaryError extends HybridgridError<TreeDictionaryFailure> {}

/**
 * The client's half of what one session remembers. A build's trees share nearly all their files: each is spelt out in the
 * first that has it, and is a number of two bytes in the next. One end's mistake would be the other's wrong file, so
 * whoever fails in the middle of a request ends the session.
 */
export class TreeSpeaker {
  #files = new Map<TreeFile, number>()
  #links = new Map<string, number>()
  #folders = new Map<string, number>()
  #absent = new Map<string, number>()
  #count = 0

  /** How to name `tree`. */
  name(tree: InputTree): Pick<TreeInput, 'restart' | 'defined' | 'used'> {
    const entries = tree.files.length + tree.links.length + tree.folders.length + tree.absent.length
    const restart = this.#count + entries > TREE_ENTRIES_PER_SESSION_MAX
    if (restart) this.#forget()
    const defined: TreeEntry[] = []
    const used: number[] = []
    const use = <K>(known: Map<K, number>, key: K, entry: () => TreeEntry) => {
      let number = known.get(key)
      if (number === undefined) {
        number = this.#count
        this.#count += 1
        known.set(key, number)
        defined.push(entry())
      }
      used.push(number)
    }
    for (const file of tree.files) use(this.#files, file, () => ({ kind: 'file', file }))
    for (const link of tree.links) use(this.#links, `${link.path}\0${link.target}`, () => ({ kind: 'link', link }))
    for (const path of tree.folders) use(this.#folders, path, () => ({ kind: 'folder', path }))
    for (const path of tree.absent) use(this.#absent, path, () => ({ kind: 'absent', path }))
    return { restart, defined, used }
  }

  #forget(): void {
    this.#files = new Map()
    this.#links = new Map()
    this.#folders = new Map()
    this.#absent = new Map()
    this.#count = 0
  }
}

/** How many entries all sessions of a worker remember. */
export class TreeEntryBudget {
  held = 0
}

/** A tree as its worker heard it. */
export interface HeardTree {
  readonly files: readonly TreeFile[]
  readonly links: readonly TreeLink[]
  readonly folders: readonly string[]
  readonly absent: readonly string[]
  /** The number of each of `files`. */
  readonly numbers: readonly number[]
  /** Content of the first of `files`, as the client says. */
  readonly source: Uint8Array | undefined
}

/** The worker's half. */
export class TreeListener {
  readonly #budget: TreeEntryBudget
  #entries: TreeEntry[] = []

  constructor(budget: TreeEntryBudget) {
    this.#budget = budget
  }

  /** Learns what is new. Throws `TreeDictionaryError` when it is more than is kept. */
  learn({ restart, defined }: Pick<TreeInput, 'restart' | 'defined'>): void {
    if (restart) this.forget()
    const mostHere = this.#entries.length + defined.length > TREE_ENTRIES_PER_SESSION_MAX
    if (mostHere || this.#budget.held + defined.length > TREE_ENTRIES_HELD_MAX) {
      throw new TreeDictionaryError({ code: 'TREE_ENTRIES_TOO_MANY' }, 'more tree entries than are kept')
    }
    this.#budget.held += defined.length
    for (const entry of defined) this.#entries.push(entry)
  }

  /** What the numbers stand for. Throws `TreeDictionaryError` for one that was not defined. */
  tree(used: readonly number[]): Omit<HeardTree, 'source'> {
    const files: TreeFile[] = []
    const links: TreeLink[] = []
    const folders: string[] = []
    const absent: string[] = []
    const numbers: number[] = []
    for (const number of used) {
      const entry = this.#entries[number]
      if (entry === undefined) {
        throw new TreeDictionaryError({ code: 'TREE_NUMBER_UNKNOWN', number }, `nothing is defined as ${number}`)
      }
      if (entry.kind === 'file') {
        files.push(entry.file)
        numbers.push(number)
      } else if (entry.kind === 'link') links.push(entry.link)
      else (entry.kind === 'folder' ? folders : absent).push(entry.path)
    }
    return { files, links, folders, absent, numbers }
  }

  /** To be called when the session is over. */
  forget(): void {
    this.#budget.held -= this.#entries.length
    this.#entries = []
  }
}
