import { NATIVE_TUNINGS_MAX } from '../base/limits.ts'
import { AgingMap } from './includes/aging-map.ts'
import type { CompilerFamily } from './invocation.ts'
import { nativeWords, sameTuning } from './native-words.ts'
import type { Toolchain } from './toolchain.ts'
import type { ToolchainProcesses } from './toolchain-process.ts'

export interface NativeCall {
  readonly toolchain: Pick<Toolchain, 'id' | 'family'>
  /** The compiler as it is called. */
  readonly compiler: string
  readonly args: readonly string[]
  readonly cwd: string
}

/** Says `-march=native` and its kin in words that mean this machine's processor on every machine. */
export class NativeTuning {
  readonly #processes: ToolchainProcesses
  /** By compiler and all words that tune: what stands for the native ones. */
  readonly #known = new AgingMap<string, Promise<readonly string[] | undefined>>(NATIVE_TUNINGS_MAX / 2)

  constructor({ processes }: { readonly processes: ToolchainProcesses }) {
    this.#processes = processes
  }

  /** The same command line without native words; as it is, when it has none or when what it writes would differ. */
  concrete(call: NativeCall): readonly string[] | Promise<readonly string[]> {
    const { args, toolchain, compiler } = call
    if (!args.some((word) => NATIVE.test(word)) || tellsTuning(toolchain.family, args)) return args
    const tuning = args.filter((word) => word.startsWith('-m'))
    const natives = tuning.filter((word) => PROCESSOR.test(word)).map((word) => word.slice(0, word.indexOf('=')))
    if (new Set(natives).size < natives.length) return args // Drivers differ in which one they take.
    const key = [toolchain.id, compiler, ...tuning].join('\0')
    const asked = this.#known.get(key) ?? this.#ask(call, tuning)
    this.#known.set(key, asked)
    // In front: whatever else tunes has its say behind what was detected.
    return asked.then((words) =>
      words === undefined ? args : [...words, ...args.filter((word) => !NATIVE.test(word))],
    )
  }

  async #ask({ toolchain: { family }, compiler, cwd }: NativeCall, tuning: readonly string[]) {
    const detected = await this.#commandOf(compiler, tuning, cwd)
    const words = detected === undefined ? undefined : nativeWords(family, detected)
    if (detected === undefined || words === undefined) return undefined
    const rest = tuning.filter((word) => !NATIVE.test(word))
    const told = await this.#commandOf(compiler, [...words, ...rest], cwd)
    return told !== undefined && sameTuning(family, detected, told) ? words : undefined
  }

  /** The words of the compiler proper that the driver would run. */
  async #commandOf(compiler: string, tuning: readonly string[], cwd: string): Promise<readonly string[] | undefined> {
    const argv = [compiler, ...tuning, '-###', '-S', '-x', 'c', '/dev/null', '-o', '/dev/null']
    const answer = await this.#processes.ask(argv, { cwd, env: { LC_ALL: 'C', PATH: QUESTION_PATH } })
    // `-mcpu` is an old word for another one, or for nothing, and compilers warn of it.
    if (answer?.stderr.includes(' warning: ')) return undefined
    const line =
      answer?.exitCode === 0 ? answer.stderr.split('\n').find((each) => COMPILER_PROPER.test(each)) : undefined
    return line?.match(/"(?:\\.|[^"\\])*"|\S+/g)?.map((word) => word.replace(/^"(.*)"$/, '$1'))
  }
}

/** `native+crypto` says more than we could ask for. */
const NATIVE = /^-m(?:arch|tune|cpu)=native$/
const PROCESSOR = /^-m(?:arch|tune|cpu)=/
const COMPILER_PROPER = /\/cc1["\s]|"-cc1"/
const QUESTION_PATH = '/usr/local/bin:/usr/bin:/bin'

/** Whether the options that tune are written into what is compiled: then the words that stand for native ones show. */
function tellsTuning(family: CompilerFamily, args: readonly string[]): boolean {
  if (args.some((word) => word.startsWith('-flto') || RECORDS.has(word))) return true
  if (family === 'clang' || args.includes('-gno-record-gcc-switches')) return false
  return args.some((word) => /^-g(?!no-|z|0$)/.test(word)) // gcc's DW_AT_producer lists them.
}

const RECORDS: ReadonlySet<string> = new Set([
  '-fverbose-asm',
  '-frecord-gcc-switches',
  '-frecord-command-line',
  '-grecord-gcc-switches',
  '-grecord-command-line',
])
