import type { Clock } from '../base/clock.ts'
import { DeadlineError, withDeadline } from '../base/deadline.ts'
import { messageOf } from '../base/errors.ts'
import { CACHE_HOMES_ASKED, CACHE_REPLICAS, CACHE_STORE_MS, CACHE_WAIT_MS } from '../base/limits.ts'
import type { Logger } from '../base/log.ts'
import { Patience } from '../base/patience.ts'
import { CACHE_PROTOCOL } from '../protocols/cache.ts'
import type { MeshSession, PeerId } from '../protocols/mesh.ts'
import type { SessionPool } from '../protocols/session-pool.ts'
import type { ActionResult } from './action-result.ts'
import type { Claims } from './claims.ts'
import type { ActionKey } from './digest.ts'
import { type Answer, askHome, Offer, offerTo, tellEnd } from './home-calls.ts'
import { KnownHomes } from './known-homes.ts'
import { mayTravel, openParcel, type Parcel, type Shelf } from './parcel.ts'
import { homes, type Member } from './rendezvous.ts'
import { ShareQueue } from './share-queue.ts'
import { isSigned, type Signatures } from './signatures.ts'

export interface MeshCacheComponents {
  readonly clock: Clock
  readonly log: Logger
  readonly self: PeerId
  readonly sessions: Pick<SessionPool, 'use'>
  /** All of the mesh, this node among them. */
  readonly members: () => readonly Member<PeerId>[]
  readonly shelf: Shelf
  /** Of the keys that are at home here. */
  readonly claims: Claims
  readonly signatures: Pick<Signatures, 'verify'>
}

/** What the mesh knows of a key that this node does not know. */
export type Found =
  /** Not on this node's shelf yet. */
  | { readonly kind: 'known'; readonly parcel: Parcel; readonly from: PeerId }
  /** Waited for until it came to this node's own shelf. */
  | { readonly kind: 'here' }
  /** To be compiled. `end` or `share` is to be called when that is over. */
  | { readonly kind: 'unknown' }

/** The results of all nodes, each at its homes. Every fault of a peer ends in `unknown`, soon. */
export class MeshCache {
  readonly #components: MeshCacheComponents
  readonly #known: KnownHomes
  readonly #shares: ShareQueue<PeerId | undefined>
  /** Homes that may believe this node to be compiling the key. */
  readonly #claimedAt = new Map<ActionKey, Set<PeerId>>()
  readonly #background = new Set<Promise<void>>()
  readonly #stopping = new AbortController()

  constructor(components: MeshCacheComponents) {
    this.#components = components
    this.#known = new KnownHomes(components)
    this.#shares = new ShareQueue((key, from, signal) => this.#share(key, from, signal))
  }

  /**
   * Asks the key's homes, one after the other until two others have answered, and waits for another's compile of the
   * same. `accepts` says whether a result may be an answer at all; a home that is `spared` will be asked in another way.
   * Rejects only with the reason of `signal`.
   */
  find(
    key: ActionKey,
    accepts: (result: ActionResult) => boolean,
    signal: AbortSignal,
    spared?: PeerId,
  ): Promise<Found> {
    return this.#seek(key, accepts, true, signal, spared)
  }

  /** The only peer that `find` would ask; undefined when there are several, or none. */
  soleHome(key: ActionKey): PeerId | undefined {
    const { self, members } = this.#components
    const asked = homes(key, members(), CACHE_HOMES_ASKED + 1).filter((home) => home !== self)
    return asked.length === 1 && asked[0] !== undefined && !this.#known.rests(asked[0]) ? asked[0] : undefined
  }

  /** As `find`, for what is no compile of this node: it waits for nobody, and nobody waits for it. */
  async look(
    key: ActionKey,
    accepts: (result: ActionResult) => boolean,
    signal: AbortSignal,
  ): Promise<Extract<Found, { kind: 'known' }> | undefined> {
    const found = await this.#seek(key, accepts, false, signal)
    return found.kind === 'known' ? found : undefined
  }

  /** Opens a session with a node that has just come, so that the first lookup there is as quick as any. */
  greet(peer: PeerId): void {
    this.#inBackground(peer, (session, signal) => tellEnd(session, NO_KEY, signal))
  }

