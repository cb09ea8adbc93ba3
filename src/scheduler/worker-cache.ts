import type { Clock } from '../base/clock.ts'
import { withDeadline } from '../base/deadline.ts'
import { CACHE_HOMES_TOLERATED, CACHE_WAIT_MS } from '../base/limits.ts'
import { actionKey } from '../cache/action-key.ts'
import { whyNothingToKeep } from '../cache/cacheable.ts'
import type { Claims } from '../cache/claims.ts'
import type { ActionKey } from '../cache/digest.ts'
import { homes, type Member } from '../cache/rendezvous.ts'
import type { RunResult } from '../compiler/runner.ts'
import type { CacheWish, CompileRequest } from '../protocols/compile.ts'
import type { PeerId } from '../protocols/mesh.ts'
import type { HeardTree } from '../protocols/tree-dictionary.ts'
import type { CompileCache, CompileResult } from './compile-cache.ts'

export interface WorkerCacheComponents {
  readonly clock: Clock
  readonly self: PeerId
  /** All of the mesh, this node among them. */
  readonly members: () => readonly Member<PeerId>[]
  /** Of the keys that are at home here. */
  readonly claims: Claims
  readonly cache: Pick<CompileCache, 'look' | 'keepHere'>
}

/**
 * What a worker does for the cache where it is a home of what it compiles: the client need neither ask it first nor send back
 * what came from here. The key is made here, of what is compiled here: nobody's word is taken for it.
 */
export class WorkerCache {
  readonly #components: WorkerCacheComponents

  constructor(components: WorkerCacheComponents) {
    this.#components = components
  }

  /** The part that the cache has in one request; undefined when it has none. */
  job(peer: PeerId, request: CompileRequest, tree: HeardTree): WorkerCacheJob | undefined {
    const { cache: wish, input, outputs } = request
    if (wish === undefined || input.kind !== 'tree') return undefined
    const members = this.#components.members()
    if (!members.some(({ id }) => id === peer)) return undefined
    const key = actionKey({ ...request, compiler: input.compiler, tree, date: undefined, usesTimestamp: false })
    if (!homes(key, members, CACHE_HOMES_TOLERATED).includes(this.#components.self)) return undefined
    return new WorkerCacheJob(this.#components, { key, peer, wish, outputs })
  }
}

interface WorkerCacheJobInit {
  readonly key: ActionKey
  readonly peer: PeerId
  readonly wish: CacheWish
  readonly outputs: readonly string[]
}

/** One compile for a peer, of which this node is a home. `end` must be called, whatever becomes of it. */
export class WorkerCacheJob {
  readonly #components: WorkerCacheComponents
  readonly #init: WorkerCacheJobInit
  #claimed = false

  constructor(components: WorkerCacheComponents, init: WorkerCacheJobInit) {
    this.#components = components
    this.#init = init
  }

  /** What is known already, where the client wishes to know. If nothing is, whoever asks for it from now on waits for this compile. */
  async find(signal: AbortSignal): Promise<RunResult | undefined> {
    const { clock, claims, cache } = this.#components
    const { key, peer, wish, outputs } = this.#init
    if (wish !== 'find') return undefined
    const claim = claims.claim(key, peer)
    this.#claimed = claim.kind === 'yours'
    if (claim.kind === 'running') {
      await withDeadline(clock, CACHE_WAIT_MS, signal, () => claim.ended).catch(() => signal.throwIfAborted())
    }
    const known = await cache.look(key, outputs, 'here', signal)
    known?.result.stored?.release() // Its bytes are what is sent.
    return known && asRun(known.result)
  }

  /** Whether there is something to keep. */
  keeps({ exitCode, stdout, stderr, outputs }: RunResult): boolean {
    const printedBytes = stdout.length + stderr.length
    const [main] = this.#init.outputs
    return whyNothingToKeep({ exitCode, printedBytes }) === undefined && outputs.some(({ path }) => path === main)
  }

  /** Keeps what the compile gave, behind the client's back: when what was sent to it has left. */
  keep({ outputs, stdout, stderr, usage }: RunResult): void {
    const { clock, cache, claims } = this.#components
    const { key } = this.#init
    const result = { outputs: new Map(outputs.map(({ path, bytes }) => [path, bytes])), stdout, stderr }
    this.#claimed = false // Others wait until it can be found.
    const keep = async () => {
      await clock.sleep(0)
      await cache.keepHere(key, result, usage.userMs + usage.systemMs)
      claims.settle(key)
    }
    void keep()
  }

  end(): void {
    const { key, peer } = this.#init
    if (this.#claimed) this.#components.claims.end(key, peer)
    this.#claimed = false
  }
}

/** What the compile gave that made it, as far as anybody knows. */
function asRun({ outputs, stdout, stderr, costMs = 0 }: CompileResult): RunResult {
  return {
    exitCode: 0,
    signal: undefined,
    stdout,
    stderr,
    outputs: [...outputs].map(([path, bytes]) => ({ path, bytes })),
    usage: { wallMs: 0, userMs: costMs, systemMs: 0, maxRssBytes: 0 },
  }
}
