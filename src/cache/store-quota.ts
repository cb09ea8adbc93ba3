import type { Clock } from '../base/clock.ts'
import {
  CACHE_PARCEL_MAX_BYTES,
  CACHE_STORES_HELD_BYTES,
  CACHE_STORES_PER_PEER_BYTES,
  CACHE_STORES_WINDOW_MS,
} from '../base/limits.ts'
import type { PeerId } from '../protocols/mesh.ts'

interface Account {
  /** Taken since `since`, in this window of time. */
  takenBytes: number
  heldBytes: number
  since: number
}

/** What each peer may have kept here: a share of the memory while it arrives, a share of the disk in any minute. */
export class StoreQuota {
  readonly #clock: Pick<Clock, 'now'>
  readonly #accounts = new Map<PeerId, Account>()
  #heldBytes = 0

  constructor({ clock }: { readonly clock: Pick<Clock, 'now'> }) {
    this.#clock = clock
  }

  /** Undefined when that would be too much; else what is called once it is kept, or did not come. */
  take(peer: PeerId, bytes: number): (() => void) | undefined {
    const account = this.#account(peer)
    if (this.#heldBytes + bytes > CACHE_STORES_HELD_BYTES) return undefined
    if (account.heldBytes + bytes > CACHE_PARCEL_MAX_BYTES) return undefined
    if (account.takenBytes + bytes > CACHE_STORES_PER_PEER_BYTES) return undefined
    account.takenBytes += bytes
    this.#hold(account, bytes)
    return () => this.#hold(account, -bytes)
  }

  /** The peer is gone. What it still holds is given back by whoever took it. */
  drop(peer: PeerId): void {
    this.#accounts.delete(peer)
  }

  #account(peer: PeerId): Account {
    const now = this.#clock.now()
    const account = this.#accounts.get(peer) ?? { takenBytes: 0, heldBytes: 0, since: now }
    this.#accounts.set(peer, account)
    if (now - account.since >= CACHE_STORES_WINDOW_MS) Object.assign(account, { takenBytes: 0, since: now })
    return account
  }

  #hold(account: Account, bytes: number): void {
    account.heldBytes += bytes
    this.#heldBytes += bytes
  }
}
