/** What a command line says about where included files are looked for. Folders as written. */
export interface IncludeOptions {
  readonly quote: readonly string[]
  readonly bracket: readonly string[]
  readonly system: readonly string[]
  readonly after: readonly string[]
  readonly embed: readonly string[]
  /** `-I-` was given. */
  readonly skipsIncluder: boolean
  /** Values of `-include` and `-imacros`, in their order. */
  readonly forcedIncludes: readonly string[]
  /** Values of `-D`. */
  readonly defines: readonly string[]
  /** `-isysroot`, or else `--sysroot`. */
  readonly sysroot: string | undefined
  /** Words that change the compiler's own search path: target, sysroot, `-nostdinc`. */
  readonly targetWords: readonly string[]
  /** The first option whose effect on includes is beyond us. */
  readonly unsupported: string | undefined
}

type Role =
  | 'quote'
  | 'bracket'
  | 'system'
  | 'after'
  | 'embed'
  | 'forced'
  | 'define'
  | 'sysroot'
  | 'isysroot'
  | 'target'
  | 'barrier'
  | 'charset'
  | 'preprocessor-words'
  | 'ignored'
  | 'unsupported'

interface Row {
  /** Where the value stands: `none`, in the `next` word, `glued` on, or `either`. */
  readonly value: 'none' | 'next' | 'glued' | 'either'
  readonly names: string
  readonly role: Role
}

const ROWS: readonly Row[] = [
  { value: 'either', names: '-I --include-directory=', role: 'bracket' },
  { value: 'next', names: '--include-directory', role: 'bracket' },
  { value: 'either', names: '-iquote', role: 'quote' },
  { value: 'either', names: '-isystem', role: 'system' },
  { value: 'either', names: '-idirafter --include-directory-after=', role: 'after' },
  { value: 'next', names: '--include-directory-after', role: 'after' },
  { value: 'glued', names: '--embed-dir=', role: 'embed' },
  { value: 'next', names: '--embed-dir', role: 'embed' },
  { value: 'none', names: '-I- --include-barrier', role: 'barrier' },
  { value: 'either', names: '-include -imacros', role: 'forced' },
  { value: 'glued', names: '--include= --imacros=', role: 'forced' },
  { value: 'next', names: '--include --imacros', role: 'forced' },
  { value: 'either', names: '-D', role: 'define' },
  { value: 'glued', names: '--define-macro=', role: 'define' },
  { value: 'next', names: '--define-macro', role: 'define' },
  { value: 'glued', names: '--sysroot=', role: 'sysroot' },
  { value: 'next', names: '--sysroot', role: 'sysroot' },
  { value: 'either', names: '-isysroot', role: 'isysroot' },
  { value: 'either', names: '-imultilib -imultiarch', role: 'target' },
  { value: 'next', names: '-target -arch -resource-dir', role: 'target' },
  { value: 'glued', names: '-m --target= -stdlib= -resource-dir= --gcc-toolchain=', role: 'target' },
  { value: 'none', names: '-nostdinc -nostdinc++ -nobuiltininc -nostdlibinc -ibuiltininc', role: 'target' },
  { value: 'none', names: '--no-standard-includes -ffreestanding', role: 'target' },
  { value: 'either', names: '-stdlib++-isystem', role: 'target' },
  { value: 'glued', names: '-Wp,', role: 'preprocessor-words' },
  { value: 'glued', names: '-finput-charset=', role: 'charset' },
  { value: 'either', names: '-F -iframework -iframeworkwithsysroot -iwithsysroot', role: 'unsupported' },
  {
    value: 'either',
    names: '-iprefix -iwithprefix -iwithprefixbefore -isystem-after -cxx-isystem',
    role: 'unsupported',
  },
  { value: 'either', names: '-ivfsoverlay -B -specs= --specs= --config -fmodule-map-file=', role: 'unsupported' },
  { value: 'next', names: '-Xpreprocessor -working-directory', role: 'unsupported' },
  { value: 'none', names: '-remap -traditional-cpp -fms-compatibility', role: 'unsupported' },
  { value: 'next', names: '-mllvm -include-pch', role: 'ignored' },
  // Not every code model goes with what the question leaves out: the kernel's not with PIC.
  { value: 'glued', names: '-mcmodel=', role: 'ignored' },
]

