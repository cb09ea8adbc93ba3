import { RESULT_RECENT_MAX_BYTES, RESULTS_RECENT_MAX } from '../base/limits.ts'
import { AgingMap } from '../compiler/includes/aging-map.ts'
import type { ActionResult, ActionResults } from './action-result.ts'
import type { BlobStore } from './blob-store.ts'
import type { CacheFile } from './cache-file.ts'
import type { CacheFiles } from './cache-files.ts'
import type { ActionKey } from './digest.ts'
import { supersedes } from './entry.ts'
import { resultFile, resultIn } from './result-file.ts'

export interface DiskResultsComponents {
  readonly files: CacheFiles
  readonly blobs: BlobStore
}

/** The action results of one cache. */
export class DiskResults implements ActionResults {
  readonly #files: CacheFiles
  readonly #blobs: BlobStore
  readonly #recent = new AgingMap<ActionKey, ActionResult>(RESULTS_RECENT_MAX / 2)
  readonly counts = { hits: 0, misses: 0 }

  constructor({ files, blobs }: DiskResultsComponents) {
    this.#files = files
    this.#blobs = blobs
  }

  find(key: ActionKey): ActionResult | undefined {
    const result = this.#find(key)
    if (result === undefined) this.counts.misses += 1
    else this.counts.hits += 1
    return result
  }

  async store(key: ActionKey, result: ActionResult): Promise<boolean> {
    const known = this.#find(key)
    if (known !== undefined && !supersedes(key, result, known)) return true // Any result of an action is as good as any other.
    const bytes = resultFile(key, result)
    if (bytes === undefined || !this.#isWhole(result)) return false
    if (known !== undefined) this.#discard(key)
    const stored = await this.#files.write('results', key, bytes)
    if (stored) this.#remember(key, result, bytes.length)
    return stored
  }

  /** Reads a result again from disk. */
  async verify(file: CacheFile): Promise<boolean> {
    const bytes = await this.#files.read(file)
    if (bytes !== undefined && resultIn(keyOf(file), bytes) !== undefined) return true
    this.#drop(file)
    return false
  }

  #find(key: ActionKey): ActionResult | undefined {
    const file = this.#files.get('results', key)
    if (file === undefined) return undefined
    const result = this.#recent.get(key) ?? this.#read(key, file)
    if (result === undefined) {
      this.#drop(file)
      return undefined
    }
    if (!this.#isWhole(result)) {
      this.#files.takeOut(file)
      return undefined
    }
    this.#files.use(file)
    return result
  }

  #read(key: ActionKey, file: CacheFile): ActionResult | undefined {
    const bytes = this.#files.readNow(file)
    const result = bytes && resultIn(key, bytes)
    if (result !== undefined) this.#remember(key, result, file.bytes)
    return result
  }

  /** Evicted blobs leave results behind that nobody can use. */
  #isWhole({ outputs }: ActionResult): boolean {
    return outputs.every(({ digest }) => this.#blobs.has(digest))
  }

  #remember(key: ActionKey, result: ActionResult, bytes: number): void {
    if (bytes <= RESULT_RECENT_MAX_BYTES) this.#recent.set(key, result)
  }

  #discard(key: ActionKey): void {
    this.#recent.delete(key)
    const file = this.#files.get('results', key)
    if (file !== undefined) this.#files.discard(file)
  }

  #drop(file: CacheFile): void {
    this.#recent.delete(keyOf(file))
    this.#files.drop(file)
  }
}

/** Files on the shelf of results are named by action keys. */
function keyOf({ name }: CacheFile): ActionKey {
  return name as ActionKey
}
