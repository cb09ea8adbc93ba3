import type { Clock } from '../base/clock.ts'
import { DeadlineError } from '../base/deadline.ts'
import { CACHE_HOME_REST_MS, CACHE_LIAR_REST_MS, CACHE_WAIT_MS, PEERS_MAX } from '../base/limits.ts'
import { CacheCodecError } from '../protocols/cache-codec.ts'
import { CompressionError } from '../protocols/compression.ts'
import { MeshError, type PeerId } from '../protocols/mesh.ts'
import { TransferError } from '../protocols/transfer.ts'
import { HomeError } from './home-calls.ts'
import { ParcelError } from './parcel.ts'

/** Homes that are not asked for a while, because they did not answer as they should: what one lookup lost, the next ones do not. */
export class RestingHomes {
  readonly #clock: Pick<Clock, 'now'>
  /** Until when. */
  readonly #homes = new Map<PeerId, number>()

  constructor({ clock }: { readonly clock: Pick<Clock, 'now'> }) {
    this.#clock = clock
  }

  rests(home: PeerId): boolean {
    return this.#clock.now() < (this.#homes.get(home) ?? Number.NEGATIVE_INFINITY)
  }

  /** A call to it failed. */
  failed(home: PeerId, error: unknown): void {
    if (this.#homes.size >= PEERS_MAX) this.#homes.clear() // Peers that are long gone, most of them.
    this.#homes.set(home, this.#clock.now() + restMs(error))
  }
}

/** How long to let a home be after such a failure. */
function restMs(error: unknown): number {
  if (error instanceof DeadlineError) {
    return error.reason.afterMs < CACHE_WAIT_MS ? CACHE_HOME_REST_MS : CACHE_LIAR_REST_MS
  }
  // It speaks another protocol: an older node will not learn it soon.
  if (error instanceof MeshError && error.reason.code === 'MESH_PROTOCOL_UNKNOWN') return CACHE_LIAR_REST_MS
  return LIES.some((kind) => error instanceof kind) ? CACHE_LIAR_REST_MS : CACHE_HOME_REST_MS
}

const LIES = [HomeError, ParcelError, CacheCodecError, CompressionError, TransferError] as const
