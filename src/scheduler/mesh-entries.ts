import { ENTRY_ASKS_AT_ONCE_MAX } from '../base/limits.ts'
import type { ActionKey } from '../cache/digest.ts'
import { type EntryContent, type EntryName, entryKey, isOf } from '../cache/entry.ts'
import type { FoundEntry, GatewayStore } from '../cache/gateway-store.ts'
import type { MeshCache } from '../cache/mesh-cache.ts'
import { keepParcel, type Shelf } from '../cache/parcel.ts'
import { Slots } from './slots.ts'

export interface MeshEntriesComponents {
  readonly shelf: Shelf
  /** Those of this node, on that shelf. */
  readonly local: GatewayStore
  readonly mesh: Pick<MeshCache, 'look' | 'share'>
}

/** The entries of the mesh: what is not here is asked of its homes, and what is stored here is sent to them. */
export class MeshEntries implements GatewayStore {
  readonly #components: MeshEntriesComponents
  readonly #turns = new Slots(ENTRY_ASKS_AT_ONCE_MAX)
  readonly #stopping = new AbortController()

  constructor(components: MeshEntriesComponents) {
    this.#components = components
  }

  async find(name: EntryName): Promise<FoundEntry | undefined> {
    const { shelf, local } = this.#components
    const key = entryKey(name.path)
    // One that was removed is known, too.
    return shelf.results.find(key) !== undefined || (await this.#fetch(name, key)) ? local.find(name) : undefined
  }

  async store(name: EntryName, content: EntryContent): Promise<boolean> {
    const { local, mesh } = this.#components
    const stored = await local.store(name, content)
    if (stored) mesh.share(entryKey(name.path), undefined)
    return stored
  }

  async remove(name: EntryName): Promise<boolean> {
    const { local, mesh } = this.#components
    const removed = (await this.find(name)) !== undefined && (await local.remove(name))
    if (removed) mesh.share(entryKey(name.path), undefined)
    return removed
  }

  /** After this nothing is asked of the mesh any more. */
  stop(): void {
    this.#stopping.abort(new Error('this node stops'))
  }

  /** Brings an entry of the mesh to this node's shelf. Resolves to whether it is there now. */
  async #fetch(name: EntryName, key: ActionKey): Promise<boolean> {
    const { shelf, mesh } = this.#components
    const { signal } = this.#stopping
    try {
      // An entry is in memory until it is kept; the next one has to wait for that.
      const turn = await this.#turns.acquire(signal)
      try {
        const found = await mesh.look(key, (result) => isOf(name, result), signal)
        if (found === undefined || !(await keepParcel(shelf, key, found.parcel))) return false
        mesh.share(key, found.from)
        return true
      } finally {
        turn.release()
      }
    } catch (error) {
      if (signal.aborted) return false
      throw error
    }
  }
}
