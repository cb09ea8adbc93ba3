import assert from 'node:assert/strict'
import { compilerFamily } from '../../../src/compiler/compiler-names.ts'
import type { CompileInvocation } from '../../../src/compiler/invocation.ts'
import { parseInvocation } from '../../../src/compiler/parse-invocation.ts'
import { filesOf, splitWords } from './command-table.ts'

/** The compile that a command line asks for: `gcc -c a.c`. */
export function compileOf(line: string): CompileInvocation {
  const [tool = '', ...args] = splitWords(line)
  const family = compilerFamily(tool)
  assert.ok(family !== undefined, tool)
  const invocation = parseInvocation({ family, tool, args, cwd: '/w', env: new Map() }, filesOf(new Map()))
  assert.ok(invocation.kind === 'compile', `${line} stays here: ${JSON.stringify(invocation)}`)
  return invocation
}
