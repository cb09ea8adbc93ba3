import type { ToolchainId } from '../compiler/toolchain.ts'
import type { PeerId } from '../protocols/mesh.ts'

/** What placement knows of a peer. */
export interface PlacementPeer {
  readonly id: PeerId
  readonly toolchains: ReadonlySet<ToolchainId>
  readonly slots: number
  /** Compiles it runs, by its own word, mine among them. */
  readonly running: number
  readonly queued: number
  readonly loadByOthers: number
  /** Jobs of mine that it holds. */
  readonly inFlight: number
  readonly latencyMs: number | undefined
  /** Milliseconds since it was last heard. */
  readonly silentMs: number
  /** Recent failures, decaying; 0 is a good name. */
  readonly failures: number
}

export interface PlacementJob {
  readonly toolchain: ToolchainId
  /** Peers that already failed this job. */
  readonly tried: ReadonlySet<PeerId>
}

export interface PlacementLocal {
  readonly slots: number
  readonly freeSlots: number
}

export type Placement =
  | { readonly to: 'peer'; readonly peer: PeerId }
  | { readonly to: 'local'; readonly reason: 'no-peers' | 'no-toolchain' | 'peers-busy' | 'peers-lost' }
  | { readonly to: 'wait' }
