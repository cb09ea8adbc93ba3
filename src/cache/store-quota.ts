import type { Clock } from '../base/clock.ts'
import { CACHE_STORES_PER_PEER_BYTES, CACHE_STORES_WINDOW_MS } from '../base/limits.ts'
import type { PeerId } from '../protocols/mesh.ts'

interface Account {
  /** Taken since `since`, in this window of time. */
  takenBytes: number
  since: number
}

/** What each peer may have kept here in any minute, so that none has the disk to itself. */
export class StoreQuota {
  readonly #clock: Pick<Clock, 'now'>
  /** Of connected peers. */
  readonly #accounts = new Map<PeerId, Account>()

  constructor({ clock }: { readonly clock: Pick<Clock, 'now'> }) {
    this.#clock = clock
  }

  /** Counts what a peer wants to have kept. False when that is too much. */
  take(peer: PeerId, bytes: number): boolean {
    const now = this.#clock.now()
    const account = this.#accounts.get(peer) ?? { takenBytes: 0, since: now }
    this.#accounts.set(peer, account)
    if (now - account.since >= CACHE_STORES_WINDOW_MS) Object.assign(account, { takenBytes: 0, since: now })
    if (account.takenBytes + bytes > CACHE_STORES_PER_PEER_BYTES) return false
    account.takenBytes += bytes
    return true
  }

  drop(peer: PeerId): void {
    this.#accounts.delete(peer)
  }
}
