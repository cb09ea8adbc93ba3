import type { Clock } from '../base/clock.ts'
import { messageOf } from '../base/errors.ts'
import type { Logger } from '../base/log.ts'
import type { ActionResults } from '../cache/action-result.ts'
import type { BlobStore } from '../cache/blob-store.ts'
import { type ActionKey, blobDigest } from '../cache/digest.ts'

export interface CompileCacheComponents {
  readonly clock: Pick<Clock, 'wallTime'>
  readonly log: Logger
  readonly results: ActionResults
  readonly blobs: Pick<BlobStore, 'read' | 'write' | 'hold'>
  /** Who says so: this node. */
  readonly producer: string
}

/** What a compile that ended well gave. */
export interface CompileResult {
  /** By the names that the command line gives them. */
  readonly outputs: ReadonlyMap<string, Uint8Array>
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
}

export type Sought =
  | { readonly kind: 'known'; readonly result: CompileResult }
  /** Nobody knows it. Whoever asks for it meanwhile waits until `end` is called. */
  | { readonly kind: 'unknown'; end(): void }

/** Results of compiles by what they depend on. The same compile asked for twice at once runs once. */
export class CompileCache {
  readonly #components: CompileCacheComponents
  readonly #running = new Map<ActionKey, Promise<void>>()
  readonly #keeping = new Set<Promise<void>>()

  constructor(components: CompileCacheComponents) {
    this.#components = components
  }

  /** Looks for a result, waiting for a compile that is about to give it. Rejects only with the reason of `signal`. */
  async seek(key: ActionKey, signal: AbortSignal): Promise<Sought> {
    const known = await this.#find(key)
    if (known !== undefined) return { kind: 'known', result: known }
    const running = this.#running.get(key)
    if (running === undefined) return this.#claim(key)
    await untilAborted(running, signal)
    const result = await this.#find(key)
    // It failed, or may not be kept: those who waited do not wait for each other too.
    return result === undefined ? { kind: 'unknown', end: () => undefined } : { kind: 'known', result }
  }

  /** Keeps a result. Resolves when it can be found. */
  keep(key: ActionKey, { outputs, stdout, stderr }: CompileResult, costMs: number): Promise<void> {
    const keeping = this.#keep(key, { outputs, stdout, stderr }, costMs)
      .catch((error: unknown) => this.#components.log.warn('a result was not kept', { why: messageOf(error) }))
      .finally(() => this.#keeping.delete(keeping))
    this.#keeping.add(keeping)
    return keeping
  }

  /** Resolves when nothing is being kept any more. */
  async stop(): Promise<void> {
    await Promise.allSettled(this.#keeping)
  }

  #claim(key: ActionKey): Sought {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#running.set(key, promise)
    const end = () => {
      this.#running.delete(key)
      resolve()
    }
    return { kind: 'unknown', end }
  }

  async #find(key: ActionKey): Promise<CompileResult | undefined> {
    const { results, blobs } = this.#components
    const found = results.find(key)
    if (found === undefined) return undefined
    const release = blobs.hold(found.outputs.map(({ digest }) => digest))
    try {
      const contents = await Promise.all(found.outputs.map(({ digest }) => blobs.read(digest)))
      const outputs = new Map<string, Uint8Array>()
      for (const [index, { path }] of found.outputs.entries()) {
        const bytes = contents[index]
        if (bytes === undefined) return undefined
        outputs.set(path, bytes)
      }
      return { outputs, stdout: found.stdout, stderr: found.stderr }
    } finally {
      release()
    }
  }

  async #keep(key: ActionKey, { outputs, stdout, stderr }: CompileResult, costMs: number): Promise<void> {
    const { clock, results, blobs, producer } = this.#components
    const named = [...outputs].map(([path, bytes]) => ({
      path,
      bytes: bytes.length,
      digest: blobDigest(bytes),
      content: bytes,
    }))
    const release = blobs.hold(named.map(({ digest }) => digest))
    try {
      const written = await Promise.all(named.map(({ digest, content }) => blobs.write(digest, content, 'recent')))
      if (written.includes(false)) return // The disk is full.
      await results.store(key, {
        outputs: named.map(({ path, digest, bytes }) => ({ path, digest, bytes })),
        stdout,
        stderr,
        producer,
        costMs,
        createdAt: clock.wallTime(),
      })
    } finally {
      release()
    }
  }
}

async function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
