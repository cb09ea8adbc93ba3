import { resolve } from 'node:path'
import { ARGUMENTS_MAX, RESPONSE_FILE_MAX_BYTES, RESPONSE_FILE_MAX_DEPTH } from '../base/limits.ts'
import type { FileReader } from './local-files.ts'

/**
 * The arguments with every `@file` replaced by what the file holds, as gcc and clang do it.
 * Undefined when a file cannot be read, is not UTF-8, nests too deep (a loop), or the whole exceeds ARGUMENTS_MAX.
 */
export function expandResponseFiles(
  args: readonly string[],
  cwd: string,
  files: Pick<FileReader, 'read'>,
): readonly string[] | undefined {
  if (!args.some(namesResponseFile)) return args.length > ARGUMENTS_MAX ? undefined : args
  const expanded: string[] = []
  return expandInto(expanded, args, cwd, files, 0) ? expanded : undefined
}

function expandInto(
  expanded: string[],
  args: readonly string[],
  cwd: string,
  files: Pick<FileReader, 'read'>,
  depth: number,
): boolean {
  if (depth > RESPONSE_FILE_MAX_DEPTH) return false
  for (const arg of args) {
    if (!namesResponseFile(arg)) {
      if (expanded.push(arg) > ARGUMENTS_MAX) return false
      continue
    }
    // Nested names, too, are relative to the working directory, not to the file that holds them.
    const bytes = files.read(resolve(cwd, arg.slice(1)), RESPONSE_FILE_MAX_BYTES)
    const words = bytes === undefined ? undefined : splitResponseText(bytes)
    if (words === undefined || !expandInto(expanded, words, cwd, files, depth + 1)) return false
  }
  return true
}

function namesResponseFile(arg: string): boolean {
  return arg.length > 1 && arg.startsWith('@')
}

/**
 * Splits as libiberty's `buildargv` does: white space parts words, both quotes protect it, and a backslash makes the
 * next character ordinary everywhere, even in single quotes. Undefined for what compilers disagree about: bytes that
 * are no text, quotes left open, empty words.
 */
function splitResponseText(bytes: Uint8Array): readonly string[] | undefined {
  const text = decodeUtf8(bytes)
  if (text === undefined || text.includes('\0')) return undefined
  const words: string[] = []
  let word: string | undefined
  let quote: string | undefined
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '\\') {
      word = (word ?? '') + text.charAt(++at)
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

const WHITE_SPACE: ReadonlySet<string> = new Set([' ', '\t', '\n', '\v', '\f', '\r'])

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
