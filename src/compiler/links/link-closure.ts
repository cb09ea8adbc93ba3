import type { Sha256Hex } from '../../base/digest.ts'
import { LINK_FILE_MAX_BYTES, LINK_FILES_MAX, LINK_PARTS_MAX, LINKER_ANSWERS_MAX } from '../../base/limits.ts'
import { AgingMap } from '../includes/aging-map.ts'
import type { FileEntry, FileView } from '../includes/file-view.ts'
import { absolutePath, folderOf, inFolder } from '../includes/header-name.ts'
import type { SyncFiles } from '../includes/sync-files.ts'
import { type LinkerAnswer, LinkerAnswers, type LinkerAnswersComponents } from './linker-answers.ts'
import type { LinkerInput } from './linker-call.ts'
import { type LinkerQuestion, type LinkQuery, linkerQuestion } from './linker-question.ts'
import { LINKER_SCRIPT_MAX_BYTES, readLinkerScript } from './linker-script.ts'
import { readSharedObject } from './shared-object.ts'

/** All that a link reads beside the object made of its source. */
export interface LinkClosure {
  readonly files: readonly FileEntry[]
  /** What was looked for and is not there: were it, the linker would take it. */
  readonly missing: readonly FileEntry[]
  /** Where a linker would be taken instead of the one among `files`: nothing is there, which differs from PATH to PATH. */
  readonly absentLinkers: readonly FileEntry[]
}

export interface LinkClosuresComponents extends LinkerAnswersComponents {
  readonly files: FileView
  readonly disk: Pick<SyncFiles, 'read'>
}

/** Finds what links read without linking: the include scanner's counterpart, for calls that compile and link in one. */
export class LinkClosures {
  readonly #files: FileView
  readonly #disk: LinkClosuresComponents['disk']
  readonly #answers: LinkerAnswers
  readonly #parts = new AgingMap<Sha256Hex, LinkPart>(LINK_PARTS_MAX / 2)
  readonly #linkers = new AgingMap<Sha256Hex, boolean>(LINKER_ANSWERS_MAX / 2)

  constructor(components: LinkClosuresComponents) {
    this.#files = components.files
    this.#disk = components.disk
    this.#answers = new LinkerAnswers(components)
  }

