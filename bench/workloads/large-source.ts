import { type SingleSource, singleSource } from './single-source.ts'

const BYTES = 5 * 1024 * 1024
const LINE_VALUES = 24

/** One source of 5 MB, as tools make them that put pictures and fonts into programs: a table of numbers. */
export function largeSource(folder: string): Promise<SingleSource> {
  const lines: string[] = []
  let size = 0
  let value = 1
  while (size < BYTES) {
    const values: number[] = []
    for (let column = 0; column < LINE_VALUES; column++) {
      value = (value * 1_103_515_245 + 12_345) % 2_147_483_648 // Any bytes that do not repeat themselves soon.
      values.push((value >> 16) & 255)
    }
    const line = `  ${values.map((each) => `0x${each.toString(16).padStart(2, '0')}`).join(', ')},`
    size += line.length + 1
    lines.push(line)
  }
  const text = `const unsigned char picture[] = {\n${lines.join('\n')}\n};\n`
  return singleSource('picture.c', folder, text, ['-O2', '-c', 'picture.c', '-o', 'picture.o'])
}
