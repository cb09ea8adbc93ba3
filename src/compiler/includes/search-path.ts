/** One folder that a compiler looks in. */
export interface SearchFolder {
  /** Absolute, as text: neither links nor `..` are followed. No slash at the end. */
  readonly path: string
  /** Whether `<Name/x.h>` means `Name.framework/Headers/x.h` in it. */
  readonly framework: boolean
}

/** Where one compile looks for files, in its order. Interned by `key`: equal keys look in the same places. */
export interface SearchPath {
  readonly key: string
  /** For `"x"` all, behind the folder of the file that asks; for `<x>` from `bracketStart` on. */
  readonly folders: readonly SearchFolder[]
  readonly bracketStart: number
  /** After `-I-`: `"x"` is not looked for beside the file that asks. */
  readonly skipsIncluder: boolean
  /** `--embed-dir`. */
  readonly embedFolders: readonly string[]
  /** Folders on the command line or among the defaults that are not there; the search would change if they were. */
  readonly absent: readonly string[]
}
