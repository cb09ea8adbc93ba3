import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { describeResult, runCommand } from '../lan/lab/command.ts'

/** One call of a compiler, as a build made it. */
export interface RecordedCall {
  readonly tool: string
  readonly args: readonly string[]
  readonly cwd: string
}

export interface RecordingInit {
  /** Where the build runs. */
  readonly cwd: string
  /** For the recorder's own files. */
  readonly scratch: string
  readonly timeoutMs: number
}

const TOOLS = ['cc', 'gcc', 'c++', 'g++', 'clang', 'clang++'] as const

/** Runs a build with compilers that note how they are called. What they make is not optimised: only the calls count. */
export async function recordCompiles(
  command: readonly string[],
  { cwd, scratch, timeoutMs }: RecordingInit,
): Promise<readonly RecordedCall[]> {
  const records = join(scratch, 'records')
  const bin = join(scratch, 'bin')
  await mkdir(records, { recursive: true })
  await mkdir(bin, { recursive: true })
  for (const tool of TOOLS) {
    await writeFile(join(bin, tool), recorder(tool, records))
    await chmod(join(bin, tool), 0o755)
  }
  const env = { ...definedOf(process.env), PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` }
  const result = await runCommand(command, { cwd, env, timeoutMs })
  if (result.exitCode !== 0) throw new Error(describeResult(result))
  const calls = await Promise.all((await readdir(records)).map((name) => readFile(join(records, name), 'utf8')))
  return calls.map(parseRecord)
}

/** Whether a call's sources are still there: probes of a `./configure` leave nothing behind that could be compiled again. */
export function hasSources({ args, cwd }: RecordedCall): boolean {
  return sourcesOf(args).every((path) => existsSync(resolve(cwd, path)))
}

export function sourcesOf(args: readonly string[]): readonly string[] {
  return args.filter((word) => /\.(?:c|cc|cpp|cxx|S)$/.test(word))
}

/** A file for each call: two compilers that write to one file could mix their words. */
function recorder(tool: string, records: string): string {
  return `#!/bin/sh
printf '%s\\0' ${tool} "$PWD" "$@" > "$(mktemp ${records}/XXXXXXXXXX)"
PATH="\${PATH#*:}" exec ${tool} "$@" -O0 -w
`
}

function parseRecord(text: string): RecordedCall {
  const [tool = '', cwd = '', ...args] = text.split('\0').slice(0, -1)
  return { tool, args, cwd }
}

function definedOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
