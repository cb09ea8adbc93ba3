import type { Clock } from '../base/clock.ts'
import type { ActionResult } from './action-result.ts'
import { type EntryContent, type EntryName, entryKey, entryResult, NOTHING, valueIn } from './entry.ts'
import { keepParcel, type Shelf } from './parcel.ts'
import { type Signatures, signedResult } from './signatures.ts'

/** An entry that was found. */
export interface FoundEntry {
  readonly bytes: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Undefined when it went meanwhile. */
  read(): Promise<Uint8Array | undefined>
}

/** Values that other tools keep under names of their own. All faults are answers. */
export interface GatewayStore {
  find(name: EntryName): Promise<FoundEntry | undefined>
  /** Resolves to whether it can be found now. Replaces what was there. */
  store(name: EntryName, content: EntryContent): Promise<boolean>
  /** Resolves to whether there was one. */
  remove(name: EntryName): Promise<boolean>
}

export interface LocalEntriesComponents extends Shelf {
  readonly clock: Pick<Clock, 'wallTime'>
  readonly signatures: Pick<Signatures, 'sign'>
  /** Who says so: this node. */
  readonly producer: string
}

export interface LocalEntriesInit {
  /** Of the whole cache: what is larger would be evicted as soon as it is stored. */
  readonly maxBytes: number
}

/** The entries on this machine. */
export class LocalEntries implements GatewayStore {
  readonly #components: LocalEntriesComponents
  readonly #maxBytes: number

  constructor(components: LocalEntriesComponents, { maxBytes }: LocalEntriesInit) {
    this.#components = components
    this.#maxBytes = maxBytes
  }

  async find(name: EntryName): Promise<FoundEntry | undefined> {
    const { results, blobs } = this.#components
    const result = results.find(entryKey(name.path))
    const value = result && valueIn(name, result)
    if (result === undefined || value === undefined) return undefined
    return { bytes: value.bytes, createdAt: result.createdAt, read: () => blobs.read(value.digest) }
  }

  async store(name: EntryName, content: EntryContent): Promise<boolean> {
    if (content.bytes.length > this.#maxBytes) return false
    const { results } = this.#components
    const known = results.find(entryKey(name.path))
    if (known !== undefined && valueIn(name, known)?.digest === content.digest) return true
    return this.#keep(name, content, entryResult(name.path, content, this.#stamp(known)))
  }

  async remove(name: EntryName): Promise<boolean> {
    const { results } = this.#components
    const known = results.find(entryKey(name.path))
    if (known === undefined || valueIn(name, known) === undefined) return false
    return this.#keep(name, NOTHING, entryResult(name.path, 'removed', this.#stamp(known)))
  }

  async #keep(name: EntryName, { bytes }: EntryContent, result: ActionResult): Promise<boolean> {
    const { signatures } = this.#components
    const key = entryKey(name.path)
    return keepParcel(this.#components, key, { result: await signedResult(signatures, key, result), contents: [bytes] })
  }

  /** Later than what it replaces, even where that came from a clock that is ahead. */
  #stamp(known: ActionResult | undefined): Pick<ActionResult, 'producer' | 'createdAt'> {
    const { clock, producer } = this.#components
    return { producer, createdAt: Math.max(Math.round(clock.wallTime()), (known?.createdAt ?? 0) + 1) }
  }
}
