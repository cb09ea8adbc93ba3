import type { CompilerFamily } from './invocation.ts'

/** The names under which the launcher stands in for compilers; versioned and cross compilers end in one of them. */
export const COMPILER_NAMES = ['cc', 'c++', 'gcc', 'g++', 'clang', 'clang++'] as const

/** `cc` and `c++` are whatever they link to: resolve them first. */
const FAMILIES: ReadonlyMap<string, CompilerFamily> = new Map([
  ['gcc', 'gcc'],
  ['g++', 'gcc'],
  ['clang', 'clang'],
  ['clang++', 'clang'],
])

const CXX_DRIVERS: ReadonlySet<string> = new Set(['c++', 'g++', 'clang++'])

/** Whose compiler a name or path is, by its last part: `/usr/bin/x86_64-linux-gnu-g++-12` is gcc's. */
export function compilerFamily(tool: string): CompilerFamily | undefined {
  return FAMILIES.get(plainName(tool))
}

/** Whether the name makes a driver take C sources for C++. */
export function isCxxDriver(tool: string): boolean {
  return CXX_DRIVERS.has(plainName(tool))
}

/** `/usr/bin/aarch64-linux-gnu-g++-12.exe` is `g++`. */
function plainName(tool: string): string {
  const name = tool.slice(Math.max(tool.lastIndexOf('/'), tool.lastIndexOf('\\')) + 1)
  const bare = name.replace(/\.exe$/i, '').replace(/-[0-9]+(\.[0-9]+)*$/, '')
  return bare.slice(bare.lastIndexOf('-') + 1)
}
