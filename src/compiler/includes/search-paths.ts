import type { Clock } from '../../base/clock.ts'
import { SEARCH_ANSWERS_MAX, SEARCH_PATH_RETRY_MS, SEARCH_PATHS_MAX } from '../../base/limits.ts'
import type { ClassifiedOption, CompilerFamily, Language } from '../invocation.ts'
import type { ToolchainId } from '../toolchain.ts'
import type { ToolchainProcesses } from '../toolchain-process.ts'
import { AgingMap } from './aging-map.ts'
import { buildSearchPath } from './build-search-path.ts'
import {
  ASKED_VARIABLES,
  type DefaultSearchPath,
  environmentFolders,
  parseSearchPath,
  questionEnvironment,
  searchPathQuestion,
} from './default-search-path.ts'
import type { FileView } from './file-view.ts'
import { folderOf } from './header-name.ts'
import { type IncludeOptions, includeOptions } from './include-options.ts'
import type { SavedAnswer, SavedFolder } from './saved-memory.ts'
import type { SearchPath } from './search-path.ts'
import { isSettled } from './settled.ts'
import { isSameFile } from './sync-files.ts'

export interface SearchPathsComponents {
  readonly files: Pick<FileView, 'folderIdentity' | 'folder' | 'refreshFolder'>
  readonly processes: ToolchainProcesses
  readonly clock: Clock
  /** What compilers told an earlier node, by question: good while the folders that they looked at are what they were. */
  readonly saved?: ReadonlyMap<string, SavedAnswer>
}

/** Whose search path is wanted. */
export interface SearchPathQuery {
  readonly family: CompilerFamily
  readonly toolchain: ToolchainId
  /** As the compiler is called: clang derives its folders' spelling from it. */
  readonly driver: string
  readonly language: Language
  readonly options: readonly Pick<ClassifiedOption, 'words'>[]
  readonly cwd: string
  readonly env: ReadonlyMap<string, string>
  readonly epoch: number
}

/** A search path, and what else the command line says of includes. */
export interface SearchPathAnswer {
  /** Equal answers of one key are the very same object: what it was told from stands in the key, or was looked at. */
  readonly key: string
  readonly searchPath: SearchPath
  readonly options: IncludeOptions
}

/** An answer, and the folders that it rests on: what each was when it was given. */
interface Remembered {
  readonly answer: SearchPathAnswer
  readonly folders: ReadonlyMap<string, string | undefined>
}

/** A question to a compiler; `defaults` is undefined when the answer is of no use. */
interface Asked {
  readonly key: string
  readonly at: number
  defaults: DefaultSearchPath | 'awaited' | undefined
  answer: Promise<DefaultSearchPath | undefined>
  /** What was looked at; undefined when it was not at rest, or cannot be told. */
  folders: readonly SavedFolder[] | undefined
}

/** Finds where a compile looks for its files. Asks each compiler once per language and target. */
export class SearchPaths {
  readonly #files: SearchPathsComponents['files']
  readonly #processes: ToolchainProcesses
  readonly #clock: Clock
  readonly #defaults = new AgingMap<string, Asked>(SEARCH_PATHS_MAX / 2)
  /** What was saved and not asked for yet. */
  readonly #saved: Map<string, SavedAnswer>
  #answers = 0
  readonly #remembered = new AgingMap<string, Remembered>(SEARCH_ANSWERS_MAX / 2)

  constructor({ files, processes, clock, saved }: SearchPathsComponents) {
    this.#saved = new Map(saved)
    this.#files = files
    this.#processes = processes
    this.#clock = clock
  }

