import type { Clock } from '../base/clock.ts'
import { type Sha256Hex, sha256 } from '../base/digest.ts'
import { CONTENTS_WAIT_MS, INPUT_MAX_BYTES, TRANSFER_CHUNK_BYTES, TREE_ROUNDS_MAX } from '../base/limits.ts'
import type { CompilerRunner, RunRequest, RunTree } from '../compiler/runner.ts'
import type { TreeFile } from '../compiler/trees/input-tree.ts'
import type { OwnFiles, PlacedPart } from '../compiler/trees/own-files.ts'
import { CompileCodecError, decodeContentsHeader, encodeCompileReply } from '../protocols/compile-codec.ts'
import { decompress } from '../protocols/compression.ts'
import type { MeshSession } from '../protocols/mesh.ts'
import { receiveBytes } from '../protocols/transfer.ts'
import type { HeardTree } from '../protocols/tree-dictionary.ts'
import type { ByteBudget } from './byte-budget.ts'
import { refused } from './worker-refusal.ts'

/** The worker's store of contents. */
export interface Contents {
  has(digest: Sha256Hex): boolean
  /** Resolves false when there is no room. The bytes have this digest. */
  write(digest: Sha256Hex, bytes: Uint8Array): Promise<boolean>
  /** Where the bytes are, relative to the runner's content folder; undefined when they are not. */
  file(digest: Sha256Hex): string | undefined
  /** Keeps these from being evicted until released. */
  hold(digests: Iterable<Sha256Hex>): () => void
}

export interface TreeIntakeComponents {
  readonly clock: Clock
  readonly contents: Contents
  readonly own: Pick<OwnFiles, 'partToPlace' | 'bytes'>
  readonly runner: Pick<CompilerRunner, 'view'>
  /** Memory for contents on their way. */
  readonly memory: ByteBudget
}

/** A tree whose contents are all here. */
export interface TakenTree {
  readonly tree: RunTree
  /** What of it came with the request, and is not in the store yet. */
  readonly files: RunRequest['files']
  /** Lets its contents be evicted again. */
  release(): void
}

/** Gets the contents of trees: each at most once, however many clients and compiles name it. */
export class TreeIntake {
  readonly #components: TreeIntakeComponents
  /** Contents on their way from some client; settles when they are here or will not come. */
  readonly #arriving = new Map<Sha256Hex, Promise<unknown>>()

  constructor(components: TreeIntakeComponents) {
    this.#components = components
  }

  /** `compiler` is the path that will be run. Rejects with `RefusedError` when the tree cannot be had here, or the client does not send what it should. */
  async take(session: MeshSession, heard: HeardTree, compiler: string, signal: AbortSignal): Promise<TakenTree> {
    const { contents, own, runner } = this.#components
    const part = own.partToPlace(heard, compiler)
    if (part === undefined) throw refused('tree-refused')
    const { view } = runner
    const source = this.#sentSource(heard, part)
    const stored = source === undefined ? part : { ...part, files: part.files.filter((file) => file !== source.file) }
    const release = contents.hold(part.files.map(({ digest }) => digest))
    try {
      await this.#gather(session, heard, stored, signal)
      if (source !== undefined) this.#keepLater(source)
      return { tree: { ...this.#runTree(stored), view }, files: source === undefined ? [] : [placed(source)], release }
    } catch (error) {
      release()
      throw error
    }
  }

  /** The source, if it came with the request: it need not be asked for, nor get to the compiler by way of the disk. */
  #sentSource({ files: [file], source }: HeardTree, part: PlacedPart): SentSource | undefined {
    if (file === undefined || source === undefined || this.#components.contents.has(file.digest)) return undefined
    if (sha256(source) !== file.digest) throw refused('malformed')
    return part.files.includes(file) ? { file, bytes: source } : undefined
  }

  /** For compiles of the same with other options; while the first one runs. */
  #keepLater({ file, bytes }: SentSource): void {
    const { clock, contents } = this.#components
    void clock.sleep(0).then(() => contents.write(file.digest, bytes))
  }

  async #gather(session: MeshSession, heard: HeardTree, part: PlacedPart, signal: AbortSignal): Promise<void> {
    for (let round = 0; ; round += 1) {
      const lacking = this.#lacking(part.files)
      if (lacking.length === 0) return
      if (round === TREE_ROUNDS_MAX) throw refused('tree-refused') // No room for them.
      // What another client is sending is waited for once: that one may never end.
      const arriving = round === 0 ? lacking.flatMap(({ digest }) => this.#arriving.get(digest) ?? []) : []
      const mine = round === 0 ? lacking.filter(({ digest }) => !this.#arriving.has(digest)) : lacking
      if (mine.length > 0) await this.#announce(mine, this.#fetch(session, heard, mine, signal))
      if (arriving.length > 0) await this.#waitFor(arriving, signal)
    }
  }

  async #waitFor(arriving: readonly Promise<unknown>[], signal: AbortSignal): Promise<void> {
    const over = new AbortController()
    const timer = this.#components.clock.sleep(CONTENTS_WAIT_MS, AbortSignal.any([signal, over.signal]))
    await Promise.race([Promise.allSettled(arriving), timer.catch(() => undefined)])
    over.abort()
    signal.throwIfAborted()
  }

  /** One file of each content. */
  #lacking(files: readonly TreeFile[]): readonly TreeFile[] {
    const lacking = new Map<Sha256Hex, TreeFile>()
    for (const file of files) if (!this.#components.contents.has(file.digest)) lacking.set(file.digest, file)
    return [...lacking.values()]
  }

  /** Lets others wait for what is being fetched. */
  async #announce(files: readonly TreeFile[], fetching: Promise<void>): Promise<void> {
    for (const { digest } of files) this.#arriving.set(digest, fetching)
    try {
      await fetching
    } finally {
      for (const { digest } of files) this.#arriving.delete(digest)
    }
  }

