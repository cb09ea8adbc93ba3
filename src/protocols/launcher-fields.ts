import { isUtf8 } from 'node:buffer'
import { LauncherProtocolError } from './launcher-frames.ts'

/** The fields that frames between launcher and agent are made of. Spec: docs/protocols/launcher.md */

export function u8(value: number): Buffer {
  return Buffer.of(value)
}

export function u32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeUInt32LE(value)
  return bytes
}

export function u64(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

export function string(value: string): Buffer {
  const length = Buffer.byteLength(value)
  const bytes = Buffer.allocUnsafe(4 + length)
  bytes.writeUInt32LE(length)
  bytes.write(value, 4)
  return bytes
}

/** One block of strings that each end with a NUL, which none of them can hold: made and taken apart in one go. */
export function list(values: readonly string[]): Buffer {
  const block = values.length === 0 ? '' : `${values.join('\0')}\0`
  if (block.split('\0').length !== values.length + 1) throw malformed('a string in a list holds a NUL')
  return string(block)
}

export function malformed(what: string): LauncherProtocolError {
  return new LauncherProtocolError({ code: 'LAUNCHER_MALFORMED' }, what)
}

/** Takes the fields of one frame, in order. Throws `LauncherProtocolError` when they are not there. */
export class FieldReader {
  readonly #bytes: Buffer
  #at = 0
  /** Set once a string was not UTF-8; such strings read as empty. */
  notUtf8 = false

  constructor(frame: Uint8Array) {
    this.#bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength)
  }

  u8(): number {
    return this.#take(1).readUInt8()
  }

  u32(): number {
    return this.#take(4).readUInt32LE()
  }

  u64(): number {
    const value = Number(this.#take(8).readBigUInt64LE())
    if (!Number.isSafeInteger(value)) throw malformed('a number is too large')
    return value
  }

  string(): string {
    const bytes = this.#take(this.u32())
    if (isUtf8(bytes)) return bytes.toString('utf8')
    this.notUtf8 = true
    return ''
  }

  list(): string[] {
    const block = this.string()
    if (block === '') return []
    if (!block.endsWith('\0')) throw malformed('a list does not end with a NUL')
    return block.slice(0, -1).split('\0')
  }

  /** What a byte stands for in `meanings`. */
  oneOf<T>(meanings: ReadonlyMap<number, T>): T {
    const meaning = meanings.get(this.u8())
    if (meaning === undefined) throw malformed('a byte has no meaning')
    return meaning
  }

  /** All that is left: contents, as a view. */
  rest(): Uint8Array {
    return this.#take(this.#bytes.length - this.#at)
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw malformed('a frame is longer than its fields')
  }

  #take(count: number): Buffer {
    const end = this.#at + count
    if (end > this.#bytes.length) throw malformed('a frame ends too early')
    const bytes = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return bytes
  }
}
