import type { LocalReason } from './local-reason.ts'

/** Whose command line it is; decides the option table. */
export type CompilerFamily = 'gcc' | 'clang'

/** What `-x` would call the source. */
export type Language = 'c' | 'c++' | 'cpp-output' | 'c++-cpp-output' | 'assembler' | 'assembler-with-cpp'

/** A compiler call as the launcher heard it. */
export interface CompilerCall {
  readonly family: CompilerFamily
  /** The name or path that was called: `g++` and `gcc` differ in their default language. */
  readonly tool: string
  readonly args: readonly string[]
  readonly cwd: string
  /** The environment's variables by name. */
  readonly env: ReadonlyMap<string, string>
}

/** Where the compiler would write what `make` wants to know. */
export interface DependencyOutput {
  /** The file, as the compiler would name it: relative to the working directory or absolute. */
  readonly path: string
  /** Arguments that make a preprocessor run write the same file: `-MMD -MF x.d -MT x.o -MP`. */
  readonly args: readonly string[]
}

/** One translation unit, understood well enough to be compiled elsewhere. */
export interface CompileInvocation {
  readonly kind: 'compile'
  readonly family: CompilerFamily
  readonly language: Language
  /** As given on the command line. */
  readonly source: string
  /**
   * `-c` gives an object, `-S` assembly; `link` is a call without either, compiled apart and then linked here;
   * `dependencies` lists what the source includes, and never leaves this machine.
   */
  readonly mode: 'object' | 'assembly' | 'link' | 'dependencies'
  /** The file the compile writes, relative to the working directory or absolute; for `link` the program. */
  readonly output: string
  /** Further files the compile writes (`.dwo`, `.su` …), as the compiler would name them. */
  readonly extraOutputs: readonly string[]
  /** Further files the compile reads if they are there (profiles, lists), as the compiler would name them. */
  readonly extraInputs: readonly string[]
  /** Those of them that are precompiled headers, of which clang was told by name. */
  readonly precompiled: readonly string[]
  /** Why preprocessed text would not do: without a tree the call stays here, for this reason. */
  readonly needsTree: LocalReason | undefined
  readonly dependency: DependencyOutput | undefined
  /** All arguments with `@file`s expanded, without source, `-o`, `-c`/`-S`, `-x` and dependency options; in their order. */
  readonly options: readonly ClassifiedOption[]
  /** The expanded command line, whole. */
  readonly args: readonly string[]
}

/** One option with its value, if it takes one, and what it matters to. */
export interface ClassifiedOption {
  /** As it is written on a command line: one word, or two when the value stands apart. */
  readonly words: readonly string[]
  /** Which stage reads it: `preprocess` options are not sent with preprocessed text. */
  readonly stage: OptionStage
  /** Something about it that shapes how the compile can be shipped. */
  readonly trait?: OptionTrait
}

/** `macro` options define macros: they matter to the compile wherever macros travel unexpanded. */
export type OptionStage = 'preprocess' | 'macro' | 'compile' | 'both' | 'link'

export type OptionTrait =
  /** `-include`, `-imacros`: text in front of the source. */
  | 'forced-include'
  | 'forced-macros'
  /** Warns about line markers in what is not said to be preprocessed. */
  | 'pedantic'
  /** Macros are written into the debug info. */
  | 'macro-debug'
  /** Macros cannot be left in what is preprocessed. */
  | 'resolves-macros'
  /** Compile and link must be one call. */
  | 'one-call'

/** A call to be left to the local compiler; `light` ones (`--version`, `-E`) are cheap. */
export interface LocalInvocation {
  readonly kind: 'local'
  readonly reason: LocalReason
  readonly light: boolean
  /** What it does, link included, where the result of the same call would do as well. */
  readonly whole?: CompileInvocation
  /** Its sources, where calls of some of them each, one after the other, would do and say the same. */
  readonly severable?: readonly string[]
}

export type Invocation = CompileInvocation | LocalInvocation
