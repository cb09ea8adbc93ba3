import type { SimRandom } from '../../../sim/random.ts'

/** What headers are made of, and what may upset a reader of them. */
const SNIPPETS = [
  '#',
  '%:',
  '??=',
  '\\\n',
  '\\\r\n',
  '??/\n',
  '\\ \n',
  '\r',
  '\n',
  '\0',
  '"',
  "'",
  '<',
  '>',
  '/*',
  '*/',
  '//',
  'R"(',
  ')"',
  '\ufeff',
  '\n#include "',
  '\n#include <',
  '\n#include NAME\n',
  '\n#include_next <stdio.h>\n',
  '\n#if 0\n',
  '\n#else\n',
  '\n#endif\n',
  '__has_include(',
  '__has_include_next(<',
  '\n#define NAME ',
  '\n#define F(x) __has_include(x)\n',
  '##',
  '__DA##TE__',
  '.incbin "',
  '\\"',
  '\nimport ',
  '\nmodule;\n',
  '_Pragma("',
  'GCC dependency "',
  '\n#embed <',
  '\\u00e9',
  '\xff',
] as const

const EDITS_MAX = 12
const REPEATS_MAX = 2_000

/** `bytes` with some edits drawn from chance: pieces cut, moved, doubled, flipped, and snippets put in, once or many times. */
export function mutated(bytes: Uint8Array, random: SimRandom, editsMax = EDITS_MAX): Uint8Array {
  let text = Buffer.from(bytes).toString('latin1')
  for (let edits = random.integer(1, editsMax); edits > 0; edits -= 1) {
    const at = random.integer(0, text.length)
    const end = Math.min(text.length, at + random.integer(0, 200))
    const snippet = Buffer.from(random.pick(SNIPPETS)).toString('latin1')
    const edit = random.pick<() => string>([
      () => text.slice(0, at) + text.slice(end),
      () => text.slice(0, at) + snippet + text.slice(at),
      () => text.slice(0, at) + snippet + text.slice(end),
      () => text.slice(0, at) + text.slice(at, end) + text.slice(at),
      () => text.slice(0, at) + snippet.repeat(random.integer(1, REPEATS_MAX)) + text.slice(at),
      () => text.slice(0, at) + String.fromCharCode(random.integer(0, 255)) + text.slice(at + 1),
      () => text.slice(at) + text.slice(0, at),
    ])
    text = edit()
  }
  return Buffer.from(text, 'latin1')
}

/** A source made of snippets alone. */
export function generated(random: SimRandom): Uint8Array {
  const parts = Array.from({ length: random.integer(1, 200) }, () =>
    random.pick([() => random.pick(SNIPPETS), () => `${random.hex(random.integer(1, 6))} `])(),
  )
  return Buffer.from(parts.join(''))
}
