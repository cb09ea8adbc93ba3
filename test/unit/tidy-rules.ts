import { posix } from 'node:path'

/** One source file, by its path inside the project: `src/base/clock.ts`. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** What is wrong with a file, a sentence each. */
export type Rule = (file: SourceFile) => readonly string[]

/** Folders of `src`, each importing only from itself and those on its left. */
const LAYERS = ['base', 'compiler', 'protocols', 'cache', 'scheduler', 'status', 'node', 'cli']
/** Folders beside the row, and what they may import. */
const BESIDE: Readonly<Record<string, readonly string[]>> = { launcher: ['base', 'protocols'] }
/** Who may import from a folder beside the row. */
const USERS_OF_BESIDE = ['cli']

/** Length follows the idea; beyond this there is surely more than one. */
const LINES_MAX = 400

/** Folders import only leftwards. */
export const importsLeftwards: Rule = ({ path, text }) => {
  const folder = folderOf(path)
  return importsOf(text)
    .filter((name) => name.startsWith('.'))
    .map((name) => folderOf(posix.join(posix.dirname(path), name)))
    .filter((target) => target !== folder && !mayImport(folder, target))
    .map((target) => `${path}: ${folder} may not import from ${target}`)
}

function mayImport(folder: string, target: string): boolean {
  if (BESIDE[target] !== undefined) return USERS_OF_BESIDE.includes(folder)
  const allowed = BESIDE[folder] ?? LAYERS.slice(0, Math.max(0, LAYERS.indexOf(folder)))
  return allowed.includes(target)
}

/** libp2p stays behind the `Mesh` port. */
export const libp2pOnlyInNode: Rule = ({ path, text }) =>
  path.startsWith('src/node/')
    ? []
    : importsOf(text)
        .filter((name) => /^(libp2p$|libp2p\/|@libp2p\/|@chainsafe\/|@multiformats\/)/.test(name))
        .map((name) => `${path}: ${name} is for src/node alone`)

/** Names that read the machine's time or chance, or set its timers. */
const AMBIENT =
  /\b(Date\.now|new Date\(\)|performance\.now|setTimeout|setInterval|setImmediate|AbortSignal\.timeout|Math\.random|getRandomValues|randomUUID|randomBytes|node:timers)\b/g

/** Files that may use some of these names, and why. */
export const AMBIENT_EXCEPTIONS: Readonly<Record<string, { readonly names: readonly string[]; readonly why: string }>> =
  {
    'src/base/clock.ts': { names: ['Date.now', 'performance.now', 'setTimeout'], why: 'this is where time comes in' },
    'src/base/random.ts': { names: ['Math.random', 'getRandomValues'], why: 'this is where chance comes in' },
  }

/** Time and chance come in as arguments, so that a test can own them. */
export const timeAndChancePassedIn: Rule = ({ path, text }) =>
  ambientNames(text)
    .filter((name) => !AMBIENT_EXCEPTIONS[path]?.names.includes(name))
    .map((name) => `${path}: ${name} is ambient; take a Clock or a Random`)

/** The names of ambient time and chance that a file uses. */
export function ambientNames(text: string): readonly string[] {
  return [...withoutComments(text).matchAll(AMBIENT)].map(([name]) => name)
}

/** No escape from the types, and one way to export. */
export const noEscapes: Rule = ({ path, text }) => {
  const code = withoutComments(text)
  return [
    ...(/\bas any\b/.test(code) ? [`${path}: as any`] : []),
    ...(/^\s*export default\b|\bas default\b/m.test(code) ? [`${path}: a default export`] : []),
  ]
}

/** One idea per file. */
export const shortFiles: Rule = ({ path, text }) => {
  const lines = text.split('\n').length - 1
  return lines > LINES_MAX ? [`${path}: ${lines} lines, where ${LINES_MAX} are the most`] : []
}

/** `base` of `src/base/clock.ts`. */
function folderOf(path: string): string {
  return path.split('/')[1] ?? ''
}

/** What a file imports or re-exports, statically or not. */
function importsOf(text: string): readonly string[] {
  const pattern = /(?:\bfrom|\bimport)\s*\(?\s*(['"])([^'"]+)\1/g
  return [...withoutComments(text).matchAll(pattern)].flatMap(([, , name]) => name ?? [])
}

/** Roughly: a comment sign within a string ends the line too, which can only hide, never accuse. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}
