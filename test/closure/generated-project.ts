import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { SimRandom } from '../sim/random.ts'

/** A small project drawn from chance, whose sources use all that might mislead a reader of directives and still compile. */
export interface GeneratedProject {
  readonly args: readonly string[]
  /** Sources and headers by path below the project's folder. */
  readonly files: ReadonlyMap<string, string>
  readonly links: ReadonlyMap<string, string>
}

/** Where headers may be, in the order of the search; `src` is the folder of the source. */
export const FOLDERS = ['src', 'quote', 'first', 'second', 'system', 'after'] as const
export const HEADERS = ['a.h', 'b.h', 'c.h', 'd.h', 'deep/e.h'] as const
const ARGS = [
  '-iquote',
  'quote',
  '-Ifirst',
  '-I',
  'second',
  '-isystem',
  'system',
  '-idirafter',
  'after',
  '-Inone',
  '-Ilinked',
]

/** `language` decides which texts are no errors. */
export function generateProject(random: SimRandom, language: 'c' | 'c++'): GeneratedProject {
  const files = new Map<string, string>()
  for (const folder of FOLDERS) {
    for (const header of HEADERS) {
      // The last folder has them all, so that no #include ends in an error.
      if (folder === 'after' || random.float() < 0.35) files.set(`${folder}/${header}`, headerText(random, language))
    }
  }
  const suffix = language === 'c' ? 'c' : 'cc'
  files.set(`src/main.${suffix}`, lines(random, language, 12))
  const links = new Map([['linked', random.pick(['first', 'second', 'src'])]])
  if (!files.has('first/a.h')) links.set('first/a.h', '../second/b.h')
  if (!files.has('second/b.h')) links.delete('first/a.h')
  const forced = random.float() < 0.3 ? [random.pick(['-include', '-imacros']), random.pick(HEADERS)] : []
  const defines = random.float() < 0.5 ? [`-DGIVEN=${random.pick(['"a.h"', '<b.h>'])}`] : []
  const standard = random.pick(
    language === 'c' ? ['-std=gnu11', '-std=c11', '-trigraphs'] : ['-std=gnu++17', '-std=c++17'],
  )
  return { args: ['-c', `src/main.${suffix}`, standard, ...ARGS, ...forced, ...defines], files, links }
}

/** Writes the project into a folder. */
export async function writeProject({ files, links }: GeneratedProject, folder: string): Promise<void> {
  for (const name of FOLDERS) await mkdir(join(folder, name, 'deep'), { recursive: true })
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  for (const [path, target] of links) await symlink(target, join(folder, path))
}

/** A header that may be met any number of times, but opens only once. */
function headerText(random: SimRandom, language: 'c' | 'c++'): string {
  const body = lines(random, language, 4)
  const guard = `GUARD_${random.hex(6)}`
  return random.pick([
    () => `#pragma once\n${body}`,
    () => `#ifndef ${guard}\n#define ${guard}\n${body}#endif\n`,
    () => `\ufeff#ifndef ${guard}\n%: define ${guard}\n${body}#endif`,
  ])()
}

function lines(random: SimRandom, language: 'c' | 'c++', count: number): string {
  return Array.from({ length: random.integer(0, count) }, () => {
    const line = random.float() < 0.6 ? directive(random) : noise(random, language)
    return line + (random.float() < 0.1 ? '\r\n' : '\n')
  }).join('')
}

function directive(random: SimRandom): string {
  const header = random.pick(HEADERS)
  const name = random.pick([`"${header}"`, `<${header}>`, `"../src/../${random.pick(FOLDERS)}/${header}"`])
  const include = () => `${hash(random)}${gap(random)}${spliced('include', random)}${gap(random)}`
  const there = name.startsWith('"../') ? `"${header}"` : name
  return random.pick([
    () => `${include()}${there}`,
    () => `${include()}${spliced(there, random)} // ${name}`,
    () => `#if __has_include(${name})\n${include()}${name}\n#endif`,
    () => `#if 0\n${include()}"none.h"\n#else\n${include()}${there}\n#endif`,
    () => `#define NAME ${there}\n${include()}NAME\n#undef NAME`,
    () => `#define ONE TWO\n#define TWO ${there}\n${include()}ONE\n#undef ONE\n#undef TWO`,
    () => `#ifdef GIVEN\n${include()}GIVEN\n#endif`,
    () => `#if __has_include_next(<${header}>)\n#include_next <${header}>\n#endif`,
    () => `/* ${name}\n */ ${include()}/* " */${there}/* ' */`,
  ])()
}

const hash = (random: SimRandom) => random.pick(['#', '#', '%:', ' #', '\t#', '/**/#', '\f#'])
const gap = (random: SimRandom) => random.pick([' ', '\t', '  ', '/* x */', '/* "\n */', '\\\n ', '\\\r\n', ' \\ \n'])

function spliced(word: string, random: SimRandom): string {
  if (random.float() < 0.7) return word
  const at = random.integer(1, word.length - 1)
  return `${word.slice(0, at)}${random.pick(['\\\n', '\\\r\n'])}${word.slice(at)}`
}

function noise(random: SimRandom, language: 'c' | 'c++'): string {
  const name = `n${random.hex(6)}`
  const both = [
    `static const char *${name} = "/* // #include <none.h> \\" '";`,
    `static int ${name} = '"';`,
    `static int ${name} = '\\''; /* it's */`,
    `// it's "open \\\n #include "none.h"`,
    `/*\n "\n */`,
    `/* // */ static int ${name};`,
    `static const char *${name} = "\\\n#include \\"none.h\\"";`,
    `#define ${name.toUpperCase()}(x) #x "#include"`,
    `#if 0\n it's " open\n#endif`,
    `#pragma push_macro("NAME")\n#pragma pop_macro("NAME")`,
  ]
  const raw = [
    `static const char *${name} = R"(\n#include "none.h"\n)";`,
    `static const char *${name} = R"x(" /* )" \\\n)x";`,
    `static auto ${name} = 1'000;`,
  ]
  return random.pick(language === 'c' ? both : [...both, ...raw])
}
