import type { Clock } from '../../base/clock.ts'
import { LINKER_ANSWERS_MAX, SEARCH_PATH_RETRY_MS } from '../../base/limits.ts'
import { AgingMap } from '../includes/aging-map.ts'
import type { FileView } from '../includes/file-view.ts'
import { inFolder, tidyPath } from '../includes/header-name.ts'
import { driverFolders, pathFolders } from '../program-folders.ts'
import { findInPath } from '../toolchain-driver.ts'
import type { ToolchainProcesses } from '../toolchain-process.ts'
import { type LinkerCall, parseLinkerCall } from './linker-call.ts'
import type { LinkerQuestion, LinkQuery } from './linker-question.ts'

/** How a driver links. */
export interface LinkerAnswer {
  readonly call: LinkerCall
  /** The linker itself, by its full path. */
  readonly linker: string
  /** Where the driver looks for files of its own, in order, there or not. */
  readonly driverFolders: readonly string[]
  /** Those of them that were not there: if one comes, the driver tells the linker of it. */
  readonly absentFolders: readonly string[]
  /** Where the driver looks for its linker before: nothing is there. */
  readonly absentLinkers: readonly string[]
  /** Where the linker looks for libraries after all that it is told. */
  readonly linkerFolders: readonly string[]
}

interface Asked {
  readonly at: number
  /** Undefined when the answer is of no use. */
  answer: LinkerAnswer | 'awaited' | undefined
  coming: Promise<LinkerAnswer | undefined>
}

export interface LinkerAnswersComponents {
  readonly files: Pick<FileView, 'lookup'>
  readonly processes: ToolchainProcesses
  readonly clock: Clock
}

/** Asks each compiler once per kind of link. */
export class LinkerAnswers {
  readonly #files: LinkerAnswersComponents['files']
  readonly #processes: ToolchainProcesses
  readonly #clock: Clock
  readonly #asked = new AgingMap<string, Asked>(LINKER_ANSWERS_MAX / 2)

  constructor({ files, processes, clock }: LinkerAnswersComponents) {
    this.#files = files
    this.#processes = processes
    this.#clock = clock
  }

  /** At once, unless the compiler has to be asked: then some 20 ms later. */
  find(query: LinkQuery, question: LinkerQuestion): LinkerAnswer | undefined | Promise<LinkerAnswer | undefined> {
    const { toolchain, compiler, cwd, epoch } = query
    const key = JSON.stringify([toolchain, compiler, cwd, question.args, question.env])
    const known = this.#asked.get(key)
    if (known !== undefined && this.#holds(known, epoch)) {
      return known.answer === 'awaited' ? known.coming : known.answer
    }
    const asked: Asked = { at: this.#clock.now(), answer: 'awaited', coming: Promise.resolve(undefined) }
    this.#asked.set(key, asked)
    asked.coming = this.#ask(query, question)
      .catch(() => undefined)
      .then((answer) => {
        asked.answer = answer
        return answer
      })
    return asked.coming
  }

  /** A failure may have been a hiccup. */
  #holds({ answer, at }: Asked, epoch: number): boolean {
    if (answer === 'awaited') return true
    if (answer === undefined) return this.#clock.now() - at < SEARCH_PATH_RETRY_MS
    return [...answer.absentFolders, ...answer.absentLinkers].every((path) => this.#isAbsent(path, epoch))
  }

  #isAbsent(path: string, epoch: number): boolean {
    return this.#files.lookup(path, epoch).state === 'absent'
  }

  async #ask({ compiler, cwd, epoch }: LinkQuery, { args, env }: LinkerQuestion): Promise<LinkerAnswer | undefined> {
    const ask = (...words: readonly string[]) => this.#processes.ask([compiler, ...args, ...words], { cwd, env })
    const [linking, places, named] = await Promise.all([
      ask('-###'),
      ask('-print-search-dirs'),
      ask('-print-prog-name=ld'),
    ])
    const call = linking?.exitCode === 0 ? parseLinkerCall(linking.stderr) : undefined
    const searched = places?.stdout ?? ''
    const inPath = pathFolders(env['PATH'], cwd)
    const linker = findProgram(named?.stdout.trim() ?? '', inPath)
    if (call === undefined || linker === undefined) return undefined
    const absentLinkers = placesBefore(linker, driverFolders(searched, 'programs'), inPath)
    if (!absentLinkers.every((path) => this.#isAbsent(path, epoch))) return undefined
    const about = await this.#processes.ask([linker, ...emulation(linking?.stderr ?? ''), '--verbose'], { cwd, env })
    const linkerFolders = [...(about?.stdout ?? '').matchAll(/SEARCH_DIR\("=?([^"]+)"\)/g)].flatMap(
      ([, path]) => path ?? [],
    )
    const ownFolders = driverFolders(searched, 'libraries').map((path) => tidyPath(path).replace(/(.)\/$/, '$1'))
    const areKnown = ownFolders.length > 0 && ownFolders.every((path) => path.startsWith('/'))
    if (linkerFolders.length === 0 || !areKnown) return undefined
    const absentFolders = ownFolders.filter((path) => this.#isAbsent(path, epoch))
    return { call, linker, linkerFolders, driverFolders: ownFolders, absentFolders, absentLinkers }
  }
}

function findProgram(name: string, inPath: readonly string[]): string | undefined {
  if (name.startsWith('/')) return tidyPath(name)
  return name === '' || name.includes('/') ? undefined : findInPath(name, inPath)
}

/** Where a linker would be found before this one: gcc's `collect2` prefers other names in the driver's own folders. */
function placesBefore(linker: string, own: readonly string[], inPath: readonly string[]): readonly string[] {
  const places = [...own, ...inPath].map((folder) => inFolder(folder, 'ld'))
  const preferred = own.flatMap((folder) => ['real-ld', 'collect-ld'].map((name) => inFolder(folder, name)))
  return [...new Set([...preferred, ...places.slice(0, Math.max(places.indexOf(linker), 0))])]
}

/** The linker's own folders are another for each target. */
function emulation(printed: string): readonly string[] {
  const found = /\s"?-m"?\s+"?(\w+)"?\s/.exec(printed.slice(printed.lastIndexOf('\n ')))
  return found?.[1] === undefined ? [] : ['-m', found[1]]
}