interface Entry {
  readonly name: string
  readonly value: Row['value']
  readonly role: Role
}

const ENTRIES: readonly Entry[] = ROWS.flatMap(({ value, names, role }) =>
  names.split(' ').map((name) => ({ name, value, role })),
)
const WHOLE: ReadonlyMap<string, Entry> = new Map(ENTRIES.map((entry) => [entry.name, entry]))
/** Longest first: `-isystem` before `-i`, `-I-` is found as a whole word. */
const GLUED: readonly Entry[] = ENTRIES.filter(({ value }) => value === 'glued' || value === 'either').sort(
  (a, b) => b.name.length - a.name.length,
)

/** Charsets in which every directive is spelled in ASCII. */
const PLAIN_CHARSET = /^(?:utf-?8|us-ascii|ascii|iso-?8859-?\d+|latin-?\d+)$/i

/** Reads the include options out of a command line: the words of each option. What says nothing of includes is passed over. */
export function includeOptions(options: readonly { readonly words: readonly string[] }[]): IncludeOptions {
  const reader = new OptionReader()
  for (const { words } of options) reader.readOne(words[0] === '-Xclang' ? innerWords(words) : words, 0)
  return reader.done()
}

/** What clang itself gets of `-Xclang -include -Xclang x.h`. */
function innerWords(words: readonly string[]): readonly string[] {
  return words.filter((_, index) => index % 2 === 1)
}

class OptionReader {
  quote: string[] = []
  bracket: string[] = []
  readonly system: string[] = []
  readonly after: string[] = []
  readonly embed: string[] = []
  readonly forcedIncludes: string[] = []
  readonly defines: string[] = []
  readonly targetWords: string[] = []
  skipsIncluder = false
  sysroot: string | undefined
  isysroot: string | undefined
  unsupported: string | undefined

  /** Reads the option at `at` and gives the number of words it takes up. */
  readOne(words: readonly string[], at: number): number {
    const word = words[at] ?? ''
    const whole = WHOLE.get(word)
    const entry = whole ?? GLUED.find(({ name }) => word.startsWith(name))
    if (entry === undefined) return 1
    const apart = whole !== undefined && (entry.value === 'next' || entry.value === 'either')
    const value = apart ? (words[at + 1] ?? '') : word.slice(entry.name.length)
    const taken = apart ? 2 : 1
    ROLES[entry.role](this, value, words.slice(at, at + taken))
    return taken
  }

  readAll(words: readonly string[]): void {
    for (let at = 0; at < words.length; ) at += this.readOne(words, at)
  }

  done(): IncludeOptions {
    const { quote, bracket, system, after, embed, skipsIncluder } = this
    const { forcedIncludes, defines, targetWords, unsupported } = this
    const sysroot = this.isysroot ?? this.sysroot
    const folders = { quote, bracket, system, after, embed, skipsIncluder, sysroot }
    return { ...folders, forcedIncludes, defines, targetWords, unsupported }
  }
}

const ROLES: Readonly<Record<Role, (reader: OptionReader, value: string, words: readonly string[]) => void>> = {
  quote: (reader, value) => reader.quote.push(value),
  bracket: (reader, value) => reader.bracket.push(value),
  system: (reader, value) => reader.system.push(value),
  after: (reader, value) => reader.after.push(value),
  embed: (reader, value) => reader.embed.push(value),
  forced: (reader, value) => reader.forcedIncludes.push(value),
  define: (reader, value) => reader.defines.push(value),
  target: (reader, _value, words) => reader.targetWords.push(...words),
  sysroot: (reader, value, words) => {
    reader.sysroot = value
    reader.targetWords.push(...words)
  },
  isysroot: (reader, value, words) => {
    reader.isysroot = value
    reader.targetWords.push(...words)
  },
  // What stood before it becomes the quote chain, and what was there is forgotten.
  barrier: (reader) => {
    reader.quote = reader.bracket
    reader.bracket = []
    reader.skipsIncluder = true
  },
  charset: (reader, value, [word]) => {
    if (!PLAIN_CHARSET.test(value)) reader.unsupported ??= word
  },
  'preprocessor-words': (reader, value) => reader.readAll(value.split(',')),
  ignored: () => undefined,
  unsupported: (reader, _value, [word]) => {
    reader.unsupported ??= word
  },
}
