import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { prerequisites } from '../../src/compiler/includes/told-includes.ts'
import type { CompileInvocation } from '../../src/compiler/invocation.ts'
import { runCommand } from '../lan/lab/command.ts'

/** Longest any compiler may think about one file's headers. */
const QUESTION_MAX_MS = 60_000

/** The files that `-M` says a compile reads, links followed; undefined where the compiler refuses the source. */
export async function listedFiles(
  compiler: string,
  { options, source, language }: Pick<CompileInvocation, 'options' | 'source' | 'language'>,
  cwd: string,
): Promise<readonly string[] | undefined> {
  const words = options.flatMap((option) => option.words)
  const argv = [compiler, ...words, '-w', '-M', '-x', language, source]
  const result = await runCommand(argv, { cwd, timeoutMs: QUESTION_MAX_MS })
  if (result.exitCode !== 0) return undefined
  return Promise.all(prerequisites(result.stdout).map((path) => realpath(resolve(cwd, path))))
}
