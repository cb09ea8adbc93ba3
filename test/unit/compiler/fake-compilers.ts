import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Answer, ToolchainProcesses } from '../../../src/compiler/toolchain-process.ts'

/** What a pretended compiler says of itself. */
export interface FakeCompiler {
  readonly about: string
  /** What `-print-prog-name` answers; the name itself unless told. */
  readonly programs?: Readonly<Record<string, string>>
  /** What `-print-search-dirs` answers. */
  readonly searched?: string
  /** The object of the probe; undefined for a compiler that cannot compile. */
  readonly object?: string
}

/** A folder with programs in it, and what they say when they are asked. Gone after the test. */
export class FakeMachine {
  readonly folder: string
  readonly asked: string[] = []
  readonly #compilers = new Map<string, FakeCompiler>()

  constructor(context: TestContext) {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'toolchains-')))
    context.after(() => rmSync(this.folder, { recursive: true, force: true }))
  }

  /** Puts a program there, and has it speak if it is a compiler. Its content is its own unless told; compilers know their words. */
  program(path: string, compiler?: FakeCompiler, content = `\x7fELF ${path}`): string {
    const absolute = this.path(path)
    mkdirSync(dirname(absolute), { recursive: true })
    writeFileSync(absolute, compiler === undefined ? content : `${content}${ownWords(compiler)}`)
    chmodSync(absolute, 0o755)
    if (compiler !== undefined) this.#compilers.set(absolute, compiler)
    return absolute
  }

  link(path: string, target: string): string {
    const absolute = this.path(path)
    mkdirSync(dirname(absolute), { recursive: true })
    symlinkSync(target, absolute)
    return absolute
  }

  /** Has a link speak, whose target goes by its name, or a program that starts another. */
  speaks(path: string, compiler: FakeCompiler): void {
    this.#compilers.set(this.path(path), compiler)
  }

  path(path: string): string {
    return join(this.folder, path)
  }

  readonly processes: ToolchainProcesses = {
    ask: async ([program = '', ...args], { cwd }) => {
      this.asked.push([program, ...args].join(' '))
      const compiler = this.#compilers.get(program)
      return compiler === undefined ? undefined : answer(compiler, args, cwd)
    },
  }
}

/** What stands in a driver's own file. */
function ownWords({ about }: FakeCompiler): string {
  const [configured = ''] = /^Configured with: .*$/m.exec(about) ?? []
  return `\n${configured}\nClang Integrated Assembler\n`
}

function answer(
  { about, programs = {}, searched = '', object }: FakeCompiler,
  args: readonly string[],
  cwd: string,
): Answer {
  const [question = ''] = args
  if (question === '-v') return { exitCode: 0, stdout: '', stderr: about }
  if (question === '-print-search-dirs') return { exitCode: 0, stdout: searched, stderr: '' }
  const [, name] = question.split('-print-prog-name=')
  if (name !== undefined) return { exitCode: 0, stdout: `${programs[name] ?? name}\n`, stderr: '' }
  const output = args[args.indexOf('-o') + 1]
  if (object === undefined || output === undefined) return { exitCode: 1, stdout: '', stderr: 'cannot' }
  writeFileSync(join(cwd, output), object)
  return { exitCode: 0, stdout: '', stderr: '' }
}

export const GCC_ABOUT = `Using built-in specs.
COLLECT_GCC=/somewhere/gcc
COLLECT_LTO_WRAPPER=/somewhere/lto-wrapper
Target: x86_64-linux-gnu
Configured with: ../src/configure --enable-languages=c,c++
Thread model: posix
gcc version 12.2.0 (Debian 12.2.0-14)
`

export const CLANG_ABOUT = `Debian clang version 14.0.6
Target: x86_64-pc-linux-gnu
Thread model: posix
InstalledDir: /somewhere/bin
Found candidate GCC installation: /usr/lib/gcc/x86_64-linux-gnu/12
Selected GCC installation: /usr/lib/gcc/x86_64-linux-gnu/12
`
