import { TOLD_INCLUDES_AT_ONCE_MAX } from '../../base/limits.ts'
import type { CompileInvocation } from '../invocation.ts'
import type { ToolchainProcesses } from '../toolchain-process.ts'

export interface ToldIncludesQuery {
  readonly invocation: Pick<CompileInvocation, 'options' | 'language' | 'source'>
  /** The compiler as it is called. */
  readonly compiler: string
  readonly cwd: string
  readonly env: ReadonlyMap<string, string>
}

/**
 * Has compilers list what a source includes, where only a preprocessor can tell: `#include BOOST_PP_ITERATE()`. It takes as long as
 * preprocessing does, so only a few are asked at once, and the answer is for what the files hold at that moment.
 */
export class ToldIncludes {
  readonly #processes: ToolchainProcesses
  /** The last question of each that are asked side by side. */
  readonly #lanes: Promise<unknown>[] = Array.from({ length: TOLD_INCLUDES_AT_ONCE_MAX }, () => Promise.resolve())
  #asked = 0

  constructor({ processes }: { readonly processes: ToolchainProcesses }) {
    this.#processes = processes
  }

  /** All files that the compiler opens, as it names them; undefined when it does not tell. */
  find(query: ToldIncludesQuery): Promise<readonly string[] | undefined> {
    const lane = this.#asked % this.#lanes.length
    this.#asked += 1
    const told = (this.#lanes[lane] ?? Promise.resolve()).then(() => this.#ask(query)).catch(() => undefined)
    this.#lanes[lane] = told
    return told
  }

  async #ask({ invocation, compiler, cwd, env }: ToldIncludesQuery): Promise<readonly string[] | undefined> {
    const { options, language, source } = invocation
    const words = options.filter(({ stage }) => stage !== 'link').flatMap((option) => option.words)
    const argv = [compiler, ...words, '-M', '-MT', 'told', '-x', language, source]
    const answer = await this.#processes.ask(argv, { cwd, env: Object.fromEntries(env) })
    return answer?.exitCode === 0 ? prerequisites(answer.stdout) : undefined
  }
}

/** The files behind the colon of a rule for make, unescaped. */
export function prerequisites(rule: string): readonly string[] {
  const joined = rule.replace(/\\\r?\n/g, ' ')
  const words = joined.slice(joined.indexOf(': ') + 2).match(/(?:\\.|[^\s\\])+/g) ?? []
  return words.map((word) => word.replace(/\\([\s#\\:])/g, '$1').replaceAll('$$', '$'))
}