  /** What was unknown and is compiled has ended. Safe to call after `share`, too. */
  end(key: ActionKey): void {
    if (!this.#shares.has(key)) this.#tellEnd(key)
  }

  /** Has a result that is on this node's shelf kept at its homes, sometime soon; one of them it may come `from`. */
  share(key: ActionKey, from: PeerId | undefined): void {
    this.#components.claims.settle(key)
    if (from !== undefined) this.#unmark(key, from)
    if (!this.#shares.add(key, from)) this.#tellEnd(key)
  }

  /** After it resolves nothing more is asked or sent. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('this node stops'))
    await this.#shares.stop()
    await Promise.all(this.#background)
  }

  async #seek(
    key: ActionKey,
    accepts: (result: ActionResult) => boolean,
    mayClaim: boolean,
    signal: AbortSignal,
    spared?: PeerId,
  ): Promise<Found> {
    const { self, members } = this.#components
    let claim = mayClaim
    let [asked, answered] = [0, 0]
    // One more than the homes, and one for this node itself: some may be gone, or so new that they know nothing yet.
    for (const home of homes(key, members(), CACHE_HOMES_ASKED + 1)) {
      if (home !== self) asked += 1
      if (asked > CACHE_HOMES_ASKED || answered === CACHE_REPLICAS) break
      if (home === spared) {
        claim = false // It notes that by itself.
        continue
      }
      const answer =
        home === self ? await this.#askSelf(key, claim, signal) : await this.#ask(home, key, claim, accepts, signal)
      if (answer === 'here') return { kind: 'here' }
      if (answer?.kind === 'known') return { ...answer, from: home }
      if (answer?.claimed || answer?.waited) claim = false
      if (answer !== undefined && home !== self) answered += 1
    }
    return { kind: 'unknown' }
  }

  #homes(key: ActionKey): readonly PeerId[] {
    return homes(key, this.#components.members(), CACHE_REPLICAS)
  }

  async #ask(
    home: PeerId,
    key: ActionKey,
    claim: boolean,
    accepts: (result: ActionResult) => boolean,
    signal: AbortSignal,
  ): Promise<Answer | undefined> {
    if (this.#known.rests(home)) return undefined
    const { clock, signatures } = this.#components
    const lookup = this.#known.ask(home)
    const question = {
      key,
      claim,
      heard: lookup.heard,
      accepts: async (result: ActionResult) => accepts(result) && (await isSigned(signatures, key, result)),
    }
    const patience = new Patience(clock, signal)
    patience.allow(lookup.budgetMs)
    // Until it says otherwise: it may have heard the question though we did not hear the answer.
    if (claim) this.#mark(key, home)
    try {
      const work = (session: MeshSession) => askHome(session, question, patience)
      const answer = await this.#call(home, work, patience.signal, lookup.failed)
      if (answer?.kind === 'known' || answer?.claimed === false) this.#unmark(key, home)
      return answer
    } finally {
      lookup.end()
      patience.end()
      signal.throwIfAborted()
    }
  }

  /** This node is a home itself: what it knows it was asked before, so there is only the claim. */
  async #askSelf(key: ActionKey, claim: boolean, signal: AbortSignal): Promise<Answer | 'here'> {
    const { clock, self, claims, shelf } = this.#components
    if (!claim) return UNKNOWN
    if (shelf.results.find(key) !== undefined) return 'here' // It came a moment ago.
    const claimed = claims.claim(key, self)
    if (claimed.kind === 'yours') this.#mark(key, self)
    if (claimed.kind !== 'running') return { ...UNKNOWN, claimed: claimed.kind === 'yours' }
    await withDeadline(clock, CACHE_WAIT_MS, signal, () => claimed.ended).catch(() => signal.throwIfAborted())
    return shelf.results.find(key) === undefined ? { ...UNKNOWN, waited: true } : 'here'
  }

  /** One call to one home; undefined when it failed. */
  async #call<T>(
    home: PeerId,
    work: (session: MeshSession) => Promise<T>,
    signal: AbortSignal,
    failed = (error: unknown) => this.#known.failed(home, error),
  ): Promise<T | undefined> {
    const { log, sessions } = this.#components
    try {
      return await sessions.use(home, CACHE_PROTOCOL, work, signal)
    } catch (error) {
      // Called off by whoever asked: the home did nothing wrong.
      if (signal.aborted && !(signal.reason instanceof DeadlineError)) return undefined
      failed(error)
      log.info('a home of the cache did not answer', { peer: home, why: messageOf(error) })
      return undefined
    }
  }

  async #share(key: ActionKey, from: PeerId | undefined, signal: AbortSignal): Promise<void> {
    const { self, shelf } = this.#components
    const targets = this.#homes(key).filter((home) => home !== self && home !== from && !this.#known.distrusted(home))
    const found = targets.length > 0 ? shelf.results.find(key) : undefined
    const parcel = found !== undefined && mayTravel(found) ? await openParcel(shelf, found) : undefined
    if (parcel !== undefined) {
      const offer = new Offer(parcel)
      for (const home of targets) await this.#offer(home, key, offer, signal)
    }
    this.#tellEnd(key)
  }

  async #offer(home: PeerId, key: ActionKey, offer: Offer, signal: AbortSignal): Promise<void> {
    const kept = await withDeadline(this.#components.clock, CACHE_STORE_MS, signal, (deadline) =>
      this.#call(home, (session) => offerTo(session, key, offer, deadline), deadline),
    ).catch(() => false) // Too late, or this node stops.
    if (kept) this.#unmark(key, home)
  }

  /** Tells those who may still believe that this node is at it; a claim that is not ended expires by itself. */
  #tellEnd(key: ActionKey): void {
    const { self, claims } = this.#components
    for (const home of this.#claimedAt.get(key) ?? []) {
      if (home === self) claims.end(key, self)
      else this.#inBackground(home, (session, signal) => tellEnd(session, key, signal))
    }
    this.#claimedAt.delete(key)
  }

  /** One call to one home that nobody waits for. */
  #inBackground(home: PeerId, work: (session: MeshSession, signal: AbortSignal) => Promise<void>): void {
    if (this.#stopping.signal.aborted) return
    const calling: Promise<void> = withDeadline(
      this.#components.clock,
      CACHE_STORE_MS,
      this.#stopping.signal,
      (signal) => this.#call(home, (session) => work(session, signal), signal),
    )
      .catch(() => undefined) // Too late, or this node stops.
      .finally(() => this.#background.delete(calling))
    this.#background.add(calling)
  }

  #mark(key: ActionKey, home: PeerId): void {
    this.#claimedAt.set(key, (this.#claimedAt.get(key) ?? new Set()).add(home))
  }

  #unmark(key: ActionKey, home: PeerId): void {
    const at = this.#claimedAt.get(key)
    at?.delete(home)
    if (at?.size === 0) this.#claimedAt.delete(key)
  }
}

/** Names nothing: there is no such compile. */
const NO_KEY = '0'.repeat(64) as ActionKey
const UNKNOWN = { kind: 'unknown', claimed: false, waited: false } as const
