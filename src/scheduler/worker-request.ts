import { HybridgridError } from '../base/errors.ts'
import { isShippedVariable } from '../compiler/environment.ts'
import { programFolders } from '../compiler/program-folders.ts'
import { checkRemoteArguments } from '../compiler/remote-arguments.ts'
import type { RunRequest } from '../compiler/runner.ts'
import type { Toolchain } from '../compiler/toolchain.ts'
import { isNameOf } from '../compiler/toolchain-driver.ts'
import { checkedTreeOutputs } from '../compiler/tree-arguments.ts'
import type { CompileRequest, WorkerRefusal } from '../protocols/compile.ts'
import type { TakenTree } from './tree-intake.ts'

/** Why a request is not to be run, whoever asks; undefined when it may be. */
export function objectionTo(
  { args, cwd, env, input, outputs }: CompileRequest,
  { family, driver }: Toolchain,
): WorkerRefusal | undefined {
  if (!env.every(isShippedVariable)) return 'arguments-refused'
  if (input.kind === 'text') {
    const checked = checkRemoteArguments(family, args)
    // What is put in place is what is compiled, and what is written is what is asked for.
    const consistent = checked.ok && checked.inputPath === input.path && outputs.includes(checked.output)
    return consistent ? undefined : 'arguments-refused'
  }
  if (!isNameOf(input.compiler, driver)) return 'tree-refused'
  const written = new Set(checkedTreeOutputs({ family, tool: input.compiler, args, cwd }))
  return written.size > 0 && outputs.every((path) => written.has(path)) ? undefined : 'arguments-refused'
}

/**
 * What of a request is the same for both ways; `compiler` is the path that is run. Compilers write into debug info what PWD
 * calls their folder, which may lead through links.
 */
export function runOf(
  { args, cwd, env, outputs }: CompileRequest,
  compiler: string,
  { driver }: Toolchain,
): Omit<RunRequest, 'files' | 'tree'> {
  const path = programFolders(driver).join(':')
  return { compiler, args, cwd, env: [`PATH=${path}`, `PWD=${cwd}`, ...env], outputs }
}

/** The compile of a text as it is run here. */
export function textRun(request: CompileRequest, toolchain: Toolchain, path: string, text: Uint8Array): RunRequest {
  return { ...runOf(request, toolchain.driver, toolchain), files: [{ path, bytes: text }] }
}

/** The compile in a tree as it is run here: under the name that the client uses. */
export function treeRun(
  request: CompileRequest,
  compiler: string,
  toolchain: Toolchain,
  { tree, files }: Pick<TakenTree, 'tree' | 'files'>,
): RunRequest {
  return { ...runOf(request, compiler, toolchain), files, tree }
}

/** What the client is told of a failure; it gets a word of ours and never our text. Undefined when the session cannot go on. */
export function refusalFor(error: unknown): WorkerRefusal | undefined {
  return error instanceof HybridgridError ? REFUSALS.get(error.reason.code) : undefined
}

const REFUSALS: ReadonlyMap<string, WorkerRefusal> = new Map([
  ['COMPRESSION_TOO_LARGE', 'malformed'],
  ['COMPRESSION_MALFORMED', 'malformed'],
  ['COMPILE_HEADER_TOO_LONG', 'too-large'],
  ['RUNNER_STOPPED', 'stopping'],
  ['RUNNER_LOST', 'sandbox-failed'],
  ['RUNNER_VIEW_CHANGED', 'busy'],
  ['RUNNER_PATH_REFUSED', 'arguments-refused'],
  ['RUNNER_COMPILER_REFUSED', 'sandbox-failed'],
  ['RUNNER_NOT_STARTED', 'sandbox-failed'],
  ['RUNNER_TIME_LIMIT', 'time-limit'],
  ['RUNNER_TOO_LARGE', 'too-large'],
])
