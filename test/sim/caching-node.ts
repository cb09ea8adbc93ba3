import { KEPT_LATER_MAX_BYTES } from '../../src/base/limits.ts'
import { silentLog } from '../../src/base/log.ts'
import { Claims } from '../../src/cache/claims.ts'
import type { ActionKey } from '../../src/cache/digest.ts'
import { serveCache } from '../../src/cache/home.ts'
import { MeshCache } from '../../src/cache/mesh-cache.ts'
import type { Shelf } from '../../src/cache/parcel.ts'
import { SessionPool } from '../../src/protocols/session-pool.ts'
import { cacheMembers } from '../../src/scheduler/cache-members.ts'
import { CompileCache } from '../../src/scheduler/compile-cache.ts'
import { QuietTimes } from '../../src/scheduler/quiet-times.ts'
import { fakeSignatures, MemoryShelf } from '../unit/cache/memory-shelf.ts'
import type { SimNode } from './node.ts'

/** What a build of one key came to. */
export interface Built {
  readonly key: ActionKey
  readonly object: string
  /** The node that knew it; undefined when it was compiled. */
  readonly from: string | undefined
  readonly tookMs: number
}

/** What compiling a key gives, wherever it runs. */
export function objectOf(key: ActionKey): string {
  return `object of ${key.slice(0, 8)}`
}

const NEVER = new AbortController().signal

/** A simulated machine with our real cache over a shelf in memory; its compiles take time and give `objectOf`. */
export class CachingNode {
  readonly node: SimNode
  readonly shelf: MemoryShelf
  /** Keys that were compiled here. */
  readonly compiled: ActionKey[] = []
  /** Whether it shows others something else than it has. */
  lies = false
  readonly #cache: CompileCache
  readonly #mesh: MeshCache
  readonly #sessions: SessionPool

  /** `shelf` is what a machine that was here before finds on its disk. */
  constructor(node: SimNode, shelf = new MemoryShelf()) {
    this.node = node
    this.shelf = shelf
    const { clock, id, mesh, peers } = node
    const claims = new Claims({ clock })
    const signatures = fakeSignatures(id)
    const members = () => cacheMembers(id, node.cacheBytes, peers)
    const parts = { clock, log: silentLog, self: id, members, shelf, claims, signatures }
    serveCache({ ...parts, mesh, shelf: this.#shown() })
    this.#sessions = new SessionPool({ clock, mesh })
    this.#mesh = new MeshCache({ ...parts, sessions: this.#sessions })
    peers.subscribe({ joined: (peer) => this.#mesh.greet(peer), left: (peer) => claims.drop(peer) })
    const quiet = new QuietTimes({ clock })
    this.#cache = new CompileCache({
      ...parts,
      quiet,
      laterMaxBytes: KEPT_LATER_MAX_BYTES,
      mesh: this.#mesh,
      producer: id,
    })
  }

  get id(): string {
    return this.node.id
  }

  /** One compile as an agent has it done: looked for, else run and kept. */
  async build(key: ActionKey, compileMs = 300): Promise<Built> {
    const { clock } = this.node
    const began = clock.now()
    const sought = await this.#cache.seek(key, ['main.o'], NEVER)
    if (sought.kind === 'known') {
      const object = String(Buffer.from(sought.result.outputs.get('main.o') ?? ''))
      return { key, object, from: sought.from ?? this.id, tookMs: clock.now() - began }
    }
    await clock.sleep(compileMs)
    this.compiled.push(key)
    const outputs = new Map([['main.o', Buffer.from(objectOf(key))]])
    const kept = this.#cache.keep(key, { outputs, stdout: new Uint8Array(), stderr: new Uint8Array() }, compileMs)
    void kept.then(() => sought.end())
    return { key, object: objectOf(key), from: undefined, tookMs: clock.now() - began }
  }

  /** Its shelf, as others see it. */
  #shown(): Shelf {
    const { results, blobs } = this.shelf
    const read: Shelf['blobs']['read'] = async (digest) => {
      const bytes = await blobs.read(digest)
      return this.lies ? bytes?.map((byte) => byte ^ 1) : bytes
    }
    return { results, blobs: { ...blobs, read } }
  }

  /** Leaves in good order. */
  async stop(): Promise<void> {
    await this.#mesh.stop()
    await this.#sessions.stop()
    await this.node.stop()
    await this.#cache.stop()
  }
}
