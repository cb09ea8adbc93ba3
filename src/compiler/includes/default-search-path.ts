import type { Language } from '../invocation.ts'

/** Where a compiler looks when the command line says nothing. */
export interface DefaultSearchPath {
  readonly quote: readonly string[]
  readonly system: readonly { readonly path: string; readonly framework: boolean }[]
  /** Folders that it would look in, were they there: once they are, this answer is out of date. */
  readonly absent: readonly string[]
}

const QUOTE_TITLE = '#include "..." search starts here:'
const BRACKET_TITLE = '#include <...> search starts here:'
const END = 'End of search list.'
const ABSENT = /^ignoring nonexistent directory "(.*)"$/
const FRAMEWORK = / \(framework directory\)$/

/** Reads what `-E -v` prints on stderr in the C locale. Undefined if it is not what gcc and clang print, or a configuration file plays a part. */
export function parseSearchPath(printed: string): DefaultSearchPath | undefined {
  const lines = printed.split('\n')
  const quote = lines.indexOf(QUOTE_TITLE)
  const bracket = lines.indexOf(BRACKET_TITLE)
  const end = lines.indexOf(END, bracket)
  // A configuration file may hold options that stand before those of the command line.
  // clang says nothing at all where it looks nowhere.
  if (bracket === -1 && lines.some((line) => line.startsWith('clang -cc1 version '))) return NOWHERE
  if (bracket === -1 || end === -1 || lines.some((line) => line.startsWith('Configuration file:'))) return undefined
  const absent = lines.flatMap((line) => ABSENT.exec(line)?.[1] ?? [])
  const folders = (from: number, to: number) => lines.slice(from + 1, to).map((line) => line.replace(/^ /, ''))
  return {
    quote: quote === -1 ? [] : folders(quote, bracket),
    system: folders(bracket, end).map((line) => ({
      path: line.replace(FRAMEWORK, ''),
      framework: FRAMEWORK.test(line),
    })),
    absent,
  }
}

const NOWHERE: DefaultSearchPath = { quote: [], system: [], absent: [] }

/** How each language is called for the question; preprocessed text and plain assembly include nothing. */
const ASKED_LANGUAGE: Readonly<Record<Language, string>> = {
  c: 'c',
  'c++': 'c++',
  'cpp-output': 'c',
  'c++-cpp-output': 'c++',
  assembler: 'assembler-with-cpp',
  'assembler-with-cpp': 'assembler-with-cpp',
}

/** Arguments that make a compiler tell its search path. */
export function searchPathQuestion(language: Language, targetWords: readonly string[]): readonly string[] {
  return [...targetWords, '-E', '-v', '-x', ASKED_LANGUAGE[language], '/dev/null', '-o', '/dev/null']
}

const ENVIRONMENT_FOLDERS: Readonly<Record<Language, string>> = {
  c: 'C_INCLUDE_PATH',
  'c++': 'CPLUS_INCLUDE_PATH',
  'cpp-output': 'C_INCLUDE_PATH',
  'c++-cpp-output': 'CPLUS_INCLUDE_PATH',
  assembler: 'C_INCLUDE_PATH',
  'assembler-with-cpp': 'C_INCLUDE_PATH',
}

/** Folders that the environment adds: behind `-I`, and behind `-isystem`. An empty part means the working directory. */
export function environmentFolders(
  env: ReadonlyMap<string, string>,
  language: Language,
): { readonly bracket: readonly string[]; readonly system: readonly string[] } {
  return { bracket: partsOf(env.get('CPATH')), system: partsOf(env.get(ENVIRONMENT_FOLDERS[language])) }
}

function partsOf(value: string | undefined): readonly string[] {
  return value === undefined || value === '' ? [] : value.split(':').map((part) => (part === '' ? '.' : part))
}

/** The environment for the question: what the command line's own environment adds is put in place later, where it belongs. */
export function questionEnvironment(env: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const asked = new Map([...env].filter(([name]) => !ADDS_FOLDERS.has(name) && !/^(?:LC_|LANG)/.test(name)))
  return asked.set('LC_ALL', 'C')
}

const ADDS_FOLDERS: ReadonlySet<string> = new Set([
  'CPATH',
  'C_INCLUDE_PATH',
  'CPLUS_INCLUDE_PATH',
  'OBJC_INCLUDE_PATH',
  'OBJCPLUS_INCLUDE_PATH',
  'DEPENDENCIES_OUTPUT',
  'SUNPRO_DEPENDENCIES',
])

/** Variables that change the answer. */
export const ASKED_VARIABLES: readonly string[] = [
  'SDKROOT',
  'COMPILER_PATH',
  'GCC_EXEC_PREFIX',
  'CLANG_CONFIG_FILE_SYSTEM_DIR',
  'CLANG_CONFIG_FILE_USER_DIR',
]
