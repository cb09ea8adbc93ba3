import type { CompilerFamily } from '../invocation.ts'
import type { OpaqueReason } from './directive-scan.ts'
import type { FileEntry } from './file-view.ts'
import type { SearchPath } from './search-path.ts'

/** One translation unit. */
export interface ClosureRequest {
  /** gcc takes precompiled headers on its own accord, clang only for forced includes. */
  readonly family: CompilerFamily
  /** As on the command line: absolute or relative to `cwd`. */
  readonly source: string
  readonly cwd: string
  readonly searchPath: SearchPath
  /** Values of `-include` and `-imacros`, in their order. */
  readonly forcedIncludes: readonly string[]
  /** Values of `-D`. */
  readonly defines: readonly string[]
  /** All that the compiler opens, as it told: then nothing is looked into that macros include. */
  readonly told: readonly string[] | undefined
  /** All answers are checked against the disk once in each epoch: a number that grows. */
  readonly epoch: number
}

/** Why a closure may lack a file: the action must be shipped another way. */
export type UnresolvedReason =
  | OpaqueReason
  /** Something is there that cannot be read, or is no regular file. */
  | 'unreadable'
  /** A folder of precompiled headers: the compiler chooses by trying. */
  | 'precompiled-folder'
  /** A precompiled header without its text: what it was made of, and warnings quote, may be anything. */
  | 'precompiled-alone'
  | 'too-many-files'
  /** The compiler does not tell where it looks, or an option changes that in ways beyond us. */
  | 'search-path'
  /** One file has several names, by which clang knows it for the same and `#pragma once` leaves it out: in a tree it is several. */
  | 'several-names'
  /** Imports modules: their interfaces were built by other compiles. */
  | 'modules'

/** Everything a compile of one translation unit may read: a superset. */
export interface IncludeClosure {
  /** The source first. Paths are as the compiler opens them: links and `..` in them are the caller's to keep. */
  readonly files: readonly FileEntry[]
  /** What was looked for before what was found, or in vain: absent, or a folder. A file there would change the closure. */
  readonly missing: readonly FileEntry[]
  readonly unresolved: UnresolvedReason | undefined
  /** Precompiled headers that the compiler may take; they stand in `files` too. */
  readonly precompiled: readonly FileEntry[]
  readonly usesDate: boolean
  readonly usesTime: boolean
  readonly usesTimestamp: boolean
  readonly usesModules: boolean
}
