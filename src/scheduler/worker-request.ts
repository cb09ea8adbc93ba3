import { dirname } from 'node:path'
import { HybridgridError } from '../base/errors.ts'
import { isShippedVariable } from '../compiler/environment.ts'
import type { CompilerFamily } from '../compiler/invocation.ts'
import type { CheckedArguments } from '../compiler/remote-arguments.ts'
import type { RunRequest } from '../compiler/runner.ts'
import type { Toolchain } from '../compiler/toolchain.ts'
import type { CompileRequest, WorkerRefusal } from '../protocols/compile.ts'

export type ArgumentsCheck = (family: CompilerFamily, args: readonly string[]) => CheckedArguments

/** Why a request is not to be run, whoever asks; undefined when it may be. */
export function objectionTo(
  { args, env, input, outputs }: CompileRequest,
  { family }: Toolchain,
  check: ArgumentsCheck,
): WorkerRefusal | undefined {
  const checked = check(family, args)
  // What is put in place is what is compiled, and what is written is what is asked for.
  const consistent = checked.ok && checked.inputPath === input.path && outputs.includes(checked.output)
  return consistent && env.every(isShippedVariable) ? undefined : 'arguments-refused'
}

/** The compile as it is run here. */
export function runRequest(request: CompileRequest, toolchain: Toolchain, input: Uint8Array): RunRequest {
  return {
    compiler: toolchain.driver,
    args: request.args,
    cwd: request.cwd,
    env: [`PATH=${[dirname(toolchain.driver), ...PATH_FOLDERS].join(':')}`, ...request.env],
    files: [{ path: request.input.path, bytes: input }],
    outputs: request.outputs,
  }
}

/** Where drivers look for the assembler: the machine's own, whatever the node was started with. */
const PATH_FOLDERS = ['/usr/local/bin', '/usr/bin', '/bin'] as const

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
  ['RUNNER_PATH_REFUSED', 'arguments-refused'],
  ['RUNNER_COMPILER_REFUSED', 'sandbox-failed'],
  ['RUNNER_NOT_STARTED', 'sandbox-failed'],
  ['RUNNER_TIME_LIMIT', 'time-limit'],
  ['RUNNER_TOO_LARGE', 'too-large'],
])
