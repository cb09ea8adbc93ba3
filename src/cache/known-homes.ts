import type { Clock } from '../base/clock.ts'
import { DeadlineError } from '../base/deadline.ts'
import {
  CACHE_FIND_AHEAD_MS,
  CACHE_FIND_MS,
  CACHE_FIND_UNPROVEN_MS,
  CACHE_HOME_REST_MS,
  CACHE_LIAR_REST_MS,
  CACHE_WAIT_MS,
  PEERS_MAX,
} from '../base/limits.ts'
import { CacheCodecError } from '../protocols/cache-codec.ts'
import { CompressionError } from '../protocols/compression.ts'
import { MeshError, type PeerId } from '../protocols/mesh.ts'
import { TransferError } from '../protocols/transfer.ts'
import { HomeError } from './home-calls.ts'
import { ParcelError } from './parcel.ts'

interface Known {
  /** Lookups that are under way there. */
  asked: number
  /** Whether it answered in CACHE_FIND_MS the last time. */
  proven: boolean
  /** Not asked until then. */
  restsUntil: number
  /** Nor offered anything. */
  distrustedUntil: number
}

/** One lookup at a home. */
export interface Lookup {
  /** How long to wait for its first word. */
  readonly budgetMs: number
  /** It said its first word. */
  heard(): void
  failed(error: unknown): void
  /** It is over, whatever came of it. */
  end(): void
}

/** What this node knows of homes by how they answered: what one lookup lost at one, the next ones do not. */
export class KnownHomes {
  readonly #clock: Pick<Clock, 'now'>
  readonly #homes = new Map<PeerId, Known>()

  constructor({ clock }: { readonly clock: Pick<Clock, 'now'> }) {
    this.#clock = clock
  }

  /** Begins a lookup there. */
  ask(home: PeerId): Lookup {
    const known = this.#home(home)
    const { asked, proven } = known
    const askedAt = this.#clock.now()
    const budgetMs = proven ? CACHE_FIND_MS + asked * CACHE_FIND_AHEAD_MS : CACHE_FIND_UNPROVEN_MS
    known.asked += 1
    return {
      budgetMs: Math.min(budgetMs, CACHE_FIND_UNPROVEN_MS),
      heard: () => {
        known.proven = this.#clock.now() - askedAt <= CACHE_FIND_MS
      },
      failed: (error) => {
        known.proven = false
        // Not as quick as it used to be: it may be busy for a moment. All who asked meanwhile come to know that at once.
        if (!proven || !isLateWord(error)) this.failed(home, error)
      },
      end: () => {
        known.asked -= 1
      },
    }
  }

  rests(home: PeerId): boolean {
    return this.#clock.now() < (this.#homes.get(home)?.restsUntil ?? Number.NEGATIVE_INFINITY)
  }

  distrusted(home: PeerId): boolean {
    return this.#clock.now() < (this.#homes.get(home)?.distrustedUntil ?? Number.NEGATIVE_INFINITY)
  }

  /** A call to it failed. */
  failed(home: PeerId, error: unknown): void {
    const known = this.#home(home)
    const now = this.#clock.now()
    known.proven = false
    if (isHopeless(error)) {
      known.distrustedUntil = now + CACHE_LIAR_REST_MS
      known.restsUntil = known.distrustedUntil
    } else known.restsUntil = Math.max(known.restsUntil, now + CACHE_HOME_REST_MS)
  }

  #home(home: PeerId): Known {
    const known = this.#homes.get(home)
    if (known !== undefined) return known
    if (this.#homes.size >= PEERS_MAX) this.#homes.clear() // Peers that are long gone, most of them.
    const never = Number.NEGATIVE_INFINITY
    const fresh = { asked: 0, proven: false, restsUntil: never, distrustedUntil: never }
    this.#homes.set(home, fresh)
    return fresh
  }
}

/** Whether a home did not say its first word in time. */
function isLateWord(error: unknown): boolean {
  return error instanceof DeadlineError && error.reason.afterMs <= CACHE_FIND_UNPROVEN_MS
}

/** Whether a home lied, had us wait for nothing, or speaks another protocol: an older node will not learn it soon. */
function isHopeless(error: unknown): boolean {
  if (error instanceof DeadlineError) return error.reason.afterMs >= CACHE_WAIT_MS
  if (error instanceof MeshError) return error.reason.code === 'MESH_PROTOCOL_UNKNOWN'
  return LIES.some((kind) => error instanceof kind)
}

const LIES = [HomeError, ParcelError, CacheCodecError, CompressionError, TransferError] as const
