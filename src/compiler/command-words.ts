import {
  type DependencyOptions,
  noDependencyOptions,
  noteDependencyOption,
  noteDependencyWords,
} from './dependency-options.ts'
import { isPrecompiledName } from './file-name.ts'
import type { ClassifiedOption, CompilerFamily, Language } from './invocation.ts'
import type { LocalReason } from './local-reason.ts'
import { assemblerObjection } from './options/assembler.ts'
import { CLANG_OPTIONS } from './options/clang.ts'
import { GCC_OPTIONS } from './options/gcc.ts'
import { matchOption, type OptionMatch, type OptionRole, type OptionTable } from './options/option.ts'
import { inputKind } from './source-language.ts'

/** A command line sorted into what its words are; nothing is decided yet. */
export interface CommandWords {
  /** Of several, the one that stops earliest wins, as in the drivers. */
  readonly mode: 'preprocess' | 'assembly' | 'object' | 'link'
  /** `--version` and its kin. */
  readonly asks: boolean
  /** `language` is undefined for languages that are not shipped; then there is a refusal. */
  readonly sources: readonly { readonly name: string; readonly language: Language | undefined }[]
  /** The `-x` in force for the last source. */
  readonly explicitLanguage: string | undefined
  readonly readsStdin: boolean
  readonly linkerInputs: readonly string[]
  readonly architectures: number
  readonly output: string | undefined
  readonly dependencies: DependencyOptions
  readonly options: readonly ClassifiedOption[]
  /** Values of `-include` and `-imacros`. */
  readonly forcedIncludes: readonly string[]
  /** Suffixes of further files that are written beside the output. */
  readonly suffixes: readonly string[]
  /** Further files that options name. */
  readonly namedInputs: readonly string[]
  readonly namedOutputs: readonly string[]
  /** Precompiled headers that options name. */
  readonly precompiled: readonly string[]
  /** What `-fprofile-use` and its kin say of where the profile is; '' for nothing. */
  readonly profilesUsed: readonly string[]
  /** The first reason found why preprocessed text would not do. */
  readonly needsTree: LocalReason | undefined
  /** The first reason found to stay at home. */
  readonly refusal: LocalReason | undefined
}

/** The option table of a family. */
export const OPTION_TABLES: Readonly<Record<CompilerFamily, OptionTable>> = { gcc: GCC_OPTIONS, clang: CLANG_OPTIONS }

/** Sorts the words of one call. `args` hold no `@file` any more. */
export function readWords(family: CompilerFamily, args: readonly string[], cxxDriver: boolean): CommandWords {
  const reader = new WordReader(family, cxxDriver)
  const table = OPTION_TABLES[family]
  let optionsEnd = args.indexOf('--')
  if (optionsEnd < 0) optionsEnd = args.length
  for (let at = 0; at < args.length; ) {
    const word = args[at] ?? ''
    if (at === optionsEnd) {
      if (family === 'gcc') reader.refuse('unknown-option') // It says that it does not know it; clang does.
      at += 1
    } else if (at > optionsEnd || word === '-' || !word.startsWith('-')) {
      reader.input(word)
      at += 1
    } else {
      const match = matchOption(table, args, at)
      if (match === undefined) {
        reader.refuse('unknown-option')
        at += 1
      } else {
        reader.option(match, args.slice(at, at + match.words))
        at += match.words
        // The `--` was an option's value, not the end of options.
        if (at > optionsEnd) optionsEnd = nextEnd(args, at)
      }
    }
  }
  reader.end()
  return reader
}

function nextEnd(args: readonly string[], from: number): number {
  const at = args.indexOf('--', from)
  return at < 0 ? args.length : at
}

const MODE_RANK = { link: 0, object: 1, assembly: 2, preprocess: 3 } as const

class WordReader implements CommandWords {
  mode: CommandWords['mode'] = 'link'
  asks = false
  readonly sources: { name: string; language: Language | undefined }[] = []
  explicitLanguage: string | undefined
  readsStdin = false
  readonly linkerInputs: string[] = []
  architectures = 0
  output: string | undefined
  readonly dependencies = noDependencyOptions()
  readonly options: ClassifiedOption[] = []
  readonly forcedIncludes: string[] = []
  readonly suffixes: string[] = []
  readonly namedInputs: string[] = []
  readonly namedOutputs: string[] = []
  readonly precompiled: string[] = []
  readonly profilesUsed: string[] = []
  needsTree: LocalReason | undefined
  refusal: LocalReason | undefined
  readonly #family: CompilerFamily
  readonly #cxxDriver: boolean
  #inputs = 0
  #inputsBeforeLanguage = 0
  /** Said behind `-Xclang`, whose value is the word behind the next one. */
  #innerOption: string | undefined

  constructor(family: CompilerFamily, cxxDriver: boolean) {
    this.#family = family
    this.#cxxDriver = cxxDriver
  }

  refuse(reason: LocalReason): void {
    this.refusal ??= reason
  }

  need(reason: LocalReason | undefined): void {
    this.needsTree ??= reason
  }

