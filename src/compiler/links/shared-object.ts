/** What a shared object says of itself and of others. */
export interface SharedObject {
  /** The name that others know it by; undefined where it has none: then that is its file's. */
  readonly soname: string | undefined
  /** The names of those that it needs. */
  readonly needed: readonly string[]
}

/** Entries of a dynamic section that are read; libraries have some thirty. */
const DYNAMIC_ENTRIES_MAX = 4_096
const PROGRAM_HEADERS_MAX = 1_024
const NAME_MAX_BYTES = 4_096

const PT_LOAD = 1
const PT_DYNAMIC = 2
const DT_NEEDED = 1
const DT_STRTAB = 5
const DT_SONAME = 14
const ET_DYN = 3

/**
 * Reads the dynamic section of a shared ELF object (System V ABI, chapter 5). Undefined for other files, and for what is
 * damaged; never throws, whatever the bytes.
 */
export function readSharedObject(bytes: Uint8Array): SharedObject | undefined {
  try {
    return new ElfReader(bytes).read()
  } catch (error) {
    if (error instanceof RangeError) return undefined // Something lies outside the file.
    throw error
  }
}

interface Segment {
  readonly type: number
  readonly offset: number
  readonly address: number
  readonly size: number
}

class ElfReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #wide: boolean
  readonly #little: boolean

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#wide = bytes[4] === 2
    this.#little = bytes[5] === 1
  }

  read(): SharedObject | undefined {
    const [a, b, c, d] = this.#bytes
    if (a !== 0x7f || b !== 0x45 || c !== 0x4c || d !== 0x46 || this.#short(16) !== ET_DYN) return undefined
    const segments = this.#segments()
    const dynamic = segments.find(({ type }) => type === PT_DYNAMIC)
    if (dynamic === undefined) return undefined
    const entries = this.#dynamicEntries(dynamic)
    const table = entries.find(({ tag }) => tag === DT_STRTAB)?.value
    const loaded = segments.find(
      ({ type, address, size }) =>
        type === PT_LOAD && table !== undefined && table >= address && table < address + size,
    )
    if (table === undefined || loaded === undefined) return undefined
    const names = table - loaded.address + loaded.offset
    const named = (wanted: number) =>
      entries.filter(({ tag }) => tag === wanted).map(({ value }) => this.#name(names + value))
    return { soname: named(DT_SONAME)[0], needed: named(DT_NEEDED) }
  }

  #segments(): readonly Segment[] {
    const start = this.#word(this.#wide ? 32 : 28)
    const size = this.#short(this.#wide ? 54 : 42)
    const count = this.#short(this.#wide ? 56 : 44)
    if (count > PROGRAM_HEADERS_MAX) throw new RangeError('too many program headers')
    return Array.from({ length: count }, (_, index) => {
      const at = start + index * size
      const [offset, address, bytes] = this.#wide ? [8, 16, 32] : [4, 8, 16]
      return {
        type: this.#view.getUint32(at, this.#little),
        offset: this.#word(at + offset),
        address: this.#word(at + address),
        size: this.#word(at + bytes),
      }
    })
  }

  #dynamicEntries({ offset, size }: Segment): readonly { readonly tag: number; readonly value: number }[] {
    const wordBytes = this.#wide ? 8 : 4
    const count = Math.min(Math.floor(size / (2 * wordBytes)), DYNAMIC_ENTRIES_MAX)
    return Array.from({ length: count }, (_, index) => {
      const at = offset + index * 2 * wordBytes
      return { tag: this.#word(at), value: this.#word(at + wordBytes) }
    })
  }

  #name(at: number): string {
    const end = this.#bytes.indexOf(0, at)
    if (end < 0 || end - at > NAME_MAX_BYTES) throw new RangeError('a name without an end')
    return Buffer.from(this.#bytes.subarray(at, end)).toString('latin1')
  }

  #short(at: number): number {
    return this.#view.getUint16(at, this.#little)
  }

  #word(at: number): number {
    return this.#wide ? Number(this.#view.getBigUint64(at, this.#little)) : this.#view.getUint32(at, this.#little)
  }
}
