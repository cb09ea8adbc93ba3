/**
 * Changes whenever a scan of the same bytes may come out differently, or is made of other fields: raise it with every
 * change to the rules of `scan-*.ts`, `directive-lines.ts`, `header-name.ts` or `text-scanner.ts`. Scans outlive the node
 * (`saved-memory.ts`); those of another version are thrown away.
 */
export const SCAN_RULES_VERSION = 3

/** Where the search for a name begins. */
export type SearchStart =
  /** `"x"`: the folder of the file that asks, then the whole chain. */
  | 'quote'
  /** `<x>`: the chain behind the quote folders. */
  | 'angle'
  /** `#include_next`: behind the folder in which the asking file was found. */
  | 'next'
  /** `#embed "x"`: the folder of the file that asks, then the `--embed-dir` folders. */
  | 'embed-quote'
  /** `#embed <x>`: the `--embed-dir` folders. */
  | 'embed-angle'
  /** `.include`, `.incbin`: the assembler looks from the working directory and along `-I`. */
  | 'assembler'

/** What becomes of the file once it is found. */
export type IncludePurpose =
  /** Its text is read as source: it may ask for files itself. */
  | 'text'
  /** Its bytes are taken as they are, or only its presence matters. */
  | 'presence'

/** One file that a source may ask its compiler for. */
export interface IncludeRequest {
  readonly start: SearchStart
  readonly purpose: IncludePurpose
  /** As written between the quotes. */
  readonly name: string
}

/** `#include NAME`: which file is meant depends on the macros of the whole translation unit. */
export interface ComputedRequest {
  readonly purpose: IncludePurpose
  readonly directive: 'include' | 'next' | 'embed'
  readonly macro: string
  readonly form: ComputedForm
}

export type ComputedForm =
  /** The macro is all there is. */
  | 'name'
  /** `NAME(x)`, `NAME x`: beyond us if NAME is a macro at all. */
  | 'more'
  /** `#define NAME(x) __has_include(x)`: whoever calls NAME asks. */
  | 'probe'

/** Why the files that a source asks for cannot be told from its text. */
export type OpaqueReason =
  /** `#include` of something that macros make up. */
  | 'computed-include'
  /** `.incbin` or `.include` whose name is put together. */
  | 'assembler-include'
  /** `__has_include` with an argument that macros make up. */
  | 'computed-probe'
  /** `#pragma GCC dependency`: compares modification times. */
  | 'dependency-pragma'
  /** A pragma that makes one file stand for another: `include_alias`, `pch_preprocess`. */
  | 'file-pragma'
  /** A name that is not UTF-8, or holds a NUL. */
  | 'unspeakable-name'
  /** Nested or long beyond all reason. */
  | 'excessive'

/** All that the text of one file says about other files: a superset, since no `#if` is evaluated. */
export interface DirectiveScan {
  readonly requests: readonly IncludeRequest[]
  readonly computed: readonly ComputedRequest[]
  readonly opaque: OpaqueReason | undefined
  readonly usesDate: boolean
  readonly usesTime: boolean
  readonly usesTimestamp: boolean
  /** C++20 `import`, `module` or `export module`. */
  readonly usesModules: boolean
}
