import { ARGUMENTS_MAX, RESPONSE_FILE_MAX_BYTES, RESPONSE_FILE_MAX_DEPTH } from '../base/limits.ts'
import { inFolder } from './file-name.ts'
import type { FileReader } from './local-files.ts'

/**
 * The arguments with every `@file` replaced by what the file holds, as gcc and clang do it.
 * Undefined when a file cannot be read, reads differently to different compilers, nests too deep (a loop), or the whole
 * exceeds ARGUMENTS_MAX or RESPONSE_FILE_MAX_BYTES.
 */
export function expandResponseFiles(
  args: readonly string[],
  cwd: string,
  files: Pick<FileReader, 'read'>,
): readonly string[] | undefined {
  if (!args.some(namesResponseFile)) return args.length > GIVEN_MAX ? undefined : args
  const expansion: Expansion = { words: [], bytesLeft: RESPONSE_FILE_MAX_BYTES }
  return expandInto(expansion, args, cwd, files, 0) ? expansion.words : undefined
}

interface Expansion {
  readonly words: string[]
  /** Of all files of the call. */
  bytesLeft: number
}

/** Leaves room for the few that are added before arguments are sent. */
const GIVEN_MAX = ARGUMENTS_MAX - 16

/** What a file counts for at least: one that names another twice, over and over, is read a few thousand times at most. */
const FILE_COUNTS_BYTES = 4096

function expandInto(
  expansion: Expansion,
  args: readonly string[],
  cwd: string,
  files: Pick<FileReader, 'read'>,
  depth: number,
): boolean {
  if (depth > RESPONSE_FILE_MAX_DEPTH) return false
  for (const arg of args) {
    if (!namesResponseFile(arg)) {
      if (expansion.words.push(arg) > GIVEN_MAX) return false
      continue
    }
    if (expansion.bytesLeft <= 0) return false
    // Nested names, too, are relative to the working directory, not to the file that holds them.
    const bytes = files.read(inFolder(cwd, arg.slice(1)), expansion.bytesLeft)
    const words = bytes === undefined ? undefined : splitResponseText(bytes)
    if (bytes === undefined || words === undefined) return false
    expansion.bytesLeft -= Math.max(bytes.length, FILE_COUNTS_BYTES)
    if (!expandInto(expansion, words, cwd, files, depth + 1)) return false
  }
  return true
}

function namesResponseFile(arg: string): boolean {
  return arg.length > 1 && arg.startsWith('@')
}

/**
 * White space parts words, both quotes protect it, and a backslash makes the next character ordinary. Undefined for what
 * compilers, and versions of one, read differently: bytes that are no text, quotes left open, empty words, a backslash
 * in single quotes, in double quotes before what needs none, at the end of a line or of the file.
 */
function splitResponseText(bytes: Uint8Array): readonly string[] | undefined {
  const text = decodeUtf8(bytes)
  if (text === undefined || text.includes('\0')) return undefined
  const words: string[] = []
  let word: string | undefined
  let quote: '"' | "'" | undefined
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '\\') {
      const next = text.charAt(++at)
      if (!ESCAPABLE[quote ?? 'none'](next)) return undefined
      word = (word ?? '') + next
    } else if (character === quote) {
      quote = undefined
    } else if (quote !== undefined) {
      word = (word ?? '') + character
    } else if (character === '"' || character === "'") {
      quote = character
      word ??= ''
    } else if (!WHITE_SPACE.has(character)) {
      word = (word ?? '') + character
    } else if (word !== undefined) {
      words.push(word)
      word = undefined
    }
  }
  if (word !== undefined) words.push(word)
  return quote !== undefined || words.includes('') ? undefined : words
}

/** What all compilers take a backslash away from, by the quotes around it. */
const ESCAPABLE = {
  none: (character: string) => character !== '' && character !== '\n' && character !== '\r',
  '"': (character: string) => /^["\\$`]$/.test(character),
  "'": () => false,
} as const

const WHITE_SPACE: ReadonlySet<string> = new Set([' ', '\t', '\n', '\v', '\f', '\r'])

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
