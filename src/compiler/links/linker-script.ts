import type { LinkerInput } from './linker-call.ts'

/** Longest text that is read as a linker script; those that stand for libraries have a few hundred bytes. */
export const LINKER_SCRIPT_MAX_BYTES = 64 * 1024

/**
 * The files and libraries that a text in a library's place names: `libc.so` is one. Undefined where it says anything but
 * `GROUP`, `INPUT` and `OUTPUT_FORMAT`.
 */
export function readLinkerScript(bytes: Uint8Array): readonly LinkerInput[] | undefined {
  if (bytes.length > LINKER_SCRIPT_MAX_BYTES) return undefined
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
  const words = text.match(/[(),;]|[^\s(),;]+/g) ?? []
  const inputs: LinkerInput[] = []
  for (let at = 0; at < words.length; ) {
    const command = words[at] ?? ''
    const end = closing(words, at + 1)
    if (end === undefined) return undefined
    const inside = words.slice(at + 2, end)
    at = end + 1
    if (command === 'OUTPUT_FORMAT') continue
    if (command !== 'GROUP' && command !== 'INPUT') return undefined
    for (const word of inside) {
      if (/^[(),;]$|^AS_NEEDED$/.test(word)) continue
      if (!/^(?:-l)?[\w./+-]+$/.test(word) || /^-(?!l)/.test(word)) return undefined
      inputs.push(
        word.startsWith('-l') ? { kind: 'library', name: word.slice(2), form: 'any' } : { kind: 'file', path: word },
      )
    }
  }
  return inputs
}

/** Where the parenthesis at `from` is closed. */
function closing(words: readonly string[], from: number): number | undefined {
  if (words[from] !== '(') return undefined
  let depth = 0
  for (let at = from; at < words.length; at += 1) {
    if (words[at] === '(') depth += 1
    if (words[at] === ')') depth -= 1
    if (depth === 0) return at
  }
  return undefined
}
