import type { ActionKey, BlobDigest } from './digest.ts'

/** One file that an action wrote. */
export interface ActionOutput {
  /** As the command line names it, or as the compiler derives it from there. */
  readonly path: string
  readonly digest: BlobDigest
  readonly bytes: number
}

/** What an action gave. Only those that ended with exit code 0 are kept. */
export interface ActionResult {
  readonly outputs: readonly ActionOutput[]
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  /** The node that says so. */
  readonly producer: string
  /** What the compile took there: what a hit saves. */
  readonly costMs: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** By the producer's key, for results that come from others. */
  readonly signature?: Uint8Array
}

/** Results of actions by their keys. Somebody's word, unlike blobs. */
export interface ActionResults {
  /** Undefined when it is not known, or a blob of it is gone: then it is dropped. At once; from memory when asked before. */
  find(key: ActionKey): ActionResult | undefined
  /** Stores a result whose blobs are written, unless there is one already that it does not supersede (entry.ts). Resolves to whether it can be found now. Never rejects. */
  store(key: ActionKey, result: ActionResult): Promise<boolean>
}
