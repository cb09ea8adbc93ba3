import type { SearchStart } from './directive-scan.ts'
import type { SearchFolder, SearchPath } from './search-path.ts'

/** Who asks: decides where `"x"` and `#include_next` begin. */
export interface Asker {
  /** The folder of the asking file, as it was opened. */
  readonly folder: string
  /** Index of the search folder it was found in; -1 if none. */
  readonly index: number
  /** The compiler's working directory: where an assembler begins. */
  readonly cwd: string
}

/** One path to look at. */
export interface Place {
  readonly folder: string
  readonly name: string
  /** Index of the search folder; -1 if it is none. */
  readonly index: number
}

export interface Places {
  readonly places: readonly Place[]
  /** Compilers differ in where they begin: all that is found counts, not just the first. */
  readonly takesAll: boolean
}

/** Where a compiler looks for `name`, in order. */
export function placesFor(path: SearchPath, asker: Asker, start: SearchStart, name: string): Places {
  if (name.startsWith('/')) return { places: [{ folder: '/', name: name.slice(1), index: -1 }], takesAll: false }
  return STARTS[start](path, asker, name)
}

/** What of the asker matters to a search: askers with equal answers share one. */
export function askerKey({ folder, index, cwd }: Asker, start: SearchStart): string {
  if (start === 'quote' || start === 'embed-quote') return `${start} ${folder}`
  if (start === 'next') return index === -1 ? `${start} ${folder}` : `${start} ${index}`
  return start === 'assembler' ? `${start} ${cwd}` : start
}

type PlacesFrom = (path: SearchPath, asker: Asker, name: string) => Places

const STARTS: Readonly<Record<SearchStart, PlacesFrom>> = {
  quote: (path, asker, name) => ({ places: [...beside(path, asker, name), ...along(path, 0, name)], takesAll: false }),
  angle: (path, _asker, name) => ({ places: along(path, path.bracketStart, name), takesAll: false }),
  // A file that no search folder led to has no next one: gcc begins anew, clang behind the folder that has the same file.
  next: (path, asker, name) =>
    asker.index === -1
      ? { places: [...beside(path, asker, name), ...along(path, 0, name)], takesAll: true }
      : { places: along(path, asker.index + 1, name), takesAll: false },
  'embed-quote': (path, asker, name) => ({
    places: [...beside(path, asker, name), ...embedded(path, name)],
    takesAll: false,
  }),
  'embed-angle': (path, _asker, name) => ({ places: embedded(path, name), takesAll: false }),
  // Drivers differ in which folders they hand on to the assembler.
  assembler: (path, { cwd }, name) => ({
    places: [{ folder: cwd, name, index: -1 }, ...along(path, 0, name)],
    takesAll: true,
  }),
}

function beside({ skipsIncluder }: SearchPath, { folder }: Asker, name: string): readonly Place[] {
  return skipsIncluder ? [] : [{ folder, name, index: -1 }]
}

function embedded({ embedFolders }: SearchPath, name: string): readonly Place[] {
  return embedFolders.map((folder) => ({ folder, name, index: -1 }))
}

function along({ folders }: SearchPath, from: number, name: string): readonly Place[] {
  const places: Place[] = []
  for (let index = from; index < folders.length; index += 1) {
    const folder = folders[index]
    if (folder !== undefined) places.push(...inSearchFolder(folder, name, index))
  }
  return places
}

function inSearchFolder({ path, framework }: SearchFolder, name: string, index: number): readonly Place[] {
  if (!framework) return [{ folder: path, name, index }]
  const slash = name.indexOf('/')
  if (slash <= 0) return []
  const bundle = `${path}/${name.slice(0, slash)}.framework`
  const rest = name.slice(slash + 1)
  return ['Headers', 'PrivateHeaders'].map((part) => ({ folder: `${bundle}/${part}`, name: rest, index }))
}
