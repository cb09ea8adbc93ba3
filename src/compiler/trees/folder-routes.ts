import type { FileView } from '../includes/file-view.ts'
import type { Folder } from '../includes/folder-cache.ts'
import { absolutePath, folderOf } from '../includes/header-name.ts'
import type { TreeLink } from './input-tree.ts'

/** How a path leads to a folder. Replaced, never changed, when a part of the way does: equal identity, equal way. */
export interface FolderRoute {
  /** The folder's own path: absolute, normal, no links on the way. */
  readonly real: string
  /** `nowhere` is behind a `..` behind what is absent: as long as `real` is absent, nothing can be there. */
  readonly end: 'folder' | 'absent' | 'nowhere'
  /** The way to the folder around it; undefined for `/`. */
  readonly parent: FolderRoute | undefined
  /** Whether the last part of the path is `..`: then the parent has to exist, though nothing in it is needed. */
  readonly climbs: boolean
  /** When the last part of the path is a link: that, and the way that it stands for. */
  readonly link: TreeLink | undefined
  readonly behind: FolderRoute | undefined
  /** What the last part of the path was found to be; undefined where the ways to others tell. */
  readonly folder: Readonly<Folder> | undefined
  /** The tree that it was last passed for, and the one that it was last looked into for. */
  mark: number
  looked: number
}

interface Held {
  route: FolderRoute
  epoch: number
}

/** As many as Linux follows. The kernel refuses loops before we come to them; but links may change under our eyes. */
const LINKS_MAX = 40

const PLAIN = {
  climbs: false,
  parent: undefined,
  link: undefined,
  behind: undefined,
  folder: undefined,
  mark: -1,
  looked: -1,
} as const
const ROOT: FolderRoute = { ...PLAIN, real: '/', end: 'folder' }

export interface FolderRoutesComponents {
  readonly files: Pick<FileView, 'folder' | 'refreshFolder'>
}

/** Finds out where paths lead, part by part, as the kernel does. Each is looked at once per epoch. */
export class FolderRoutes {
  readonly #files: FolderRoutesComponents['files']
  readonly #held = new WeakMap<Readonly<Folder>, Held>()

  constructor({ files }: FolderRoutesComponents) {
    this.#files = files
  }

  /** The way that `path`, absolute as a compiler would open it, leads in `epoch`. */
  route(path: string, epoch: number): FolderRoute {
    return this.routeTo(this.#files.folder(path), epoch)
  }

  /** The same, for a path that was looked up before. */
  routeTo(folder: Readonly<Folder>, epoch: number): FolderRoute {
    return this.#follow(folder, epoch, LINKS_MAX)
  }

  #follow(folder: Readonly<Folder>, epoch: number, linksLeft: number): FolderRoute {
    if (folder.path === '/' || folder.path === '') return ROOT
    const held = this.#held.get(folder)
    if (held !== undefined && held.epoch >= epoch) return held.route
    const route = this.#look(folder, epoch, linksLeft)
    if (held === undefined) {
      this.#held.set(folder, { route, epoch })
      return route
    }
    if (!isSameWay(held.route, route)) held.route = route
    held.epoch = epoch
    return held.route
  }

  #look(folder: Readonly<Folder>, epoch: number, linksLeft: number): FolderRoute {
    const { path } = folder
    const parent = this.#follow(folder.parent ?? this.#files.folder(folderOf(path)), epoch, linksLeft)
    const name = path.slice(path.lastIndexOf('/') + 1)
    if (name === '' || name === '.') return parent
    const way = { ...PLAIN, parent, climbs: name === '..' }
    if (parent.end === 'nowhere' || (way.climbs && parent.end === 'absent')) {
      return { ...way, real: parent.real, end: 'nowhere' }
    }
    if (way.climbs) return { ...way, real: folderOf(parent.real), end: 'folder' }
    const { state } = this.#files.refreshFolder(folder, epoch)
    const real = inside(parent.real, name)
    if (typeof state === 'string' || linksLeft === 0) return { ...way, folder, real, end: 'absent' }
    if (state.link === undefined) return { ...way, folder, real, end: 'folder' }
    const target = this.#files.folder(absolutePath(parent.real, state.link))
    const behind = this.#follow(target, epoch, linksLeft - 1)
    return { ...way, folder, real: behind.real, end: behind.end, link: { path: real, target: state.link }, behind }
  }
}

/** Whether two looks at one path found the same. The parts are compared by identity: they were looked at before. */
function isSameWay(a: FolderRoute, b: FolderRoute): boolean {
  return (
    a.real === b.real &&
    a.end === b.end &&
    a.parent === b.parent &&
    a.behind === b.behind &&
    a.link?.target === b.link?.target
  )
}

/** `name` in the folder `real`. */
export function inside(real: string, name: string): string {
  return real === '/' ? `/${name}` : `${real}/${name}`
}
