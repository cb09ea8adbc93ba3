import { visitDirectives } from './directive-lines.ts'
import { ownString } from './header-name.ts'
import { ScanFindings } from './scan-findings.ts'
import { readingsOf } from './source-text.ts'
import { TextScanner } from './text-scanner.ts'

/** What one `#define` makes of a name, as far as `#include NAME` is concerned. Names have one character per byte. */
export type Definition =
  | { readonly kind: 'quote' | 'angle'; readonly name: string }
  /** Stands for another macro. */
  | { readonly kind: 'alias'; readonly macro: string }
  /** Stands for something only where a parenthesis follows. */
  | { readonly kind: 'function' }
  /** Anything else: cannot be told without a preprocessor. */
  | { readonly kind: 'other' }

export type Definitions = ReadonlyMap<string, readonly Definition[]>

/** All definitions in `bytes`, whatever `#if`s say; undefined where comments are nested beyond all reason. */
export function scanDefinitions(bytes: Uint8Array): Definitions | undefined {
  const found = new Map<string, Definition[]>()
  const findings = new ScanFindings()
  for (const text of readingsOf(bytes)) {
    const scanner = new TextScanner(text, findings)
    visitDirectives(scanner, (word) => {
      if (!text.startsWith('define', word)) return
      const at = scanner.skipGap(word + 'define'.length)
      const name = scanner.wordAt(at)
      if (name === '' || at === word + 'define'.length) return
      const definition = definitionFrom(scanner.restOfLine(at + name.length, VALUE_MAX_LENGTH))
      const known = found.get(name)
      if (known === undefined) found.set(ownString(name), [definition])
      else known.push(definition)
    })
  }
  return findings.opaque === undefined ? found : undefined
}

/** The definition that `-D` makes: `NAME`, `NAME=value`, or `NAME(x)=value`. */
export function definitionFromOption(word: string): readonly [name: string, definition: Definition] {
  const latin1 = Buffer.from(word).toString('latin1')
  const equals = latin1.indexOf('=')
  const head = equals === -1 ? latin1 : latin1.slice(0, equals)
  const name = /^[\w$\x80-\xff]*/.exec(head)?.[0] ?? ''
  const plain = name === head && equals !== -1
  if (head.startsWith('(', name.length)) return [name, FUNCTION]
  return [name, plain ? definitionFrom(latin1.slice(equals + 1)) : OTHER]
}

const OTHER: Definition = { kind: 'other' }
const FUNCTION: Definition = { kind: 'function' }

/** What may stand between the parts. */
const GAP = String.raw`(?:[ \t\v\f]|/\*(?:[^*]|\*(?!/))*\*/)`
const VALUE = new RegExp(
  String.raw`^${GAP}*(?:"([^"\n]*)"|<([^>\n]*)>|([a-zA-Z_$\x80-\xff][\w$\x80-\xff]*))${GAP}*(?://.*)?$`,
)
/** Longer than any path. */
const VALUE_MAX_LENGTH = 8192

/** `value` is all that follows the name: a `(` straight behind it makes a function of the macro. Undefined if it is too long. */
function definitionFrom(value: string | undefined): Definition {
  if (value === undefined || value.length > VALUE_MAX_LENGTH) return OTHER
  if (value.startsWith('(')) return FUNCTION
  const [, quote, angle, macro] = VALUE.exec(value) ?? []
  if (quote !== undefined) return { kind: 'quote', name: ownString(quote) }
  // Blanks between brackets are as the preprocessor chooses.
  if (angle !== undefined && !/\s/.test(angle)) return { kind: 'angle', name: ownString(angle) }
  return macro === undefined ? OTHER : { kind: 'alias', macro: ownString(macro) }
}
