/** A shared ELF object with nothing but a dynamic section, as `readSharedObject` reads it. */
export function sharedObject(
  { soname, needed }: { readonly soname?: string; readonly needed: readonly string[] },
  { wide = true, little = true }: { readonly wide?: boolean; readonly little?: boolean } = {},
): Uint8Array {
  const names = ['', ...(soname === undefined ? [] : [soname]), ...needed]
  const offsets = names.map((_, index) => names.slice(0, index).join('\0').length + (index > 0 ? 1 : 0))
  const table = Buffer.from(`${names.join('\0')}\0`, 'latin1')
  const bytes = Buffer.alloc(1024 + table.length)
  const short = (value: number, at: number) =>
    little ? bytes.writeUInt16LE(value, at) : bytes.writeUInt16BE(value, at)
  const int = (value: number, at: number) => (little ? bytes.writeUInt32LE(value, at) : bytes.writeUInt32BE(value, at))
  const word = (value: number, at: number) => int(value, wide && !little ? at + 4 : at)
  bytes.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2])
  const header = wide ? { table: 32, size: 54, count: 56, each: 56 } : { table: 28, size: 42, count: 44, each: 32 }
  short(3, 16)
  word(64, header.table)
  short(header.each, header.size)
  short(2, header.count)
  const [offset, address, size] = wide ? [8, 16, 32] : [4, 8, 16]
  const segment = (index: number, type: number, from: number, length: number) => {
    const at = 64 + index * header.each
    int(type, at)
    word(from, at + offset)
    word(from + LOADED_AT, at + address)
    word(length, at + size)
  }
  const width = wide ? 8 : 4
  const sonames = soname === undefined ? [] : [[14, offsets[1] ?? 0]]
  const first = soname === undefined ? 1 : 2
  const entries = [
    [5, 1024 + LOADED_AT],
    ...sonames,
    ...needed.map((_, index) => [1, offsets[first + index] ?? 0]),
    [0, 0],
  ]
  segment(0, 1, 0, bytes.length)
  segment(1, 2, 512, entries.length * 2 * width)
  for (const [index, [tag = 0, value = 0]] of entries.entries()) {
    word(tag, 512 + index * 2 * width)
    word(value, 512 + index * 2 * width + width)
  }
  bytes.set(table, 1024)
  return bytes
}

/** Addresses are others than offsets. */
const LOADED_AT = 0x1000