  /** From this machine's own disk where the same file is there (its `/usr/include`, say), else from the client. */
  async #fetch(session: MeshSession, heard: HeardTree, files: readonly TreeFile[], signal: AbortSignal): Promise<void> {
    const { contents, own } = this.#components
    const wanted: TreeFile[] = []
    for (const file of files) {
      const bytes = isSystemHeader(file.path) ? own.bytes(file) : undefined
      if (bytes === undefined || !(await contents.write(file.digest, bytes))) wanted.push(file)
    }
    if (wanted.length === 0) return
    const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0)
    if (total > INPUT_MAX_BYTES) throw refused('too-large')
    const giveBack = this.#components.memory.take(total)
    if (giveBack === undefined) throw refused('busy')
    try {
      const numberOf = new Map(heard.files.map((file, index) => [file, heard.numbers[index] ?? 0]))
      const numbers = wanted.map((file) => numberOf.get(file) ?? 0)
      await session.write(encodeCompileReply({ status: 'lacking', files: numbers }), signal)
      await this.#receive(session, wanted, total, signal)
    } finally {
      giveBack()
    }
  }

  async #receive(session: MeshSession, wanted: readonly TreeFile[], total: number, signal: AbortSignal): Promise<void> {
    const frame = await session.read(TRANSFER_CHUNK_BYTES, signal)
    if (frame === undefined) throw refused('malformed')
    const { bytes, sentBytes } = decodeContentsHeader(frame, total)
    // Not a refusal: what follows cannot be told from the next request.
    if (bytes !== total) throw new CompileCodecError({ code: 'COMPILE_FIELD_BAD', field: 'bytes' }, 'other contents')
    const all = await decompress(await receiveBytes(session, sentBytes, signal), bytes)
    if (all.length !== bytes) throw refused('malformed')
    let at = 0
    for (const file of wanted) {
      const content = all.subarray(at, at + file.bytes)
      at += file.bytes
      if (sha256(content) !== file.digest) throw refused('malformed')
      await this.#components.contents.write(file.digest, content)
    }
  }

  #runTree({ files, links, folders }: PlacedPart): Omit<RunTree, 'view'> {
    const placed = files.map(({ path, digest, mtimeSeconds }) => {
      const from = this.#components.contents.file(digest)
      if (from === undefined) throw refused('tree-refused')
      return { path, from, mtimeSeconds }
    })
    return { files: placed, links, folders }
  }
}

interface SentSource {
  readonly file: TreeFile
  readonly bytes: Uint8Array
}

function placed({ file: { path, mtimeSeconds }, bytes }: SentSource): RunRequest['files'][number] {
  return { path, bytes, mtimeSeconds }
}

/** Where machines with the same packages have the same files. A stranger's other paths are not looked at. */
const SYSTEM_FOLDERS = ['/usr/include/', '/usr/local/include/'] as const

function isSystemHeader(path: string): boolean {
  return SYSTEM_FOLDERS.some((folder) => path.startsWith(folder))
}
