import { execFile } from 'node:child_process'
import { TOOLCHAIN_ANSWER_MAX_BYTES, TOOLCHAIN_QUESTION_MS } from '../base/limits.ts'

export interface Answer {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Asks compilers of this machine about themselves. */
export interface ToolchainProcesses {
  /** Undefined when the program cannot be started, ends by a signal, or says too much or nothing in time. */
  ask(
    argv: readonly string[],
    init: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
  ): Promise<Answer | undefined>
}

/** The real ones. */
export const toolchainProcesses: ToolchainProcesses = {
  ask: ([program = '', ...args], { cwd, env }) =>
    new Promise((resolve) => {
      const bounds = {
        timeout: TOOLCHAIN_QUESTION_MS,
        killSignal: 'SIGKILL',
        maxBuffer: TOOLCHAIN_ANSWER_MAX_BYTES,
      } as const
      const child = execFile(program, args, { cwd, env, ...bounds }, (error, stdout, stderr) => {
        if (error === null) resolve({ exitCode: 0, stdout, stderr })
        else resolve(typeof error.code === 'number' ? { exitCode: error.code, stdout, stderr } : undefined)
      })
      child.stdin?.end()
    }),
}
