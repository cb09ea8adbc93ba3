import type { Language } from './invocation.ts'
import type { LocalReason } from './local-reason.ts'

/** What a word that is no option is to the driver: a source in a language, a source we leave alone, or linker input. */
export type InputKind =
  | { readonly language: Language; readonly needsTree?: LocalReason }
  | { readonly refused: LocalReason }
  | { readonly linkerInput: true }

/** By what stands behind the last dot, if it is not the first character; case matters. */
const EXTENSIONS: ReadonlyMap<string, InputKind> = new Map<string, InputKind>([
  ...kinds('c', { language: 'c' }),
  ...kinds('cc cp cpp cxx c++ C CPP', { language: 'c++' }),
  ...kinds('i', { language: 'cpp-output' }),
  ...kinds('ii', { language: 'c++-cpp-output' }),
  // What an assembler includes no preprocessor sees.
  ...kinds('S sx', { language: 'assembler-with-cpp', needsTree: 'assembler-source' }),
  ...kinds('s', { language: 'assembler', needsTree: 'assembler-source' }),
  ...kinds('asm', { refused: 'assembler-source' }),
  ...kinds('h hh H hp hpp hxx HPP h++ tcc inl', { refused: 'precompiled-header' }),
  ...kinds('gch pch', { refused: 'precompiled-header' }),
  ...kinds('cppm ccm cxxm c++m ixx mpp pcm', { refused: 'modules' }),
  ...kinds('m mi mm M mii', { refused: 'unknown-language' }),
  ...kinds('f for ftn fpp F FOR FTN f90 F90 f95 F95 f03 F03 f08 F08', { refused: 'unknown-language' }),
  ...kinds('ads adb d di go mod def cu cui cl hip cppi bc ll ast rs', { refused: 'unknown-language' }),
])

/** By the value of `-x`. */
const NAMES: ReadonlyMap<string, InputKind> = new Map<string, InputKind>([
  ...kinds('c', { language: 'c' }),
  ...kinds('c++', { language: 'c++' }),
  ...kinds('cpp-output', { language: 'cpp-output' }),
  ...kinds('c++-cpp-output', { language: 'c++-cpp-output' }),
  ...kinds('assembler', { language: 'assembler', needsTree: 'assembler-source' }),
  ...kinds('assembler-with-cpp', { language: 'assembler-with-cpp', needsTree: 'assembler-source' }),
  ...kinds('c-header c++-header c++-system-header c++-user-header', { refused: 'precompiled-header' }),
  ...kinds('c++-module', { refused: 'modules' }),
])

const LINKER_INPUT: InputKind = { linkerInput: true }
const UNKNOWN: InputKind = { refused: 'unknown-language' }

/**
 * What `input` is, given the `-x` in force (undefined for none) and whether the driver is a C++ one, which takes
 * `.c` for C++; it does so with `.i` too, which then is preprocessed twice: that is left to it.
 */
export function inputKind(input: string, explicit: string | undefined, cxxDriver: boolean): InputKind {
  if (explicit !== undefined) return NAMES.get(explicit) ?? UNKNOWN
  const name = input.slice(input.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  const kind = dot <= 0 ? undefined : EXTENSIONS.get(name.slice(dot + 1))
  if (kind === undefined) return LINKER_INPUT
  if (!cxxDriver || !('language' in kind)) return kind
  return DRIVEN_AS_CXX.get(kind.language) ?? kind
}

const DRIVEN_AS_CXX: ReadonlyMap<Language, InputKind> = new Map<Language, InputKind>([
  ['c', { language: 'c++' }],
  ['cpp-output', UNKNOWN],
])

/** Whether a source needs no preprocessing. */
export function isPreprocessed(language: Language): boolean {
  return language === 'cpp-output' || language === 'c++-cpp-output'
}

function kinds(names: string, kind: InputKind): readonly (readonly [string, InputKind])[] {
  return names.split(' ').map((name) => [name, kind] as const)
}
