import { baseName, isDevice, withSuffix } from './file-name.ts'
import type { CompileInvocation, CompilerFamily } from './invocation.ts'
import type { FileReader } from './local-files.ts'
import { parseInvocation } from './parse-invocation.ts'

export interface TreeArguments {
  /** What the worker's compiler gets: where all inputs are as at home, so is the command line. */
  readonly args: readonly string[]
  /** What the compile writes, as `args` name it; the object or assembly first. */
  readonly outputs: readonly string[]
}

/** How a worker compiles a source among its own headers. */
export function treeArguments(invocation: CompileInvocation): TreeArguments {
  const { mode, args, source, language, options } = invocation
  if (mode !== 'link') return { args, outputs: outputsOf(invocation) }
  // The link is made at home; only what it needs is compiled.
  const object = withSuffix(baseName(source), '.o')
  const read = options.filter(({ stage }) => stage !== 'link').flatMap(({ words }) => words)
  return { args: ['-c', ...read, '-x', language, source, '-o', object], outputs: [object] }
}

/** How the same call runs here as one, its link included. */
export function wholeArguments(invocation: CompileInvocation): TreeArguments {
  return { args: invocation.args, outputs: outputsOf(invocation) }
}

/** The worker's view of a command line from a stranger, called as `tool` in `cwd`. */
export interface StrangersCall {
  readonly family: CompilerFamily
  readonly tool: string
  readonly args: readonly string[]
  readonly cwd: string
}

/**
 * The worker's judgement: what the call writes if it is a compile that we ourselves would ship, by the same tables;
 * undefined for everything else. All paths in it are names inside the sandbox.
 */
export function checkedTreeOutputs({ family, tool, args, cwd }: StrangersCall): readonly string[] | undefined {
  if (args.some((word) => word.includes('\0') || word.startsWith('@'))) return undefined
  const invocation = parseInvocation({ family, tool, args, cwd, env: new Map() }, NO_FILES)
  return invocation.kind === 'compile' && invocation.mode !== 'link' ? outputsOf(invocation) : undefined
}

function outputsOf({ output, dependency, extraOutputs }: CompileInvocation): readonly string[] {
  const depends = dependency === undefined || isDevice(dependency.path) ? [] : [dependency.path]
  return [output, ...depends, ...extraOutputs]
}

/** The client has looked at its disk; the worker's own says nothing about it. */
const NO_FILES: FileReader = { read: () => undefined, mayBeReplaced: () => true, exists: () => false }
