import type { Sha256Hex } from '../base/digest.ts'

/** Spec: docs/protocols/cache.md. One request at a time per session; sessions are reused. */
export const CACHE_PROTOCOL = '/hybridgrid/cache/1.0.0'

/** First frame of a request. Keys are those of actions; results are encoded as on disk, with their producer's signature. */
export type CacheRequest =
  | {
      readonly ask: 'find'
      readonly key: Sha256Hex
      /** Whether the client compiles it if it is unknown: whoever asks meanwhile then waits for that. */
      readonly claim: boolean
    }
  /** Offers a result; its outputs are sent when they are wanted. */
  | { readonly ask: 'store'; readonly key: Sha256Hex; readonly result: Uint8Array }
  /** What the client was compiling gave nothing to keep. */
  | { readonly ask: 'end'; readonly key: Sha256Hex }

/** To `find`. */
export type FindReply =
  /** The outputs follow in the order of the result, as one zstd frame of `sentBytes`. */
  | { readonly status: 'known'; readonly result: Uint8Array; readonly sentBytes: number }
  | { readonly status: 'unknown'; readonly claimed: boolean }
  /** Somebody is compiling it. Another reply follows when that has ended. */
  | { readonly status: 'running' }

/** To `store` and `end`. */
export type StoreReply =
  /** The client sends the outputs: a header `{sentBytes}` and one zstd frame. Another reply follows. */
  | { readonly status: 'wanted' }
  /** It can be found here now, or could before. */
  | { readonly status: 'kept' }
  /** It is not for this node to keep, or more than it takes. */
  | { readonly status: 'refused' }
  | { readonly status: 'ended' }

export type CacheReply = FindReply | StoreReply