  /**
   * Undefined when the compiler does not tell, or an option is beyond us. Answers at once, unless the compiler has to be
   * asked: then some 10 ms later.
   */
  find(query: SearchPathQuery): SearchPathAnswer | undefined | Promise<SearchPathAnswer | undefined> {
    const key = queryKey(query)
    const remembered = this.#remembered.get(key)
    if (remembered !== undefined && this.#areSame(remembered.folders, query.epoch)) return remembered.answer
    const options = includeOptions(query.options)
    if (options.unsupported !== undefined) return undefined
    const asked = this.#ask(query, options)
    if (asked.defaults !== 'awaited') return this.#finish(key, query, options, asked.defaults)
    return asked.answer.then((defaults) => this.#finish(key, query, options, defaults))
  }

  /** Grows when a compiler told something that `saved` tells of afterwards. */
  get answers(): number {
    return this.#answers
  }

  /** What is worth keeping for the next node, what was used last first. */
  *saved(): Generator<SavedAnswer> {
    for (const { key, defaults, folders } of this.#defaults.values()) {
      if (typeof defaults === 'object' && folders !== undefined) yield { key, defaults, folders }
    }
    yield* this.#saved.values()
  }

  #finish(
    key: string,
    query: SearchPathQuery,
    options: IncludeOptions,
    defaults: DefaultSearchPath | undefined,
  ): SearchPathAnswer | undefined {
    const found = defaults === undefined ? undefined : this.#build(key, query, options, defaults)
    if (found !== undefined) this.#remembered.set(key, found)
    return found?.answer
  }

  #build(
    key: string,
    query: SearchPathQuery,
    options: IncludeOptions,
    defaults: DefaultSearchPath,
  ): Remembered | undefined {
    const { family, cwd, env, language, epoch } = query
    const environment = environmentFolders(env, language)
    const folders = new Map(defaults.absent.map((path) => [path, this.#files.folderIdentity(path, epoch)]))
    const searchPath = buildSearchPath({ family, cwd, options, defaults, environment }, (path) => {
      const identity = this.#files.folderIdentity(path, epoch)
      folders.set(path, identity)
      return identity
    })
    return searchPath === undefined ? undefined : { answer: { key, searchPath, options }, folders }
  }

  /** The question to the compiler: answered before, on its way, or begun now. */
  #ask(query: SearchPathQuery, { targetWords }: IncludeOptions): Asked {
    const { toolchain, driver, language, cwd, env, epoch } = query
    const where = targetWords.some((word) => word.includes('/')) ? cwd : ''
    const key = JSON.stringify([toolchain, driver, language, targetWords, askedVariables(env), where])
    const known = this.#defaults.get(key)
    if (known !== undefined && this.#holds(known, epoch)) return known
    const restored = this.#restored(key, epoch)
    const at = this.#clock.now()
    const asked: Asked = restored ?? { key, at, defaults: 'awaited', answer: NO_ANSWER, folders: undefined }
    this.#defaults.set(key, asked)
    if (restored !== undefined) return restored
    const begun = this.#clock.wallTime()
    asked.answer = this.#answer(query, targetWords)
      .catch(() => undefined)
      .then((defaults) => {
        asked.defaults = defaults
        asked.folders = defaults && this.#look(defaults, begun, epoch)
        if (asked.folders !== undefined) this.#answers += 1
        return defaults
      })
    return asked
  }

  /** What a compiler told an earlier node, if it would tell the same now. */
  #restored(key: string, epoch: number): Asked | undefined {
    const saved = this.#saved.get(key)
    if (saved === undefined) return undefined
    this.#saved.delete(key)
    const { defaults, folders } = saved
    const asked = { key, at: this.#clock.now(), defaults, answer: NO_ANSWER, folders }
    return folders.every((folder) => this.#isUnchanged(folder, epoch)) && this.#holds(asked, epoch) ? asked : undefined
  }

  #isUnchanged({ path, mark }: SavedFolder, epoch: number): boolean {
    const { state } = this.#files.refreshFolder(this.#files.folder(path), epoch)
    return typeof state === 'object' && isSameFile(mark, state) && isSettled(state, this.#clock.wallTime())
  }

  /**
   * The folders of an answer and all around them: a compiler chooses among versions that stand side by side, so that one
   * more of them changes its answer while it changes no folder in it. Undefined where a change may have gone unnoticed.
   */
  #look(defaults: DefaultSearchPath, begun: number, epoch: number): readonly SavedFolder[] | undefined {
    const folders: SavedFolder[] = []
    for (const path of foldersAround([...defaults.quote, ...defaults.system.map(({ path }) => path)])) {
      const { state } = this.#files.refreshFolder(this.#files.folder(path), epoch)
      if (!path.startsWith('/') || typeof state !== 'object' || !isSettled(state, begun)) return undefined
      folders.push({ path, mark: state })
    }
    return folders
  }

  #areSame(folders: ReadonlyMap<string, string | undefined>, epoch: number): boolean {
    for (const [path, identity] of folders) if (this.#files.folderIdentity(path, epoch) !== identity) return false
    return true
  }

  /** Folders that came or went make the compiler look elsewhere. A failure may have been a hiccup. */
  #holds({ defaults, at }: Asked, epoch: number): boolean {
    if (defaults === 'awaited') return true
    if (defaults === undefined) return this.#clock.now() - at < SEARCH_PATH_RETRY_MS
    return (
      defaults.system.every(({ path }) => this.#files.folderIdentity(path, epoch) !== undefined) &&
      defaults.absent.every((path) => this.#files.folderIdentity(path, epoch) === undefined)
    )
  }

  async #answer(query: SearchPathQuery, targetWords: readonly string[]): Promise<DefaultSearchPath | undefined> {
    const { driver, language, cwd, env } = query
    const answer = await this.#processes.ask([driver, ...searchPathQuestion(language, targetWords)], {
      cwd,
      env: Object.fromEntries(questionEnvironment(env)),
    })
    return answer?.exitCode === 0 ? parseSearchPath(answer.stderr) : undefined
  }
}

/** Never waited for: what it would tell is known already. */
const NO_ANSWER: Asked['answer'] = Promise.resolve(undefined)

/** Each path, and each folder on the way to it. */
function foldersAround(paths: readonly string[]): ReadonlySet<string> {
  const around = new Set<string>()
  for (let path of paths) {
    while (path !== '' && !around.has(path)) {
      around.add(path)
      path = path.includes('/') ? folderOf(path) : ''
    }
  }
  return around
}

/** All of a query that its answer depends on, beside the folders themselves. */
function queryKey({ toolchain, driver, language, options, cwd, env }: SearchPathQuery): string {
  const { bracket, system } = environmentFolders(env, language)
  const words = options.flatMap((option) => option.words)
  return [toolchain, driver, language, cwd, ...words, '', ...askedVariables(env), ...bracket, '', ...system].join('\0')
}

function askedVariables(env: ReadonlyMap<string, string>): readonly string[] {
  return ASKED_VARIABLES.map((name) => env.get(name) ?? '')
}
