import type { CompileInvocation } from './invocation.ts'

/**
 * When compilers write into a file of this name that is there, which keeps its rights and owner then, where they put a new one
 * in the place of others. As gcc 12 and clang 14 do.
 */
export function whenWrittenInto(invocation: WrittenBy, path: string): 'always' | 'if-empty' | 'never' {
  const { family, mode, output, dependency } = invocation
  if (path === dependency?.path) return 'always'
  if (path !== output) return whenExtra(invocation, path)
  if (mode === 'dependencies') return 'always'
  if (mode === 'assembly') return family === 'gcc' ? 'always' : 'never'
  // The GNU assembler, as all of binutils, puts a new file only in place of what has something in it.
  return mode === 'object' && family === 'gcc' ? 'if-empty' : 'never'
}

type WrittenBy = Pick<CompileInvocation, 'family' | 'mode' | 'output' | 'dependency'>

function whenExtra({ family }: WrittenBy, path: string): 'always' | 'if-empty' | 'never' {
  if (path.endsWith('.dwo') && family === 'gcc') return 'if-empty' // By objcopy, out of the object.
  return path.endsWith('.dia') ? 'never' : 'always'
}
