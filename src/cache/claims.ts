import type { Clock } from '../base/clock.ts'
import { CACHE_CLAIM_MS, CACHE_CLAIMS_PER_PEER_MAX } from '../base/limits.ts'
import type { PeerId } from '../protocols/mesh.ts'
import type { ActionKey } from './digest.ts'

/** What becomes of the wish to compile a key. */
export type Claimed =
  | { readonly kind: 'yours' }
  /** Another is at it. `ended` resolves when he is done, or gone. */
  | { readonly kind: 'running'; readonly ended: Promise<void> }
  /** Too many are yours: compile it, but nobody will wait for it. */
  | { readonly kind: 'full' }

interface Claim {
  readonly claimant: PeerId
  readonly expiresAt: number
  readonly ended: Promise<void>
  end(): void
}

/** Who compiles which key right now, so that nobody else does: kept by the key's first home. */
export class Claims {
  readonly #clock: Pick<Clock, 'now'>
  readonly #claims = new Map<ActionKey, Claim>()
  /** The same by claimant: at most CACHE_CLAIMS_PER_PEER_MAX each. */
  readonly #keys = new Map<PeerId, Set<ActionKey>>()

  constructor({ clock }: { readonly clock: Pick<Clock, 'now'> }) {
    this.#clock = clock
  }

  /** Says that `claimant` wants to compile the key. He may say so again: then it counts from now. */
  claim(key: ActionKey, claimant: PeerId): Claimed {
    const now = this.#clock.now()
    const other = this.#claims.get(key)
    if (other !== undefined && other.claimant !== claimant && now < other.expiresAt) {
      return { kind: 'running', ended: other.ended }
    }
    this.settle(key)
    const keys = this.#keys.get(claimant) ?? new Set()
    if (keys.size >= CACHE_CLAIMS_PER_PEER_MAX) this.#forgetExpired(keys, now)
    if (keys.size >= CACHE_CLAIMS_PER_PEER_MAX) return { kind: 'full' }
    this.#keys.set(claimant, keys.add(key))
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    this.#claims.set(key, { claimant, expiresAt: now + CACHE_CLAIM_MS, ended, end })
    return { kind: 'yours' }
  }

  /** The claimant has nothing to give. */
  end(key: ActionKey, claimant: PeerId): void {
    if (this.#claims.get(key)?.claimant === claimant) this.settle(key)
  }

  /** The key's result is here, whoever it came from. */
  settle(key: ActionKey): void {
    const claim = this.#claims.get(key)
    if (claim === undefined) return
    this.#claims.delete(key)
    const keys = this.#keys.get(claim.claimant)
    keys?.delete(key)
    if (keys?.size === 0) this.#keys.delete(claim.claimant)
    claim.end()
  }

  /** The claimant is gone. */
  drop(claimant: PeerId): void {
    for (const key of this.#keys.get(claimant) ?? []) this.settle(key)
  }

  #forgetExpired(keys: ReadonlySet<ActionKey>, now: number): void {
    for (const key of keys) if (now >= (this.#claims.get(key)?.expiresAt ?? 0)) this.settle(key)
  }
}
