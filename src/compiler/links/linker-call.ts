/** What a compiler driver would have its linker do, as far as it decides which files the linker reads. */
export interface LinkerCall {
  /** The program that the driver starts: the linker, or `collect2`, which starts it. */
  readonly program: string
  /** Files that are read whatever is linked: the linker's plugins. */
  readonly plugins: readonly string[]
  /** `-L`, in the order of the search. */
  readonly folders: readonly string[]
  /** In their order; the object that is made of the source is not among them. */
  readonly inputs: readonly LinkerInput[]
}

export type LinkerInput =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'library'; readonly name: string; readonly form: LibraryForm }

/** Which of a library's files will do: `libm.so`, or else `libm.a`, or only the latter. */
export type LibraryForm = 'any' | 'archive'

/**
 * Reads what `-###` prints on stderr in the C locale: one command in a line, behind a blank; the last one links what the
 * one before it makes. Undefined where it is anything else, or a word of the linker's is unknown: it may name a file.
 */
export function parseLinkerCall(printed: string): LinkerCall | undefined {
  const commands = printed.split('\n').filter((line) => line.startsWith(' '))
  const [making, linking] = commands.slice(-2).map(splitCommand)
  const object = making?.[making.indexOf('-o') + 1]
  const [program, ...words] = linking ?? []
  if (object === undefined || program === undefined || !words.includes(object)) return undefined
  return readLinkerWords(program, words, object)
}

/** The words of a command as drivers quote them: in double quotes, with backslashes before `"`, `\` and `$`. */
function splitCommand(line: string): readonly string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|([^\s"]+)/g)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare ?? '') : quoted.replace(/\\(.)/g, '$1'),
  )
}

function readLinkerWords(program: string, words: readonly string[], object: string): LinkerCall | undefined {
  const folders: string[] = []
  const plugins: string[] = []
  const inputs: LinkerInput[] = []
  let form: LibraryForm = 'any'
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (word === object) continue
    if (word.startsWith('@')) return undefined // Words from a file.
    if (!word.startsWith('-')) inputs.push({ kind: 'file', path: word })
    else if (word.startsWith('-L')) folders.push(word.slice(2))
    else if (/^-l[^:]/.test(word)) inputs.push({ kind: 'library', name: word.slice(2), form })
    else if (word === '-plugin') plugins.push(words[++at] ?? '')
    else if (VALUED.has(word)) at += 1
    else if (FORMS.has(word)) form = FORMS.get(word) ?? form
    else if (!PLAIN.has(word) && !GLUED.test(word)) return undefined
  }
  return { program, plugins, folders, inputs }
}

/** Words of a linker that read no file, by what stands behind them: a value, nothing, or a value in the same word. */
const VALUED: ReadonlySet<string> = new Set(['-m', '-o', '-z', '-e', '-u', '-dynamic-linker', '-soname', '-h'])
const PLAIN: ReadonlySet<string> = new Set(
  (
    '--build-id --eh-frame-hdr --no-eh-frame-hdr --as-needed --no-as-needed --push-state --pop-state --start-group ' +
    '--end-group -( -) -pie -no-pie -shared -export-dynamic --export-dynamic -E -Bsymbolic -s -S -x -X --gc-sections ' +
    '--no-gc-sections --no-undefined --fatal-warnings --no-dynamic-linker --whole-archive --no-whole-archive ' +
    '--enable-new-dtags --disable-new-dtags -EL -EB --relax --no-relax --demangle --no-demangle'
  ).split(' '),
)
const GLUED = /^(?:--hash-style=|--build-id=|-plugin-opt=|-O\d?$|-z[a-z])/

/** From where on libraries are looked for in which form. */
const FORMS: ReadonlyMap<string, LibraryForm> = new Map([
  ['-static', 'archive'],
  ['-Bstatic', 'archive'],
  ['-Bdynamic', 'any'],
])
