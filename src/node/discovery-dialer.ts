import type { Clock } from '../base/clock.ts'
import { messageOf } from '../base/errors.ts'
import { ADDRESSES_PER_PEER_MAX, PEERS_MAX, REDIAL_FOR_MS, REDIAL_MAX_MS, REDIAL_MIN_MS } from '../base/limits.ts'
import type { Logger } from '../base/log.ts'
import type { Random } from '../base/random.ts'
import type { PeerId } from '../protocols/mesh.ts'

export interface DialerComponents {
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly self: PeerId
  readonly connected: (peer: PeerId) => boolean
  /** Connects to whoever is at one of these addresses, or to `peer` alone; resolves with who it was. */
  readonly dial: (addresses: readonly string[], peer: PeerId | undefined, signal: AbortSignal) => Promise<PeerId>
}

/** A peer that is being called, or that could be. */
interface Contact {
  addresses: readonly string[]
  calling: Nap | undefined
}

/**
 * Decides whom to call, and when: peers that were found, once per sighting; peers that vanished, at their last
 * addresses, for REDIAL_FOR_MS; peers that were named, for ever.
 */
export class Dialer {
  readonly #components: DialerComponents
  /** At most PEERS_MAX; those who are neither connected nor called make room. */
  readonly #contacts = new Map<PeerId, Contact>()
  /** Named peers that answered, and the naps of the loops that keep them. */
  readonly #kept = new Map<PeerId, Nap>()
  readonly #running = new Set<Promise<void>>()
  readonly #stopping = new AbortController()

  constructor(components: DialerComponents) {
    this.#components = components
  }

  /** Calls whoever is at this address until it answers, and again whenever it is lost. */
  keep(address: string): void {
    this.#start(this.#keep(address))
  }

