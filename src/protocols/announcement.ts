import type { ToolchainId } from '../compiler/toolchain.ts'
import type { PeerId } from './mesh.ts'

/** Spec: docs/protocols/announce.md. One long-lived session per direction; a frame each second and on change. */
export const ANNOUNCE_PROTOCOL = '/hybridgrid/announce/1.0.0'

export interface AnnouncedToolchain {
  readonly id: ToolchainId
  /** `gcc 12.2.0`, for people. */
  readonly version: string
  readonly target: string
}

/** What every node tells every other. */
export interface Announcement {
  readonly name: string
  readonly arch: string
  readonly os: string
  /** Compiles it will run at once for peers and itself. */
  readonly slots: number
  /** Compiles it runs for peers and itself. */
  readonly running: number
  /** Jobs that wait for one of its slots. */
  readonly queued: number
  /** Runnable processes that are not compiles of ours, as cores. */
  readonly loadByOthers: number
  readonly freeMemoryBytes: number
  readonly toolchains: readonly AnnouncedToolchain[]
  readonly sandboxed: boolean
  /** Whether it compiles in input trees, or preprocessed text only. */
  readonly takesTrees: boolean
  readonly coordinatorRole: boolean
  /** Whom this node takes for the coordinator; empty before it has chosen. Each is a vote, see src/scheduler/election.ts. */
  readonly coordinator: PeerId | ''
  /** When the node started, ms since 1970 by its own clock; it never changes while the node runs, so all agree on who is longest up. */
  readonly startedAt: number
  /** How long the node has been up, in ms; for people. */
  readonly upMs: number
  readonly cacheBytes: number
  /** Port of the node's HTTP service, 0 if none. */
  readonly httpPort: number
}