  /** Undefined where a file is missing, or the linker may read more than we can tell. At once, when such a link was seen before. */
  find(query: LinkQuery): LinkClosure | undefined | Promise<LinkClosure | undefined> {
    const question = linkerQuestion(query)
    if (question === undefined) return undefined
    const answer = this.#answers.find(query, question)
    if (answer instanceof Promise) return answer.then((come) => come && this.#walk(query, question, come))
    return answer && this.#walk(query, question, answer)
  }

  #walk({ cwd, epoch }: LinkQuery, question: LinkerQuestion, answer: LinkerAnswer): LinkClosure | undefined {
    if (!this.#isLinker(this.#files.lookup(answer.linker, epoch))) return undefined
    const part = (entry: FileEntry) => this.#part(entry)
    const walk = new LinkWalk({ files: this.#files, part }, { cwd, epoch, question, answer })
    if (!walk.run()) return undefined
    const absentLinkers = answer.absentLinkers.map((path) => this.#files.lookup(path, epoch))
    return { files: [...walk.files], missing: [...walk.missing], absentLinkers }
  }

  /** Whether a file is a linker itself: what only starts one may hand it what it likes. */
  #isLinker(entry: FileEntry): boolean {
    const content = this.#files.content(entry)
    if (content === undefined) return false
    const known = this.#linkers.get(content.digest)
    if (known !== undefined) return known
    const bytes = Buffer.from(this.#disk.read(entry.path, LINK_FILE_MAX_BYTES) ?? [])
    const isLinker = bytes.toString('latin1', 0, ELF.length) === ELF && bytes.includes(LINKER_WORDS)
    this.#linkers.set(content.digest, isLinker)
    return isLinker
  }

  /** What a file brings into a link beside itself. */
  #part(entry: FileEntry): LinkPart {
    const content = this.#files.content(entry)
    if (content === undefined) return UNKNOWN
    const known = this.#parts.get(content.digest)
    if (known !== undefined) return known
    const bytes = this.#disk.read(entry.path, LINK_FILE_MAX_BYTES)
    const part = bytes === undefined ? UNKNOWN : readPart(bytes)
    this.#parts.set(content.digest, part)
    return part
  }
}

const ELF = '\x7fELF'
/** What GNU's linkers have in them and show when they are asked where they look. */
const LINKER_WORDS = 'SEARCH_DIR('

type LinkPart =
  /** Objects and archives stand for themselves. */
  | { readonly kind: 'plain' }
  | { readonly kind: 'script'; readonly inputs: readonly LinkerInput[] }
  | { readonly kind: 'shared'; readonly soname: string | undefined; readonly needed: readonly string[] }
  | { readonly kind: 'unknown' }

const PLAIN = { kind: 'plain' } as const
const UNKNOWN = { kind: 'unknown' } as const

function readPart(bytes: Uint8Array): LinkPart {
  const head = Buffer.from(bytes.subarray(0, 8)).toString('latin1')
  if (head === '!<arch>\n') return PLAIN // A thin one, `!<thin>`, names files.
  if (head.startsWith(ELF)) {
    const shared = readSharedObject(bytes)
    return shared === undefined ? PLAIN : { kind: 'shared', ...shared }
  }
  const inputs = bytes.length > LINKER_SCRIPT_MAX_BYTES ? undefined : readLinkerScript(bytes)
  return inputs === undefined ? UNKNOWN : { kind: 'script', inputs }
}

interface WalkInit {
  readonly cwd: string
  readonly epoch: number
  readonly question: LinkerQuestion
  readonly answer: LinkerAnswer
}

/** One walk over all that one link reads. */
class LinkWalk {
  readonly files = new Set<FileEntry>()
  readonly missing = new Set<FileEntry>()
  readonly #view: FileView
  readonly #part: (entry: FileEntry) => LinkPart
  readonly #init: WalkInit
  /** Where libraries are looked for. */
  readonly #folders: readonly string[]
  readonly #searched = new Set<string>()
  readonly #sonames = new Set<string>()
  readonly #needed = new Set<string>()

  constructor(
    { files, part }: { readonly files: FileView; readonly part: (entry: FileEntry) => LinkPart },
    init: WalkInit,
  ) {
    this.#view = files
    this.#part = part
    this.#init = init
    const { question, answer, cwd } = init
    const told = [...question.folders, ...answer.call.folders].map((path) => absolutePath(cwd, path))
    this.#folders = [...new Set([...told, ...answer.linkerFolders])]
  }

  /** False when not all can be found. */
  run(): boolean {
    const { question, answer, cwd } = this.#init
    const { call, linker, absentFolders } = answer
    for (const folder of absentFolders) this.#lookAt(folder)
    const programs = [linker, call.program, ...call.plugins]
    return (
      programs.every((path) => this.#take(absolutePath(cwd, path))) &&
      [...call.inputs, ...question.libraries].every((input) => this.#input(input)) &&
      this.#openNeeded() &&
      this.files.size <= LINK_FILES_MAX
    )
  }

  #input(input: LinkerInput): boolean {
    if (input.kind === 'library') return this.#library(input)
    const path = absolutePath(this.#init.cwd, input.path)
    return this.#comesFirst(path) && this.#open(path)
  }

  /** Files of the driver's own are taken from the first of its folders that has them. */
  #comesFirst(path: string): boolean {
    const { driverFolders } = this.#init.answer
    const name = path.slice(path.lastIndexOf('/') + 1)
    const found = driverFolders.findIndex((folder) => inFolder(folder, name) === path)
    return driverFolders
      .slice(0, Math.max(found, 0))
      .every((folder) => this.#lookAt(inFolder(folder, name)) === 'absent')
  }

  #library({ name, form }: Extract<LinkerInput, { kind: 'library' }>): boolean {
    const key = `${form} ${name}`
    if (this.#searched.has(key)) return true
    this.#searched.add(key)
    const names = form === 'any' ? [`lib${name}.so`, `lib${name}.a`] : [`lib${name}.a`]
    return this.#search(this.#folders.flatMap((folder) => names.map((file) => inFolder(folder, file))))
  }

  /** Opens the first of `paths` that is there. */
  #search(paths: readonly string[]): boolean {
    for (const path of paths) {
      const state = this.#lookAt(path)
      if (state === 'file') return this.#open(path)
      if (state !== 'absent') return false
    }
    return false
  }

  /**
   * Libraries bring others along, which are looked into for their symbols; nothing of them comes into the program. Folders
   * that only `ld.so.conf` names are not searched: what stands nowhere else is given up.
   */
  #openNeeded(): boolean {
    const { question, answer, cwd } = this.#init
    const folders = [...question.loaderFolders.map((path) => absolutePath(cwd, path)), ...answer.linkerFolders]
    // More may come while this runs.
    for (const name of this.#needed) {
      const places = folders.map((folder) => inFolder(folder, name))
      if (!this.#sonames.has(name) && !this.#openAny(places)) return false
    }
    return true
  }

  /** Opens what stands at some of `paths`; linkers differ in their order, so it must be no matter. */
  #openAny(paths: readonly string[]): boolean {
    const there = paths.filter((path) => this.#lookAt(path) !== 'absent')
    const digests = new Set(there.map((path) => this.#digestOf(path)))
    const [first] = there
    return first !== undefined && digests.size === 1 && this.#open(first)
  }

  #open(path: string): boolean {
    const entry = this.#view.lookup(path, this.#init.epoch)
    if (this.files.has(entry)) return true
    if (!this.#take(path)) return false
    const part = this.#part(entry)
    if (part.kind === 'shared') {
      this.#sonames.add(part.soname ?? entry.name)
      for (const name of part.needed) this.#needed.add(name)
    }
    return part.kind === 'script' ? part.inputs.every((input) => this.#ofScript(input, path)) : part.kind !== 'unknown'
  }

  /** A script's files without a folder are looked for where it is called, where it stands, and where libraries are. */
  #ofScript(input: LinkerInput, script: string): boolean {
    if (input.kind === 'library') return this.#library(input)
    if (input.path.startsWith('/')) return this.#open(absolutePath('/', input.path))
    const folders = [this.#init.cwd, folderOf(script), ...this.#folders]
    return this.#openAny(folders.map((folder) => inFolder(folder, input.path)))
  }

  #digestOf(path: string): string | undefined {
    return this.#view.content(this.#view.lookup(path, this.#init.epoch))?.digest
  }

  /** Notes a file. */
  #take(path: string): boolean {
    const entry = this.#view.lookup(path, this.#init.epoch)
    this.files.add(entry)
    const small = entry.stat !== undefined && entry.stat.size <= LINK_FILE_MAX_BYTES
    return entry.state === 'file' && small && this.#view.content(entry) !== undefined
  }

  /** Notes what is not there. */
  #lookAt(path: string): FileEntry['state'] {
    const entry = this.#view.lookup(path, this.#init.epoch)
    if (entry.state === 'absent') this.missing.add(entry)
    return entry.state
  }
}