  /** A peer was seen at these addresses, which are checked and bounded. */
  found(peer: PeerId, addresses: readonly string[]): void {
    if (peer === this.#components.self || addresses.length === 0 || this.#stopping.signal.aborted) return
    const contact = this.#contact(peer, addresses)
    if (contact === undefined || this.#components.connected(peer)) return
    if (contact.calling === undefined) this.#call(peer, contact, 0)
    else contact.calling.cutShort()
  }

  /** Where a connected peer can be reached should it vanish. */
  remember(peer: PeerId, addresses: readonly string[]): void {
    if (addresses.length > 0) this.#contact(peer, addresses)
  }

  /** The last connection to a peer ended. */
  lost(peer: PeerId): void {
    if (this.#stopping.signal.aborted) return
    const keeper = this.#kept.get(peer)
    const contact = this.#contacts.get(peer)
    if (keeper !== undefined) keeper.cutShort()
    else if (contact !== undefined && contact.calling === undefined) this.#call(peer, contact, REDIAL_FOR_MS)
  }

  /** Ends all calls. Safe to repeat. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('this node is stopping'))
    await Promise.all([...this.#running])
  }

  #contact(peer: PeerId, addresses: readonly string[]): Contact | undefined {
    const known = this.#contacts.get(peer)
    if (known !== undefined) {
      known.addresses = [...new Set([...addresses, ...known.addresses])].slice(0, ADDRESSES_PER_PEER_MAX)
      return known
    }
    if (this.#contacts.size >= PEERS_MAX && !this.#makeRoom()) return undefined
    const contact: Contact = { addresses, calling: undefined }
    this.#contacts.set(peer, contact)
    return contact
  }

  #makeRoom(): boolean {
    for (const [peer, { calling }] of this.#contacts) {
      if (calling === undefined && !this.#components.connected(peer)) return this.#contacts.delete(peer)
    }
    return false
  }

  #call(peer: PeerId, contact: Contact, forMs: number): void {
    const nap = new Nap(this.#components.clock, this.#stopping.signal)
    contact.calling = nap
    this.#start(
      this.#pursue(peer, contact, nap, forMs).finally(() => {
        contact.calling = undefined
      }),
    )
  }

  /** Calls a peer until it is connected, at least once and for `forMs`. */
  async #pursue(peer: PeerId, contact: Contact, nap: Nap, forMs: number): Promise<void> {
    const { clock, random, log, self, connected, dial } = this.#components
    const giveUpAt = clock.now() + forMs
    // Both sides see each other at once; one connection is enough.
    if (self > peer) await clock.sleep(YIELD_MS, this.#stopping.signal)
    for (let attempt = 0; !connected(peer); attempt++) {
      try {
        await dial(contact.addresses, peer, this.#stopping.signal)
        return
      } catch (error) {
        this.#stopping.signal.throwIfAborted()
        log.debug('a peer does not answer', { peer, addresses: contact.addresses, why: messageOf(error) })
      }
      if (clock.now() >= giveUpAt) return
      await nap.sleep(redialDelayMs(attempt, random))
    }
  }

  async #keep(address: string): Promise<void> {
    const { clock, random, log, self, connected } = this.#components
    const nap = new Nap(clock, this.#stopping.signal)
    for (let attempt = 0; ; attempt++) {
      const peer = await this.#callNamed(address, attempt)
      if (peer === self) return log.debug('a named peer is this node itself', { address })
      if (peer === undefined) {
        await nap.sleep(redialDelayMs(attempt, random))
        continue
      }
      attempt = 0
      this.#kept.set(peer, nap)
      while (connected(peer)) {
        await nap.sleep(REDIAL_MAX_MS)
        if (self > peer && !connected(peer)) await clock.sleep(YIELD_MS, this.#stopping.signal)
      }
      this.#kept.delete(peer)
    }
  }

  async #callNamed(address: string, attempt: number): Promise<PeerId | undefined> {
    const { log, dial } = this.#components
    try {
      return await dial([address], undefined, this.#stopping.signal)
    } catch (error) {
      this.#stopping.signal.throwIfAborted()
      const fields = { address, why: messageOf(error) }
      if (attempt === 0) log.info('a named peer does not answer; it will be called again', fields)
      else log.debug('a named peer does not answer', fields)
      return undefined
    }
  }

  #start(work: Promise<void>): void {
    const running = work
      .catch((error) => {
        if (!this.#stopping.signal.aborted)
          this.#components.log.warn('calling a peer failed', { why: messageOf(error) })
      })
      .finally(() => this.#running.delete(running))
    this.#running.add(running)
  }
}

/** Wait before the next attempt: doubled each time up to a bound, spread by a quarter so that a whole mesh does not call at once. */
export function redialDelayMs(attempt: number, random: Pick<Random, 'float'>): number {
  const delay = Math.min(REDIAL_MAX_MS, REDIAL_MIN_MS * 2 ** Math.min(attempt, 16))
  return delay * (0.75 + random.float() / 2)
}

/** The peer with the larger id waits so long for the other's call. Multi-homed hosts may hear only one way. */
const YIELD_MS = 1_500

/** A sleep that news can cut short. */
class Nap {
  readonly #clock: Clock
  readonly #signal: AbortSignal
  #cut: AbortController | undefined

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock
    this.#signal = signal
  }

  cutShort(): void {
    this.#cut?.abort()
  }

  async sleep(ms: number): Promise<void> {
    this.#signal.throwIfAborted()
    // However much news there is, a pause of REDIAL_MIN_MS remains: strangers must not drive the loop.
    const least = Math.min(ms, REDIAL_MIN_MS)
    await this.#clock.sleep(least, this.#signal)
    const cut = new AbortController()
    const onAbort = () => cut.abort()
    this.#signal.addEventListener('abort', onAbort, { once: true })
    this.#cut = cut
    try {
      await this.#clock.sleep(ms - least, cut.signal)
    } catch {
      this.#signal.throwIfAborted() // Cut short by news is as good as slept.
    } finally {
      this.#cut = undefined
      this.#signal.removeEventListener('abort', onAbort)
    }
  }
}
