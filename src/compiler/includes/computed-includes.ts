import type { Sha256Hex } from '../../base/digest.ts'
import { INCLUDE_SCANS_MAX } from '../../base/limits.ts'
import { AgingMap } from './aging-map.ts'
import type { ComputedRequest, IncludeRequest, SearchStart } from './directive-scan.ts'
import type { FileEntry, FileView } from './file-view.ts'
import { decodeName } from './header-name.ts'
import { type Definition, definitionFromOption, scanDefinitions } from './scan-definitions.ts'

/** What the macro of a computed include may stand for. */
export interface ComputedNames {
  readonly requests: readonly IncludeRequest[]
  /** Whether it may also stand for something that only a preprocessor can tell. */
  readonly unresolved: boolean
}

/** Macros that every compiler predefines with a file's name for value. */
const FILE_MACROS: ReadonlySet<string> = new Set(['__FILE__', '__BASE_FILE__', '__FILE_NAME__'])
/** Macros that some compilers predefine outside of the names reserved to them: they may stand inside `<linux/x.h>`. */
const PREDEFINED_WORDS: ReadonlySet<string> = new Set(['linux', 'unix', 'i386', 'arm', 'sparc', 'sun', 'vax', 'mips'])

/** Resolves `#include NAME` from the definitions found in a closure. Remembers per content which names were defined and how. */
export class ComputedIncludes {
  readonly #files: FileView
  readonly #known = new AgingMap<Sha256Hex, Map<string, readonly Definition[]>>(INCLUDE_SCANS_MAX / 2)

  constructor({ files }: { readonly files: FileView }) {
    this.#files = files
  }

  /** All that `request` may mean if the macros are those of `options` (`-D` values) and of the texts in `entries`. */
  resolve(request: ComputedRequest, options: readonly string[], entries: readonly FileEntry[]): ComputedNames {
    const requests: IncludeRequest[] = []
    const asked = new Set<string>()
    const waiting = [request.macro]
    for (let macro = waiting.pop(); macro !== undefined; macro = waiting.pop()) {
      if (asked.has(macro)) continue
      asked.add(macro)
      if (FILE_MACROS.has(macro)) return UNRESOLVED
      const definitions = this.#definitions(macro, options, entries)
      if (definitions === undefined) return UNRESOLVED
      if (definitions.length > 0 && !request.alone) return UNRESOLVED
      for (const definition of definitions) {
        if (definition.kind === 'other') return UNRESOLVED
        if (definition.kind === 'alias') waiting.push(definition.macro)
        else {
          const name = decodeName(definition.name)
          if (name === undefined) return UNRESOLVED
          if (definition.kind === 'angle' && this.#mayExpand(name, options, entries)) return UNRESOLVED
          requests.push({ start: STARTS[request.directive][definition.kind], purpose: request.purpose, name })
        }
      }
    }
    return { requests, unresolved: false }
  }

  /** The words of `<linux/x.h>` are expanded like any others when a macro stands for it. */
  #mayExpand(name: string, options: readonly string[], entries: readonly FileEntry[]): boolean {
    return [...name.matchAll(/[a-zA-Z_$][\w$]*/g)].some(
      ([word]) => PREDEFINED_WORDS.has(word) || this.#definitions(word, options, entries)?.length !== 0,
    )
  }

  /** Undefined when a file cannot be read as it was. */
  #definitions(
    macro: string,
    options: readonly string[],
    entries: readonly FileEntry[],
  ): readonly Definition[] | undefined {
    const found = options
      .map(definitionFromOption)
      .flatMap(([name, definition]) => (name === macro ? [definition] : []))
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
    const known = this.#known.get(digest) ?? new Map<string, readonly Definition[]>()
    this.#known.set(digest, known)
    const remembered = known.get(macro)
    if (remembered !== undefined) return remembered
    const bytes = this.#files.bytes(entry)
    if (bytes === undefined) return undefined
    const definitions = scanDefinitions(bytes, new Set([macro])).get(macro) ?? []
    known.set(macro, definitions)
    return definitions
  }
}

const UNRESOLVED: ComputedNames = { requests: [], unresolved: true }

const STARTS: Readonly<Record<ComputedRequest['directive'], Readonly<Record<'quote' | 'angle', SearchStart>>>> = {
  include: { quote: 'quote', angle: 'angle' },
  next: { quote: 'next', angle: 'next' },
  embed: { quote: 'embed-quote', angle: 'embed-angle' },
}
