import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rewriteArguments, rewriteEnvironment } from '../../../src/cli/rewrite-compilers.ts'

const KNOWN = new Map([
  ['/usr/bin/gcc', '/ours/gcc'],
  ['/usr/bin/g++', '/ours/g++'],
  ['/opt/my tools/clang', '/ours/clang'],
])
const standIn = (compiler: string) => KNOWN.get(compiler)

const args: readonly [what: string, arg: string, expected: string][] = [
  ['make', 'CC=/usr/bin/gcc', 'CC=/ours/gcc'],
  ['make, at once', 'CC:=/usr/bin/gcc', 'CC:=/ours/gcc'],
  ['options of its own', 'CXX=/usr/bin/g++ -m32 -O2', 'CXX=/ours/g++ -m32 -O2'],
  ['space in front', 'CC= /usr/bin/gcc -m32', 'CC= /ours/gcc -m32'],
  ['the kernel’s', 'HOSTCC=/usr/bin/gcc', 'HOSTCC=/ours/gcc'],
  ['CMake', '-DCMAKE_C_COMPILER=/usr/bin/gcc', '-DCMAKE_C_COMPILER=/ours/gcc'],
  ['CMake with a type', '-DCMAKE_CXX_COMPILER:FILEPATH=/usr/bin/g++', '-DCMAKE_CXX_COMPILER:FILEPATH=/ours/g++'],
  ['CMake with a list', '-DCMAKE_C_COMPILER=/usr/bin/gcc;-m32', '-DCMAKE_C_COMPILER=/ours/gcc;-m32'],
  ['CMake, the -D apart', 'CMAKE_C_COMPILER=/usr/bin/gcc', 'CMAKE_C_COMPILER=/ours/gcc'],
  ['a space in the path', '-DCMAKE_C_COMPILER=/opt/my tools/clang', '-DCMAKE_C_COMPILER=/ours/clang'],
  ['a name', 'CC=gcc', 'CC=gcc'],
  ['a compiler that is not known', 'CC=/usr/bin/tcc', 'CC=/usr/bin/tcc'],
  ['a wrapper', 'CC=ccache /usr/bin/gcc', 'CC=ccache /usr/bin/gcc'],
  ['another variable', 'CFLAGS=/usr/bin/gcc', 'CFLAGS=/usr/bin/gcc'],
  ['a linker', 'LD=/usr/bin/gcc', 'LD=/usr/bin/gcc'],
  ['the compiler itself', '/usr/bin/gcc', '/usr/bin/gcc'],
  ['nothing', 'CC=', 'CC='],
]
for (const [what, arg, expected] of args) {
  test(`on a command line, ${what}: ${arg}`, () => {
    assert.deepEqual(rewriteArguments(['make', arg], standIn), ['make', expected])
  })
}

test('in the environment the same variables are rewritten, and no others', () => {
  assert.deepEqual(
    rewriteEnvironment({ CC: '/usr/bin/gcc -m32', CXX: 'g++', AS: '/usr/bin/gcc', HOME: undefined }, standIn),
    { CC: '/ours/gcc -m32', CXX: 'g++', AS: '/usr/bin/gcc', HOME: undefined },
  )
})
