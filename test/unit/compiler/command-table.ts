import type { CompileInvocation, Language } from '../../../src/compiler/invocation.ts'
import type { FileReader } from '../../../src/compiler/local-files.ts'
import { LOCAL_REASONS, type LocalReason } from '../../../src/compiler/local-reason.ts'

/** One command line, called in the folder `/w`, and what becomes of it. */
export interface CommandRow {
  readonly name: string
  readonly tool: string
  readonly args: readonly string[]
  readonly env: ReadonlyMap<string, string>
  /** Files that are there, by absolute path. Nothing else is, except folders that end in `/`. */
  readonly files: ReadonlyMap<string, string>
  /** What becomes of it. */
  readonly expected: Expected
}

export type Expected =
  | { readonly kind: 'local'; readonly reason: LocalReason; readonly light: boolean }
  | {
      readonly kind: 'remote'
      readonly output: string
      readonly language: Language
      readonly mode: CompileInvocation['mode']
      readonly extraOutputs: readonly string[]
      /** Path of the dependency file. */
      readonly dependency: string | undefined
      readonly extraInputs: readonly string[]
      /** Why no text will do. */
      readonly needsTree: LocalReason | undefined
      /** Why no text will do of which that cannot be said so early. */
      readonly textObjection: LocalReason | undefined
    }

/**
 * Rows of `name | tools | arguments | expected | situation`, a line each; a tool each becomes a row.
 *
 * - arguments are parted by blanks; a backslash protects the next character; `''` is an empty one, `¦` stands for `|`
 * - expected: `heavy REASON`, `light REASON`, `remote OUTPUT`, or `tree REASON OUTPUT` where text will not do; the last two
 *   with what differs from an object of C that could go as text: `language=c++ mode=assembly extra=a.dwo,a.su in=a.gcda d=a.d
 *   text=text-unfit`
 * - situation: `NAME=value` of the environment, `/path/of/file=text`, `/path/of/folder/`
 */
export function commandTable(text: string): readonly CommandRow[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.flatMap((line) => {
    const [name = '', tools = '', args = '', expected = '', situation = ''] = line.split('|').map((cell) => cell.trim())
    const around = splitWords(situation).map(splitPair)
    const row = {
      name,
      args: splitWords(args).map((word) => word.replaceAll('¦', '|')),
      env: new Map(around.filter(([key]) => !key.startsWith('/'))),
      files: new Map(around.filter(([key]) => key.startsWith('/'))),
      expected: parseExpected(expected, line),
    }
    return tools.split(' ').map((tool) => ({ ...row, tool }))
  })
}

/** Words parted by blanks; a backslash protects the next character. */
export function splitWords(line: string): readonly string[] {
  const words = line.match(/(?:\\.|[^\\\s])+/g) ?? []
  return words.map((word) => (word === "''" ? '' : word.replace(/\\(.)/g, '$1')))
}

/** A disk that holds what a row says. */
export function filesOf(files: ReadonlyMap<string, string>): FileReader {
  return {
    read: (path, maxBytes) => {
      const bytes = Buffer.from(files.get(path) ?? '')
      return files.has(path) && bytes.length <= maxBytes ? bytes : undefined
    },
    mayBeReplaced: (path) => !files.has(path.replace(/\/*$/, '/')),
    exists: (path) => files.has(path) || files.has(`${path}/`),
  }
}

function parseExpected(cell: string, line: string): Expected {
  const [kind = '', what = '', ...rest] = splitWords(cell)
  const needsTree = kind === 'tree' && isReason(what) ? what : undefined
  const [output = '', ...facts] = needsTree === undefined ? [what, ...rest] : rest
  if ((kind === 'heavy' || kind === 'light') && isReason(what) && rest.length === 0) {
    return { kind: 'local', reason: what, light: kind === 'light' }
  }
  if (kind !== 'remote' && needsTree === undefined) throw new Error(`no expectation: ${line}`)
  const given = new Map(facts.map(splitPair))
  const { language = 'c', mode = 'object', extra, in: inputs, d, text, ...unknown } = Object.fromEntries(given)
  if (Object.keys(unknown).length > 0 || !isLanguage(language) || !isMode(mode))
    throw new Error(`unknown fact: ${line}`)
  return {
    kind: 'remote',
    output,
    language,
    mode,
    extraOutputs: extra?.split(',') ?? [],
    dependency: d,
    extraInputs: inputs?.split(',') ?? [],
    needsTree,
    textObjection: text !== undefined && isReason(text) ? text : undefined,
  }
}

function splitPair(word: string): readonly [string, string] {
  const equals = word.indexOf('=')
  return equals < 0 ? [word, ''] : [word.slice(0, equals), word.slice(equals + 1)]
}

function isReason(word: string): word is LocalReason {
  return Object.hasOwn(LOCAL_REASONS, word)
}

function isLanguage(word: string): word is Language {
  return ['c', 'c++', 'cpp-output', 'c++-cpp-output', 'assembler', 'assembler-with-cpp'].includes(word)
}

function isMode(word: string): word is CompileInvocation['mode'] {
  return ['object', 'assembly', 'link'].includes(word)
}
