import { HybridgridError } from '../base/errors.ts'

/** A peer's identity: the text form of its public key's digest. */
export type PeerId = string & { readonly __brand: 'peer' }

export type MeshFailure =
  | { readonly code: 'MESH_UNREACHABLE'; readonly peer: PeerId }
  | { readonly code: 'MESH_PROTOCOL_UNKNOWN'; readonly protocol: string }
  | { readonly code: 'MESH_SESSION_LOST'; readonly peer: PeerId }
  | { readonly code: 'MESH_FRAME_TOO_LONG'; readonly maxBytes: number }
  | { readonly code: 'MESH_STOPPED' }

export class MeshError extends HybridgridError<MeshFailure> {}

/** A conversation with one peer: frames in order, both ways, with back-pressure. */
export interface MeshSession {
  readonly peer: PeerId
  /** Aborted once the session is over, for whatever reason: stop working for it. */
  readonly closed: AbortSignal
  /** The next frame, or undefined when the peer has said all. Rejects when a frame exceeds `maxBytes` or the session is lost. */
  read(maxBytes: number, signal?: AbortSignal): Promise<Uint8Array | undefined>
  /** Sends one frame; resolves when more may be sent. */
  write(frame: Uint8Array, signal?: AbortSignal): Promise<void>
  /** Says that nothing more will be written; what was written still arrives. */
  close(): Promise<void>
  /** Ends the session at once on both sides. */
  abort(reason: Error): void
}

export interface MeshListener {
  connected?(peer: PeerId): void
  disconnected?(peer: PeerId): void
}

/** The network as the rest of the program sees it. `src/node` has one over libp2p, `test/sim` a simulated one. */
export interface Mesh {
  readonly self: PeerId
  /** Peers with a live connection. */
  connected(): readonly PeerId[]
  /** Opens a session with a connected peer. Rejects with `MeshError`. */
  open(peer: PeerId, protocol: string, signal?: AbortSignal): Promise<MeshSession>
  /** Serves `protocol`: one call of `handler` per session. A handler that throws aborts its session. */
  handle(protocol: string, handler: (session: MeshSession) => Promise<void>): void
  /** Tells of connections that come and go; returns what ends it. */
  subscribe(listener: MeshListener): () => void
  /** Drops the connection to a peer that is known to be dead or hostile. */
  disconnect(peer: PeerId, reason: Error): void
  /** Round trip in ms as last measured, if it ever was. */
  latencyMs(peer: PeerId): number | undefined
}
