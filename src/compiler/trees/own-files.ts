import type { Clock } from '../../base/clock.ts'
import { TOOLCHAIN_FRESH_MS } from '../../base/limits.ts'
import { FileView } from '../includes/file-view.ts'
import type { SyncFiles } from '../includes/sync-files.ts'
import type { CompilerRunner } from '../runner.ts'
import type { InputTree, TreeFile } from './input-tree.ts'

export interface OwnFilesComponents {
  readonly files: SyncFiles
  readonly clock: Clock
  readonly runner: Pick<CompilerRunner, 'shows' | 'cede' | 'hasCeded'>
}

/** The part of a tree that has to be put in place. */
export type PlacedPart = Pick<InputTree, 'files' | 'links' | 'folders'>

/** Compares trees with what this machine shows of itself. Looks at each file once per TOOLCHAIN_FRESH_MS. */
export class OwnFiles {
  readonly #components: OwnFilesComponents
  readonly #view: FileView

  constructor(components: OwnFilesComponents) {
    this.#components = components
    this.#view = new FileView(components)
  }

  /** What of `tree` is not here already; undefined when what is shown to `compiler` differs from it, and must be shown. */
  partToPlace(tree: InputTree, compiler: string): PlacedPart | undefined {
    const { runner } = this.#components
    const shows = (path: string) => runner.shows(path, compiler)
    const differing = this.#differing(tree, shows)
    if (differing.length > 0 && !runner.cede(differing)) return undefined
    if (tree.absent.some((path) => runner.hasCeded(path))) return undefined
    const { files, links, folders } = tree
    return {
      files: files.filter(({ path }) => !shows(path)),
      links: links.filter(({ path }) => !shows(path)),
      folders: folders.filter((path) => !shows(path)),
    }
  }

  /** Where something else is shown than the tree has. */
  #differing({ files, links, folders, absent }: InputTree, shows: (path: string) => boolean): readonly string[] {
    const { clock, runner } = this.#components
    const epoch = Math.floor(clock.now() / TOOLCHAIN_FRESH_MS)
    const at = (path: string) => this.#view.lookup(path, epoch)
    return [
      ...files.filter((file) => shows(file.path) && !this.#isSame(file, epoch)).map(({ path }) => path),
      ...links
        .filter(({ path, target }) => shows(path) && this.#linkAt(path, epoch) !== target)
        .map(({ path }) => path),
      ...folders.filter((path) => shows(path) && at(path).state !== 'folder' && !runner.hasCeded(path)),
      ...absent.filter((path) => shows(path) && at(path).state !== 'absent'),
    ]
  }

  /** The bytes of this machine's own file at the path of a client's, if they are the same. */
  bytes(file: TreeFile): Uint8Array | undefined {
    const epoch = Math.floor(this.#components.clock.now() / TOOLCHAIN_FRESH_MS)
    return this.#isSame(file, epoch) ? this.#view.bytes(this.#view.entry(file.path)) : undefined
  }

  #isSame({ path, bytes, digest }: TreeFile, epoch: number): boolean {
    const entry = this.#view.lookup(path, epoch)
    return entry.state === 'file' && entry.stat?.size === bytes && this.#view.content(entry)?.digest === digest
  }

  #linkAt(path: string, epoch: number): string | undefined {
    const { stat } = this.#view.lookup(path, epoch)
    if (stat !== undefined) return stat.link
    const { state } = this.#view.refreshFolder(this.#view.folder(path), epoch)
    return typeof state === 'string' ? undefined : state.link
  }
}
