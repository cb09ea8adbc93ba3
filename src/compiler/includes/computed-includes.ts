import type { Sha256Hex } from '../../base/digest.ts'
import { INCLUDE_DEFINITIONS_MAX } from '../../base/limits.ts'
import { AgingMap } from './aging-map.ts'
import type { ComputedRequest, IncludeRequest, SearchStart } from './directive-scan.ts'
import type { FileEntry, FileView } from './file-view.ts'
import { decodeName } from './header-name.ts'
import { type Definition, type Definitions, definitionFromOption, scanDefinitions } from './scan-definitions.ts'
import { probeCalls } from './scan-probe-calls.ts'
import { readingsOf } from './source-text.ts'
import type { HeaderName } from './text-scanner.ts'

/** `from`: the folder of the file that asks, where that is another than the one whose macro it is. */
interface FoundRequest extends IncludeRequest {
  readonly from?: string
}

/** What the macro of a computed include may stand for. */
export interface ComputedNames {
  readonly requests: readonly FoundRequest[]
  /** Whether it may also stand for something that only a preprocessor can tell. */
  readonly unresolved: boolean
}

/** Names that are the compiler's own to define, and some that it defines though they are not: they may stand inside `<linux/x.h>`. */
const PREDEFINED = /^(?:_[_A-Z].*|linux|unix|i386|arm|sparc|sun|vax|mips)$/

/** What is known of one content: all that it defines, or names that do not occur in it. */
type Known = Definitions | Set<string>

/** Words in the name of a header, each of which may be a macro: all texts are looked through for each. Boost has eight. */
const WORDS_MAX = 32

/** To read a file and find a name nowhere in it costs a quarter of taking down all that it defines. Measured. */
const LOOKS_MAX = 4

/** Resolves `#include NAME` from the definitions found in a closure. Remembers per content what it defines, or which names it lacks. */
export class ComputedIncludes {
  readonly #files: FileView
  readonly #known = new AgingMap<Sha256Hex, Known>(INCLUDE_DEFINITIONS_MAX / 2)
  /** What macros that ask are called with, by a content and the macro. */
  readonly #probes = new AgingMap<string, readonly HeaderName[]>(INCLUDE_DEFINITIONS_MAX / 2)

  constructor({ files }: { readonly files: FileView }) {
    this.#files = files
  }

  /** All that `request` may mean if the macros are those of `options` (`-D` values) and of the texts in `entries`. */
  resolve(request: ComputedRequest, options: readonly string[], entries: readonly FileEntry[]): ComputedNames {
    const given = options.map(definitionFromOption)
    const defined = (macro: string) => this.#definitions(macro, given, entries)
    if (request.form === 'probe') return this.#calls(request, defined, entries)
    const requests: FoundRequest[] = []
    const asked = new Set<string>()
    const waiting = [request.macro]
    for (let macro = waiting.pop(); macro !== undefined; macro = waiting.pop()) {
      if (asked.has(macro)) continue
      asked.add(macro)
      const definitions = defined(macro)
      if (definitions === undefined) return UNRESOLVED
      // `__FILE__`, `__DATE__` … and what may be spelled in two ways.
      if (NOT_ASCII.test(macro) || (definitions.length === 0 && PREDEFINED.test(macro))) return UNRESOLVED
      if (definitions.length > 0 && request.form === 'more') return UNRESOLVED
      for (const definition of definitions) {
        if (definition.kind === 'other') return UNRESOLVED
        if (definition.kind === 'alias') waiting.push(definition.macro)
        else if (definition.kind !== 'function') {
          const name = decodeName(definition.name)
          if (name === undefined) return UNRESOLVED
          if (definition.kind === 'angle' && mayExpand(definition.name, defined)) return UNRESOLVED
          requests.push({ start: STARTS[request.directive][definition.kind], purpose: request.purpose, name })
        }
      }
    }
    return { requests, unresolved: false }
  }