  input(word: string): void {
    this.#inputs += 1
    if (word === '-') {
      this.readsStdin = true
      return
    }
    if (word.startsWith('-') || word.startsWith('@')) this.refuse('unknown-option') // Only `--` tells it from an option.
    if (!word.isWellFormed() || word.includes('\uFFFD')) this.refuse('not-utf8')
    const kind = inputKind(word, this.explicitLanguage, this.#cxxDriver)
    if ('linkerInput' in kind) this.linkerInputs.push(word)
    else if ('language' in kind) {
      this.sources.push({ name: word, language: kind.language })
      this.need(kind.needsTree)
    } else {
      this.sources.push({ name: word, language: undefined })
      this.refuse(kind.refused)
    }
  }

  option({ name, meaning, value }: OptionMatch, words: readonly string[]): void {
    if ('local' in meaning) this.refuse(meaning.local)
    else if ('role' in meaning) ROLES[meaning.role](this, this.#family, name, value ?? '', words)
    else {
      const { stage, trait, writes, names, needsTree } = meaning
      this.options.push(trait === undefined ? { words, stage } : { words, stage, trait })
      this.need(needsTree)
      if (names === 'input' && value !== undefined) this.namedInputs.push(value)
      if (names === 'output' && value !== undefined) this.namedOutputs.push(value)
      if (names === 'precompiled' && value !== undefined) this.namePrecompiled(value)
      if (writes !== undefined && !this.suffixes.includes(writes)) this.suffixes.push(writes)
      if ((trait === 'forced-include' || trait === 'forced-macros') && value !== undefined) {
        this.forcedIncludes.push(value)
      }
    }
  }

  namePrecompiled(path: string): void {
    this.precompiled.push(path)
    if (!isPrecompiledName(path)) this.refuse('precompiled-header') // A cache would not count the times of its parts.
  }

  /** `-Xclang`: two of them make an option with its value, as CMake calls for the precompiled headers that it made. */
  innerWord(word: string, words: readonly string[]): void {
    const option = this.#innerOption
    this.#innerOption = undefined
    this.need('precompiled-header')
    if (option !== undefined) {
      this.options.push({ words: ['-Xclang', option, ...words], stage: 'both' })
      if (option === '-include-pch') this.namePrecompiled(word)
    } else if (INNER_OPTIONS.has(word)) this.#innerOption = word
    else if (INNER_FLAGS.has(word)) this.options.push({ words, stage: 'both' })
    else this.refuse('unknown-option')
  }

  /** `-x`: for the inputs behind it. */
  language(name: string): void {
    this.explicitLanguage = name === 'none' ? undefined : name
    this.#inputsBeforeLanguage = this.#inputs
  }

  end(): void {
    if (this.#innerOption !== undefined) this.refuse('unknown-option')
    // Compilers say that an `-x` behind the last input has no effect.
    if (this.#inputs > 0 && this.#inputsBeforeLanguage === this.#inputs) this.refuse('unknown-option')
  }

  stopAt(mode: CommandWords['mode']): void {
    if (MODE_RANK[mode] > MODE_RANK[this.mode]) this.mode = mode
  }
}

const INNER_OPTIONS: ReadonlySet<string> = new Set(['-include-pch', '-include'])
const INNER_FLAGS: ReadonlySet<string> = new Set(['-fno-pch-timestamp'])

type RoleHandler = (
  reader: WordReader,
  family: CompilerFamily,
  name: string,
  value: string,
  words: readonly string[],
) => void

const ROLES: Readonly<Record<OptionRole, RoleHandler>> = {
  object: (reader) => reader.stopAt('object'),
  assembly: (reader) => reader.stopAt('assembly'),
  preprocess: (reader) => reader.stopAt('preprocess'),
  ask: (reader) => {
    reader.asks = true
  },
  output: (reader, _family, _name, value) => {
    if (reader.output !== undefined) reader.refuse('unknown-option') // Drivers differ in which one they take.
    reader.output = value
  },
  language: (reader, _family, _name, value) => reader.language(value),
  architecture: (reader, _family, _name, _value, words) => {
    reader.architectures += 1
    reader.options.push({ words, stage: 'both' })
    if (reader.architectures > 1) reader.refuse('several-architectures')
  },
  dependencies: (reader, _family, name, value, words) => {
    // A flag has no value; `-MT ''` has an empty one.
    const valued = words.length > 1 || words[0] !== name
    if (reader.dependencies.behindDriver && !valued && name !== '-MP') reader.dependencies.contradictory = true
    if (reader.dependencies.behindDriver && name === '-MF') reader.dependencies.contradictory = true
    noteDependencyOption(reader.dependencies, name, valued ? value : undefined)
  },
  'preprocessor-words': (reader, _family, _name, value, words) => {
    const parts = value.split(',')
    if (noteDependencyWords(reader.dependencies, parts)) return
    if (parts.every((part) => /^-[DU]./.test(part))) reader.options.push({ words, stage: 'macro' })
    else reader.refuse('unknown-option')
  },
  'assembler-words': (reader, _family, _name, value, words) => {
    const reason = assemblerObjection(value.split(','))
    if (reason !== undefined) reader.refuse(reason)
    else reader.options.push({ words, stage: 'compile' })
  },
  'inner-words': (reader, _family, _name, value, words) => reader.innerWord(value, words),
  'profile-use': (reader, _family, name, value, words) => {
    reader.options.push({ words, stage: 'compile', trait: 'one-call' })
    reader.profilesUsed.push(name.endsWith('=') ? value : '')
    reader.need('profile')
  },
}
