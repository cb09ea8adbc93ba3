import type { Clock } from '../base/clock.ts'
import { messageOf } from '../base/errors.ts'
import { LAUNCHER_COPY_MIN_BYTES } from '../base/limits.ts'
import type { Logger } from '../base/log.ts'
import type { ActionResult } from '../cache/action-result.ts'
import type { CheckableFile } from '../cache/blob-store.ts'
import { type ActionKey, type BlobDigest, blobDigest } from '../cache/digest.ts'
import type { MeshCache } from '../cache/mesh-cache.ts'
import { keepParcel, openParcel, type Parcel, type Shelf } from '../cache/parcel.ts'
import { type Signatures, signedResult } from '../cache/signatures.ts'
import type { PeerId } from '../protocols/mesh.ts'
import { KeptLater } from './kept-later.ts'
import type { QuietTimes } from './quiet-times.ts'

export interface CompileCacheComponents {
  readonly clock: Pick<Clock, 'wallTime'>
  readonly log: Logger
  readonly shelf: Shelf
  readonly mesh: Pick<MeshCache, 'find' | 'look' | 'share' | 'end' | 'soleHome'>
  readonly signatures: Pick<Signatures, 'sign'>
  readonly quiet: Pick<QuietTimes, 'wait'>
  /** Memory for results that are kept later. */
  readonly laterMaxBytes: number
  /** Who says so: this node. */
  readonly producer: string
}

/** What a compile that ended well gave. */
export interface CompileResult {
  /** By the names that the command line gives them. */
  readonly outputs: ReadonlyMap<string, Uint8Array>
  /** Files of this machine that hold large ones of them. */
  readonly stored?: StoredOutputs
  /** Digests of outputs, as far as they were made. */
  readonly digests?: ReadonlyMap<string, BlobDigest>
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  /** CPU time that it took, where that is known. */
  readonly costMs?: number
}

/** Outputs that lie in the cache's own files. Held: whoever delivers them calls `release` when that is over. */
export interface StoredOutputs {
  /** By the names of the outputs. */
  readonly files: ReadonlyMap<string, CheckableFile>
  /** They could not be copied: has them read again, and dropped if they are corrupt. */
  doubt(): void
  /** Lets them be evicted again. Safe to repeat. */
  release(): void
}

export interface Known {
  readonly kind: 'known'
  readonly result: CompileResult
  /** The peer that knew it; undefined when this node did. */
  readonly from: PeerId | undefined
}

export type Sought =
  | Known
  /** Nobody knows it. Whoever asks for it meanwhile, on any node, waits until `end` is called. */
  | { readonly kind: 'unknown'; end(): void }

/** Results of compiles by what they depend on. The same compile asked for twice at once runs once. */
export class CompileCache {
  readonly #components: CompileCacheComponents
  readonly #running = new Map<ActionKey, Promise<void>>()
  readonly #keeping = new Set<Promise<void>>()
  readonly #later: KeptLater

  constructor(components: CompileCacheComponents) {
    this.#components = components
    const { quiet, laterMaxBytes } = components
    this.#later = new KeptLater({ quiet, maxBytes: laterMaxBytes, keep: (...kept) => this.keep(...kept) })
  }