  /** What a macro that asks `__has_include` is called with, anywhere. */
  #calls(
    { macro, purpose, directive }: ComputedRequest,
    defined: (word: string) => readonly Definition[] | undefined,
    entries: readonly FileEntry[],
  ): ComputedNames {
    const requests: FoundRequest[] = []
    for (const entry of entries) {
      const calls = this.#callsIn(macro, entry)
      // Where the next one is looked for depends on where a file was found.
      if (calls === undefined || (calls.length > 0 && directive !== 'include')) return UNRESOLVED
      for (const { start, name: latin1 } of calls) {
        const name = decodeName(latin1)
        if (name === undefined || (start === 'angle' && mayExpand(latin1, defined))) return UNRESOLVED
        requests.push({ start, purpose, name, from: entry.folder.path })
      }
    }
    return { requests, unresolved: false }
  }

  #callsIn(macro: string, entry: FileEntry): readonly HeaderName[] | undefined {
    const digest = this.#files.content(entry)?.digest
    if (digest === undefined) return undefined
    const key = `${digest} ${macro}`
    const known = this.#probes.get(key)
    if (known !== undefined) return known
    const bytes = this.#files.bytes(entry)
    const calls = bytes && probeCalls(bytes, macro)
    if (calls !== undefined) this.#probes.set(key, calls)
    return calls
  }

  /** Undefined when a file cannot be read as it was, or is beyond us. */
  #definitions(
    macro: string,
    given: readonly GivenDefinition[],
    entries: readonly FileEntry[],
  ): readonly Definition[] | undefined {
    const found = given.flatMap(([name, definition]) => (name === macro ? definition : []))
    for (const entry of entries) {
      const inFile = this.#inFile(macro, entry)
      if (inFile === undefined) return undefined
      found.push(...inFile)
    }
    return found
  }

  #inFile(macro: string, entry: FileEntry): readonly Definition[] | undefined {
    const digest = this.#files.content(entry)?.digest
    if (digest === undefined) return undefined
    const known = this.#known.get(digest)
    if (known !== undefined && !(known instanceof Set)) return known.get(macro) ?? NOT_DEFINED
    if (known?.has(macro)) return NOT_DEFINED
    const bytes = this.#files.bytes(entry)
    if (bytes === undefined) return undefined
    const lacking = known ?? new Set<string>()
    if (lacking.size < LOOKS_MAX && !readingsOf(bytes).some((text) => text.includes(macro))) {
      this.#known.set(digest, lacking.add(macro))
      return NOT_DEFINED
    }
    const definitions = scanDefinitions(bytes)
    if (definitions === undefined) return undefined
    this.#known.set(digest, definitions)
    return definitions.get(macro) ?? NOT_DEFINED
  }
}

type GivenDefinition = ReturnType<typeof definitionFromOption>

const NOT_DEFINED: readonly Definition[] = []

const NOT_ASCII = /[^\x20-\x7e]/

/** The words of `<linux/x.h>` are expanded like any others when a macro stands for it. */
function mayExpand(name: string, defined: (macro: string) => readonly Definition[] | undefined): boolean {
  if (NOT_ASCII.test(name)) return true
  const words = [...name.matchAll(/([a-zA-Z_$][\w$]*)(\()?/g)]
  if (words.length > WORDS_MAX) return true
  return words.some(
    ([, word = '', called]) =>
      PREDEFINED.test(word) || (defined(word)?.some(({ kind }) => kind !== 'function' || called !== undefined) ?? true),
  )
}

const UNRESOLVED: ComputedNames = { requests: [], unresolved: true }

const STARTS: Readonly<Record<ComputedRequest['directive'], Readonly<Record<'quote' | 'angle', SearchStart>>>> = {
  include: { quote: 'quote', angle: 'angle' },
  next: { quote: 'next', angle: 'next' },
  embed: { quote: 'embed-quote', angle: 'embed-angle' },
}
