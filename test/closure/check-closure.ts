import { lstat, realpath } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { systemClock } from '../../src/base/clock.ts'
import { sha256 } from '../../src/base/digest.ts'
import { compilerFamily } from '../../src/compiler/compiler-names.ts'
import { systemSyncFiles } from '../../src/compiler/includes/system-sync-files.ts'
import type { CompileInvocation } from '../../src/compiler/invocation.ts'
import { localFiles } from '../../src/compiler/local-files.ts'
import { parseInvocation } from '../../src/compiler/parse-invocation.ts'
import type { ToolchainId } from '../../src/compiler/toolchain.ts'
import { toolchainProcesses } from '../../src/compiler/toolchain-process.ts'
import { type BuiltTree, createTreeBuilder, type TreeContext } from '../../src/compiler/trees/tree-builder.ts'
import { listedFiles } from './listed-files.ts'
import type { RecordedCall } from './record-compiles.ts'

/** What came of one call when its tree was held against what its compiler reads. */
export type ClosureVerdict =
  /** Not a compile that could be shipped, tree or no tree. */
  | { readonly kind: 'local'; readonly why: string }
  /** The compiler itself does not take the source. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'unfit'; readonly why: string }
  | {
      readonly kind: 'fit'
      readonly files: number
      readonly listed: number
      /** What the compiler reads and the tree lacks. */
      readonly lacking: readonly string[]
      /** What the tree says must not be there, and is. */
      readonly wronglyAbsent: readonly string[]
    }

/** Builds trees of this machine's files, and times itself. */
export class ClosureCheck {
  readonly #builder = createTreeBuilder({
    files: systemSyncFiles(),
    clock: systemClock,
    processes: toolchainProcesses,
    mayBeShown: () => true,
  })

  /** The tree of one call, and how long it took; the compile undefined where it cannot be shipped at all. */
  async build(
    call: RecordedCall,
  ): Promise<{ readonly built: BuiltTree | undefined; readonly ms: number; why?: string }> {
    const compile = compileOf(call)
    if (typeof compile === 'string') return { built: undefined, ms: 0, why: compile }
    const context = await contextOf(call, compile)
    const startedAt = performance.now()
    const pending = this.#builder.build(compile, context)
    const built = pending instanceof Promise ? await pending : pending
    return { built, ms: performance.now() - startedAt }
  }

  /** Holds the tree of a call against what its compiler lists under `-M`. */
  async check(call: RecordedCall): Promise<ClosureVerdict> {
    const { built, why } = await this.build(call)
    const compile = compileOf(call)
    if (built === undefined || typeof compile === 'string') return { kind: 'local', why: why ?? '' }
    const listed = await listedFiles(call.tool, compile, call.cwd)
    if (listed === undefined) return { kind: 'refused' }
    if (built.kind === 'unfit') return { kind: 'unfit', why: built.why }
    const { files, absent } = built.tree
    const there = new Set(files.map(({ path }) => path))
    const standing = await Promise.all(
      absent.map((path) =>
        lstat(path).then(
          () => path,
          () => undefined,
        ),
      ),
    )
    return {
      kind: 'fit',
      files: files.length,
      listed: new Set(listed).size,
      lacking: listed.filter((path) => !there.has(path)),
      wronglyAbsent: standing.filter((path) => path !== undefined),
    }
  }
}

/** The compile, or the reason why it cannot be shipped. */
function compileOf({ tool, args, cwd }: RecordedCall): CompileInvocation | string {
  const family = compilerFamily(tool === 'cc' ? 'gcc' : tool === 'c++' ? 'g++' : tool)
  if (family === undefined) return 'unknown compiler'
  const invocation = parseInvocation({ family, tool, args, cwd, env: new Map() }, localFiles)
  return invocation.kind === 'local' ? invocation.reason : invocation
}

async function contextOf({ tool, cwd }: RecordedCall, { family, output }: CompileInvocation): Promise<TreeContext> {
  const compiler = await programIn(process.env['PATH'] ?? '', tool)
  const id = sha256(await realpath(compiler)) as ToolchainId
  const env = new Map([['PATH', process.env['PATH'] ?? '']])
  return { toolchain: { id, family }, compiler, cwd, env, outputs: [output] }
}

async function programIn(path: string, tool: string): Promise<string> {
  for (const folder of path.split(delimiter)) {
    const candidate = resolve(join(folder, tool))
    if (
      await lstat(candidate).then(
        () => true,
        () => false,
      )
    )
      return candidate
  }
  throw new Error(`no ${tool} in PATH`)
}
