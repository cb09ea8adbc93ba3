import { readingsOf } from './source-text.ts'

/** What one `#define` makes of a name, as far as `#include NAME` is concerned. */
export type Definition =
  | { readonly kind: 'quote' | 'angle'; readonly name: string }
  /** Stands for another macro. */
  | { readonly kind: 'alias'; readonly macro: string }
  /** Anything else: cannot be told without a preprocessor. */
  | { readonly kind: 'other' }

/** All definitions in `bytes` of the macros in `names`, whatever `#if`s say. */
export function scanDefinitions(
  bytes: Uint8Array,
  names: ReadonlySet<string>,
): ReadonlyMap<string, readonly Definition[]> {
  const found = new Map<string, Definition[]>()
  for (const text of readingsOf(bytes)) {
    DEFINE.lastIndex = 0
    for (let match = DEFINE.exec(text); match !== null; match = DEFINE.exec(text)) {
      const [, name = '', value = ''] = match
      if (names.has(name)) found.set(name, [...(found.get(name) ?? []), definitionFrom(value)])
    }
  }
  return found
}

/** The definition that `-D` makes: `NAME`, `NAME=value`, or `NAME(x)=value`. */
export function definitionFromOption(word: string): readonly [name: string, definition: Definition] {
  const equals = word.indexOf('=')
  const head = equals === -1 ? word : word.slice(0, equals)
  const name = /^[\w$]*/.exec(head)?.[0] ?? ''
  const plain = name === head && equals !== -1
  return [name, plain ? definitionFrom(word.slice(equals + 1)) : { kind: 'other' }]
}

/** What may stand between the parts: blanks and comments, bounded so that hostile text costs linear time. */
const GAP = String.raw`(?:[ \t\v\f]|/\*(?:[^*]|\*(?!/)){0,512}\*/)`
const DEFINE = new RegExp(String.raw`(?:#|%:)${GAP}*define${GAP}+([\w$\x80-\xff]+)([^\n\r]*)`, 'g')
const VALUE = new RegExp(
  String.raw`^${GAP}+(?:"([^"\n]*)"|<([^>\n]*)>|([a-zA-Z_$\x80-\xff][\w$\x80-\xff]*))${GAP}*(?://.*)?$`,
)

/** `value` is all that follows the name: a `(` straight behind it makes a function of the macro. */
function definitionFrom(value: string): Definition {
  if (value.length > VALUE_MAX_LENGTH || value.startsWith('(')) return { kind: 'other' }
  const [, quote, angle, macro] = VALUE.exec(` ${value}`) ?? []
  if (quote !== undefined) return { kind: 'quote', name: quote }
  // Blanks between brackets are as the preprocessor chooses.
  if (angle !== undefined && !/\s/.test(angle)) return { kind: 'angle', name: angle }
  return macro === undefined ? { kind: 'other' } : { kind: 'alias', macro }
}

/** Longer than any path. */
const VALUE_MAX_LENGTH = 8192
