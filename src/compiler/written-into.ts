import type { CompileInvocation } from './invocation.ts'

/**
 * Whether compilers write into a file of this name that is there, which keeps its rights and owner then, where they put a new
 * one in the place of others. As gcc 12 and clang 14 do.
 */
export function isWrittenInto({ family, mode, output, dependency }: WrittenBy, path: string): boolean {
  if (path === output) return mode === 'dependencies' || (mode === 'assembly' && family === 'gcc')
  return path === dependency?.path || NOTES.some((suffix) => path.endsWith(suffix))
}

type WrittenBy = Pick<CompileInvocation, 'family' | 'mode' | 'output' | 'dependency'>

const NOTES = ['.su', '.ci', '.gcno']
