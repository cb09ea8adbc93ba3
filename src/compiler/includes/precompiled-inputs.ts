import { PRECOMPILED_ANSWERS_MAX } from '../../base/limits.ts'
import type { ToolchainProcesses } from '../toolchain-process.ts'
import { AgingMap } from './aging-map.ts'
import type { FileView } from './file-view.ts'
import { absolutePath } from './header-name.ts'

export interface PrecompiledInputsComponents {
  readonly files: Pick<FileView, 'lookup' | 'content'>
  readonly processes: ToolchainProcesses
}

export interface PrecompiledQuery {
  /** Precompiled headers, as the command line names them. */
  readonly names: readonly string[]
  /** The compiler as it is called. */
  readonly compiler: string
  readonly cwd: string
  readonly epoch: number
}

/**
 * What clang's precompiled headers were made of. It looks at all of that when it uses one, and ends if something is lacking
 * or has another time or size.
 */
export class PrecompiledInputs {
  readonly #files: Pick<FileView, 'lookup' | 'content'>
  readonly #processes: ToolchainProcesses
  /** Nothing where clang does not tell. */
  readonly #answers = new AgingMap<string, Told | Promise<Told>>(PRECOMPILED_ANSWERS_MAX / 2)

  constructor({ files, processes }: PrecompiledInputsComponents) {
    this.#files = files
    this.#processes = processes
  }

  /** Undefined where it cannot be known. At once, unless clang was not asked of such a header before: then some 30 ms later. */
  find(query: PrecompiledQuery): Told | undefined | Promise<Told | undefined> {
    const answers = query.names.map((name) => this.#inputsOf(name, query))
    const known = answers.filter((answer): answer is Told => !(answer instanceof Promise))
    return known.length === answers.length ? joined(known) : Promise.all(answers).then(joined)
  }

  #inputsOf(name: string, { compiler, cwd, epoch }: PrecompiledQuery): Told | Promise<Told> {
    const entry = this.#files.lookup(absolutePath(cwd, name), epoch)
    const content = this.#files.content(entry)
    if (content === undefined) return NOT_TOLD
    const key = `${compiler} ${entry.path} ${content.digest}`
    const known = this.#answers.get(key)
    if (known !== undefined) return known
    const asked = this.#ask(compiler, entry.path).catch(() => NOT_TOLD)
    this.#answers.set(key, asked)
    void asked.then((told) => this.#answers.set(key, told))
    return asked
  }

  async #ask(compiler: string, path: string): Promise<Told> {
    const answer = await this.#processes.ask([compiler, '-cc1', '-module-file-info', path], { cwd: '/', env: {} })
    if (answer?.exitCode !== 0) return NOT_TOLD
    const told = [...answer.stdout.matchAll(INPUT_LINE)].flatMap(([, input]) => input ?? [])
    return told.every((input) => input.startsWith('/')) ? told : NOT_TOLD // From where else it is meant is not told.
  }
}

type Told = readonly string[]

const NOT_TOLD: Told = []

/** `  Input file: /usr/include/stdio.h [System]` */
const INPUT_LINE = /^ +Input file: (.+?)(?: \[(?:System|Overridden|ExplicitModule)[\w, ]*\])?$/gm

function joined(answers: readonly Told[]): Told | undefined {
  return answers.some((told) => told.length === 0) ? undefined : answers.flat()
}
