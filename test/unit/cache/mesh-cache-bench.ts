import { silentLog } from '../../../src/base/log.ts'
import type { ActionResult } from '../../../src/cache/action-result.ts'
import { Claims } from '../../../src/cache/claims.ts'
import type { ActionKey } from '../../../src/cache/digest.ts'
import { serveCache } from '../../../src/cache/home.ts'
import { MeshCache } from '../../../src/cache/mesh-cache.ts'
import { keepParcel } from '../../../src/cache/parcel.ts'
import { homes, type Member } from '../../../src/cache/rendezvous.ts'
import { MeshError, type MeshListener, type MeshSession, type PeerId } from '../../../src/protocols/mesh.ts'
import { SessionPool } from '../../../src/protocols/session-pool.ts'
import { SimClock } from '../../sim/clock.ts'
import { sessionPair } from '../status/session-pair.ts'
import { keyOf } from './actions.ts'
import { fakeSignatures, MemoryShelf, parcelOf } from './memory-shelf.ts'

export type Serve = (session: MeshSession) => Promise<void>

/** One node of the bench. */
export interface BenchNode {
  readonly id: PeerId
  readonly shelf: MemoryShelf
  readonly claims: Claims
  readonly cache: MeshCache
  /** How it serves others; a test may put a liar in its place. */
  serve: Serve
  /** Sessions that others opened with it. */
  opened: number
  readonly listeners: Set<MeshListener>
}

/** Nodes that are all connected, over sessions without a network. */
export class MeshCacheBench {
  readonly clock = new SimClock()
  readonly nodes = new Map<PeerId, BenchNode>()
  members: readonly Member<PeerId>[]
  /** Each node's side of its sessions. */
  readonly #served = new Map<PeerId, readonly MeshSession[]>()

  constructor(...names: readonly string[]) {
    this.members = names.map((name) => ({ id: name as PeerId, weight: 1 }))
    for (const { id } of this.members) this.nodes.set(id, this.#node(id))
  }

  node(name: string): BenchNode {
    const node = this.nodes.get(name as PeerId)
    if (node === undefined) throw new RangeError(`no node ${name}`)
    return node
  }

  /** A key whose homes these are, the first one first. */
  keyAt(...ids: readonly string[]): ActionKey {
    const [key] = this.keysAt(1, ...ids)
    if (key === undefined) throw new RangeError('no such key')
    return key
  }

  /** So many of them. */
  keysAt(count: number, ...ids: readonly string[]): readonly ActionKey[] {
    const keys: ActionKey[] = []
    for (let number = 0; keys.length < count; number += 1) {
      const key = keyOf(`key ${number}`)
      if (homes(key, this.members, ids.length).join() === ids.join()) keys.push(key)
    }
    return keys
  }

  /** Opens a session with a node, as `from`. */
  open(from: PeerId, to: PeerId): MeshSession {
    const node = this.nodes.get(to)
    if (node === undefined) throw new MeshError({ code: 'MESH_UNREACHABLE', peer: to }, 'gone')
    const { toA, toB } = sessionPair(from, to)
    node.opened += 1
    this.#served.set(to, [...(this.#served.get(to) ?? []), toA])
    node.serve(toA).then(
      () => toA.close(),
      (error: unknown) => toA.abort(error instanceof Error ? error : new Error(String(error))),
    )
    return toB
  }

  /** Sessions that are open with a node are answered no more: its side of them is let go of. */
  cut(id: PeerId): void {
    for (const session of this.#served.get(id) ?? []) session.abort(new Error('cut'))
  }

  /** All others lose their connection to a node. */
  lose(id: PeerId): void {
    this.nodes.delete(id)
    for (const { listeners } of this.nodes.values()) for (const { disconnected } of listeners) disconnected?.(id)
  }

  /** Has a node make a result, on its own shelf only. */
  async make(node: BenchNode, key: ActionKey, content = 'OBJECT'): Promise<void> {
    await keepParcel(node.shelf, key, await parcelOf(key, content, node.id))
  }

  #node(id: PeerId): BenchNode {
    const { clock } = this
    const listeners = new Set<MeshListener>()
    const shelf = new MemoryShelf()
    const claims = new Claims({ clock })
    const signatures = fakeSignatures(id)
    const subscribe = (listener: MeshListener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
    const sessions = new SessionPool({ clock, mesh: { open: async (peer) => this.open(id, peer), subscribe } })
    const parts = { clock, log: silentLog, self: id, members: () => this.members, shelf, claims, signatures }
    const handlers: Serve[] = []
    const handle = (_protocol: string, serve: Serve) => handlers.push(serve)
    serveCache({ ...parts, mesh: { self: id, handle, subscribe } })
    const serve: Serve = async (session) => handlers[0]?.(session)
    return { id, shelf, claims, cache: new MeshCache({ ...parts, sessions }), serve, opened: 0, listeners }
  }
}

export const NEVER = new AbortController().signal

/** What a compile of `main.c` takes for its result. */
export function writesMain({ outputs }: ActionResult): boolean {
  return outputs.length === 1 && outputs[0]?.path === 'main.o'
}