  /**
   * Looks for a result here, then in the mesh, waiting for a compile that is about to give it. `outputs` are the files that
   * the compile may write, the first one surely. If all that knows more is one peer, `spares` may say that it need not be
   * asked: it is to compile what is unknown, and looks for itself. Rejects only with the reason of `signal`.
   */
  async seek(
    key: ActionKey,
    outputs: readonly string[],
    signal: AbortSignal,
    spares: (peer: PeerId) => boolean = () => false,
  ): Promise<Sought> {
    const known = await this.#find(key, outputs)
    if (known !== undefined) return known
    const running = this.#running.get(key)
    if (running === undefined) return this.#seekInMesh(key, outputs, this.#claim(key), signal, spares)
    await untilAborted(running, signal)
    // It failed, or may not be kept: those who waited do not wait for each other too.
    return (await this.#find(key, outputs)) ?? { kind: 'unknown', end: () => undefined }
  }

  /** As `seek`, for what is quick to do: it waits for nobody, and nobody waits for it. `where`: how far to look. */
  async look(
    key: ActionKey,
    outputs: readonly string[],
    where: 'here' | 'mesh',
    signal: AbortSignal,
  ): Promise<Known | undefined> {
    const known = await this.#find(key, outputs)
    if (known !== undefined || where === 'here') return known
    const found = await this.#components.mesh.look(key, (result) => isAnswer(result, outputs), signal)
    if (found === undefined) return undefined
    void this.#keepFound(key, found.parcel, found.from)
    return { kind: 'known', result: resultOf(found.parcel), from: found.from }
  }

  /**
   * Puts the large outputs of a result that is about to be kept on disk: launchers copy them from there instead of getting
   * them sent. Where the disk does not take them the result stays as it is.
   */
  async storeLarge(result: CompileResult): Promise<CompileResult> {
    const { blobs } = this.#components.shelf
    const large = [...result.outputs].filter(([, bytes]) => bytes.length >= LAUNCHER_COPY_MIN_BYTES)
    if (large.length === 0) return result
    const digests = new Map(large.map(([path, bytes]) => [path, blobDigest(bytes)]))
    const release = blobs.hold(digests.values())
    await Promise.all(large.map(([path, bytes]) => blobs.write(digestOf({ digests }, path, bytes), bytes, 'recent')))
    return { ...result, digests, stored: this.#stored(digests, release) }
  }

  /** Keeps a result, here and at its homes, if not all of it came `from` one of them. Resolves when it can be found. */
  keep(key: ActionKey, result: CompileResult, costMs: number, from?: PeerId): Promise<void> {
    return this.#untilKept(async () => {
      if (await this.#keep(key, result, costMs)) this.#components.mesh.share(key, from)
    })
  }

  /** The same, but tells nobody of it. */
  keepHere(key: ActionKey, result: CompileResult, costMs: number): Promise<void> {
    return this.#untilKept(async () => {
      await this.#keep(key, result, costMs)
    })
  }

  /** The same when this node has nothing else to do; until then it alone finds it. At once when too much waits. */
  async keepLater(key: ActionKey, result: CompileResult, costMs: number): Promise<void> {
    if (!this.#later.add(key, result, costMs)) await this.keep(key, result, costMs)
  }

  /** Resolves when nothing is being kept any more. */
  async stop(): Promise<void> {
    await this.#later.stop()
    await Promise.allSettled(this.#keeping)
  }

  /** Has the others of this node wait until what it returns is called. */
  #claim(key: ActionKey): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#running.set(key, promise)
    return () => {
      this.#running.delete(key)
      resolve()
    }
  }

  async #seekInMesh(
    key: ActionKey,
    outputs: readonly string[],
    release: () => void,
    signal: AbortSignal,
    spares: (peer: PeerId) => boolean,
  ): Promise<Sought> {
    const { mesh } = this.#components
    const sole = mesh.soleHome(key)
    const spared = sole !== undefined && spares(sole) ? sole : undefined
    const end = () => {
      release()
      mesh.end(key)
    }
    try {
      const found = await mesh.find(key, (result) => isAnswer(result, outputs), signal, spared)
      if (found.kind === 'known') {
        const { parcel, from } = found
        void this.#keepFound(key, parcel, from).then(end)
        return { kind: 'known', result: resultOf(parcel), from }
      }
      const here = found.kind === 'here' ? await this.#find(key, outputs) : undefined
      if (here === undefined) return { kind: 'unknown', end }
      end()
      return here
    } catch (error) {
      end()
      throw error
    }
  }

  async #find(key: ActionKey, outputs: readonly string[]): Promise<Known | undefined> {
    const later = this.#later.find(key)
    if (later !== undefined) return knownHere(later)
    const { shelf } = this.#components
    const found = shelf.results.find(key)
    // What others had kept here was not held against a command line yet.
    if (found === undefined || !isAnswer(found, outputs)) return undefined
    const large = found.outputs.filter(({ bytes }) => bytes >= LAUNCHER_COPY_MIN_BYTES)
    const release = shelf.blobs.hold(large.map(({ digest }) => digest))
    const parcel = await openParcel(shelf, found)
    if (parcel === undefined || large.length === 0) {
      release()
      return parcel && knownHere(resultOf(parcel))
    }
    const digests = new Map(large.map(({ path, digest }) => [path, digest]))
    return knownHere({ ...resultOf(parcel), stored: this.#stored(digests, release) })
  }

  /** The files of blobs that are held, for launchers to copy. */
  #stored(digests: ReadonlyMap<string, BlobDigest>, release: () => void): StoredOutputs {
    const { blobs } = this.#components.shelf
    const files = new Map<string, CheckableFile>()
    for (const [path, digest] of digests) {
      const file = blobs.checkable(digest)
      if (file !== undefined) files.set(path, file)
    }
    const doubt = () => {
      for (const digest of digests.values()) blobs.recheck(digest)
    }
    return { files, doubt, release }
  }

  /** Resolves to whether it can be found now. */
  async #keep(key: ActionKey, made: CompileResult, costMs: number): Promise<boolean> {
    const { outputs, stdout, stderr } = made
    const { clock, shelf, signatures, producer } = this.#components
    const contents = [...outputs.values()]
    const result = await signedResult(signatures, key, {
      outputs: [...outputs].map(([path, bytes]) => ({
        path,
        digest: digestOf(made, path, bytes),
        bytes: bytes.length,
      })),
      stdout,
      stderr,
      producer,
      costMs,
      createdAt: clock.wallTime(),
    })
    return keepParcel(shelf, key, { result, contents })
  }

  /** What a peer gave is asked of this node the next time, and offered to the other home of the key. */
  #keepFound(key: ActionKey, parcel: Parcel, from: PeerId): Promise<void> {
    const { shelf, mesh } = this.#components
    return this.#untilKept(async () => {
      if (await keepParcel(shelf, key, parcel)) mesh.share(key, from)
    })
  }

  #untilKept(keep: () => Promise<void>): Promise<void> {
    const keeping = keep()
      .catch((error: unknown) => this.#components.log.warn('a result was not kept', { why: messageOf(error) }))
      .finally(() => this.#keeping.delete(keeping))
    this.#keeping.add(keeping)
    return keeping
  }
}

/** Results name the files that are to be written: no others than the compile writes, and the one it surely does. */
function isAnswer(result: ActionResult, outputs: readonly string[]): boolean {
  const paths = result.outputs.map(({ path }) => path)
  const [main] = outputs
  return main !== undefined && paths.includes(main) && paths.every((path) => outputs.includes(path))
}

function resultOf({ result, contents }: Parcel): CompileResult {
  const { outputs, stdout, stderr, costMs } = result
  return { outputs: new Map(outputs.map(({ path }, at) => [path, contents[at] ?? EMPTY])), stdout, stderr, costMs }
}

function digestOf({ digests }: Pick<CompileResult, 'digests'>, path: string, bytes: Uint8Array): BlobDigest {
  return digests?.get(path) ?? blobDigest(bytes)
}

function knownHere(result: CompileResult): Known {
  return { kind: 'known', result, from: undefined }
}

const EMPTY = new Uint8Array()

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
