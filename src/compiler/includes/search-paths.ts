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
import { type IncludeOptions, includeOptions } from './include-options.ts'
import type { SearchPath } from './search-path.ts'

export interface SearchPathsComponents {
  readonly files: Pick<FileView, 'folderIdentity'>
  readonly processes: ToolchainProcesses
  readonly clock: Clock
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
  readonly at: number
  defaults: DefaultSearchPath | 'awaited' | undefined
  answer: Promise<DefaultSearchPath | undefined>
}

/** Finds where a compile looks for its files. Asks each compiler once per language and target. */
export class SearchPaths {
  readonly #files: SearchPathsComponents['files']
  readonly #processes: ToolchainProcesses
  readonly #clock: Clock
  readonly #defaults = new AgingMap<string, Asked>(SEARCH_PATHS_MAX / 2)
  readonly #remembered = new AgingMap<string, Remembered>(SEARCH_ANSWERS_MAX / 2)

  constructor({ files, processes, clock }: SearchPathsComponents) {
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
    const asked: Asked = { at: this.#clock.now(), defaults: 'awaited', answer: Promise.resolve(undefined) }
    this.#defaults.set(key, asked)
    asked.answer = this.#answer(query, targetWords)
      .catch(() => undefined)
      .then((defaults) => {
        asked.defaults = defaults
        return defaults
      })
    return asked
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

/** All of a query that its answer depends on, beside the folders themselves. */
function queryKey({ toolchain, driver, language, options, cwd, env }: SearchPathQuery): string {
  const { bracket, system } = environmentFolders(env, language)
  const words = options.flatMap((option) => option.words)
  return [toolchain, driver, language, cwd, ...words, '', ...askedVariables(env), ...bracket, '', ...system].join('\0')
}

function askedVariables(env: ReadonlyMap<string, string>): readonly string[] {
  return ASKED_VARIABLES.map((name) => env.get(name) ?? '')
}
