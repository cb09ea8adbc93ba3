import type { Clock } from '../../../../src/base/clock.ts'
import { sha256 } from '../../../../src/base/digest.ts'
import { NOTHING_SAVED, type SavedMemory } from '../../../../src/compiler/includes/saved-memory.ts'
import type { CompileInvocation, CompilerFamily } from '../../../../src/compiler/invocation.ts'
import { parseInvocation } from '../../../../src/compiler/parse-invocation.ts'
import type { ToolchainId } from '../../../../src/compiler/toolchain.ts'
import type { Answer, ToolchainProcesses } from '../../../../src/compiler/toolchain-process.ts'
import {
  type BuiltTree,
  createTreeBuilder,
  type TreeBuilder,
  type TreeBuilderComponents,
  type TreeMemory,
} from '../../../../src/compiler/trees/tree-builder.ts'
import { MemoryFiles } from '../includes/memory-files.ts'

/** A tree builder over files in memory and a compiler that only tells where it looks: in `/usr/include`, were it there in `/usr/local/include`. */
export interface TreeBench {
  readonly files: MemoryFiles
  readonly builder: TreeBuilder & TreeMemory
  /** Questions that were put to the compiler. */
  readonly questions: (readonly string[])[]
  /** Builds the tree of `gcc ARGS...`, run in `/ws`. */
  build(...args: readonly string[]): Promise<BuiltTree>
  /** The same, where the tree is known to be there. */
  tree(...args: readonly string[]): Promise<Extract<BuiltTree, { kind: 'tree' }>>
  /** What a test may change of the compiler's world. */
  readonly world: {
    cwd: string
    env: ReadonlyMap<string, string>
    answer: Answer | undefined
    /** What it lists of a source's headers; nothing unless a test says so. */
    listed: string | undefined
    family: CompilerFamily
    compilerId: string
    /** Where trees name what is absent: everywhere, unless a test says less. */
    mayBeShown: TreeBuilderComponents['mayBeShown']
  }
}

export const CWD = '/ws'
const SYSTEM_FOLDER = '/usr/include'

const ANSWER: Answer = {
  exitCode: 0,
  stdout: '',
  stderr: [
    'ignoring nonexistent directory "/usr/local/include"',
    '#include "..." search starts here:',
    '#include <...> search starts here:',
    ` ${SYSTEM_FOLDER}`,
    'End of search list.',
    '',
  ].join('\n'),
}

export function treeBench(files: Readonly<Record<string, string>>): TreeBench {
  const memory = new MemoryFiles()
  memory.folder(SYSTEM_FOLDER)
  memory.folder(CWD)
  for (const [path, text] of Object.entries(files)) memory.write(path, text)
  memory.settle()
  return treeBenchOver(memory)
}

/** A builder as after a restart of its node, over files that are there. */
export function treeBenchOver(memory: MemoryFiles, saved: SavedMemory = NOTHING_SAVED): TreeBench {
  const world: TreeBench['world'] = {
    cwd: CWD,
    env: new Map(),
    answer: ANSWER,
    listed: undefined,
    family: 'gcc',
    compilerId: 'a compiler',
    mayBeShown: () => true,
  }
  const questions: (readonly string[])[] = []
  const processes: ToolchainProcesses = {
    ask: async (argv) => {
      questions.push(argv)
      if (!argv.includes('-M')) return world.answer
      return world.listed === undefined ? undefined : { exitCode: 0, stdout: world.listed, stderr: '' }
    },
  }
  const clock: Clock = { now: () => memory.now, wallTime: () => memory.now, sleep: () => Promise.resolve() }
  const builder = createTreeBuilder({
    files: memory,
    clock,
    processes,
    mayBeShown: (...asked) => world.mayBeShown(...asked),
    saved,
  })
  const build = async (...args: readonly string[]) => {
    const invocation = compileOf(args, world.cwd, world.family)
    const { output } = invocation
    return builder.build(invocation, {
      toolchain: { id: sha256(world.compilerId) as ToolchainId, family: world.family },
      compiler: `/usr/bin/${world.family}`,
      cwd: world.cwd,
      env: world.env,
      outputs: [output],
    })
  }
  const tree = async (...args: readonly string[]) => {
    const built = await build(...args)
    if (built.kind !== 'tree') throw new Error(`unfit: ${built.why}`)
    return built
  }
  return { files: memory, builder, questions, build, tree, world }
}

/** A compile as the parser reads it. */
export function compileOf(args: readonly string[], cwd: string, family: CompilerFamily = 'gcc'): CompileInvocation {
  const reader = { read: () => undefined, mayBeReplaced: () => true, exists: () => false }
  const invocation = parseInvocation({ family, tool: family, args, cwd, env: new Map() }, reader)
  if (invocation.kind === 'local') throw new Error(`not shippable: ${invocation.reason}`)
  return invocation
}
