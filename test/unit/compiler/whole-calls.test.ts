import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { CompileInvocation } from '../../../src/compiler/invocation.ts'
import { parseInvocation } from '../../../src/compiler/parse-invocation.ts'
import { wholeArguments } from '../../../src/compiler/tree-arguments.ts'

/** Calls whose results the cache keeps though they stay here, with what they write. */
const KEPT: Readonly<Record<string, { readonly mode: CompileInvocation['mode']; readonly output: string }>> = {
  '-c conftest.c': { mode: 'object', output: 'conftest.o' },
  '-c -g -O2 -Wall conftest.c': { mode: 'object', output: 'conftest.o' },
  '-o conftest conftest.c': { mode: 'link', output: 'conftest' },
  '-o conftest -g conftest.c -lm -L/opt/lib': { mode: 'link', output: 'conftest' },
  'conftest.c': { mode: 'link', output: 'a.out' },
  '-shared -fPIC conftest.c -o conftest.so': { mode: 'link', output: 'conftest.so' },
  '-o conftest conftest.c other.o': { mode: 'link', output: 'conftest' },
  '-MM a.c -o a.d': { mode: 'dependencies', output: 'a.d' },
  '-M -MT a.o -MP -Iinc a.c -o out/a.d': { mode: 'dependencies', output: 'out/a.d' },
}

/** Calls that would be the same to nobody, or do more than can be kept. */
const NOT_KEPT: Readonly<Record<string, string>> = {
  'a name that the next run does not use': '-c tmp.conftest.c',
  'a folder that the next run does not use': '-c /b/CMakeFiles/CMakeScratch/TryCompile-a1/src.c',
  'two tests at once': '-o conftest conftest.c conftest.cc',
  'a refused option': '-fplugin=x.so -c conftest.c',
  'a link that also lists dependencies': '-MD -o conftest conftest.c',
  'a link that writes further files': '-gsplit-dwarf -o conftest conftest.c',
  'a test that is only preprocessed': '-E conftest.c',
  'dependencies on stdout': '-MM a.c',
  'dependencies of several sources': '-MM a.c b.c -o ab.d',
  'dependencies to a file of another name': '-MM a.c -MF a.d',
  'dependencies that may be missing': '-MM -MG a.c -o a.d',
  'text behind its dependencies': '-E -MM a.c -o a.d',
  'dependencies beside a compile': '-MMD -MM a.c -o a.d',
}

describe('a call that stays here', () => {
  for (const [line, expected] of Object.entries(KEPT)) {
    for (const family of ['gcc', 'clang'] as const) {
      test(`is kept: ${family} ${line}`, () => {
        const args = line.split(' ')
        const { whole } = stays(family, args)
        assert.deepEqual(whole && { mode: whole.mode, output: whole.output }, expected)
        assert.deepEqual(whole && wholeArguments(whole), { args, outputs: [expected.output] })
      })
    }
  }

  for (const [why, line] of Object.entries(NOT_KEPT)) {
    test(`is not kept for ${why}: ${line}`, () => assert.equal(stays('gcc', line.split(' ')).whole, undefined))
  }

  test('is not kept when a device or link stands where the program goes', () => {
    assert.equal(stays('gcc', ['-o', 'conftest', 'conftest.c'], false).whole, undefined)
  })

  test('is not kept when its words come from a file', () => {
    const files = { read: () => Buffer.from('-c conftest.c'), mayBeReplaced: () => true, exists: () => true }
    const call = { family: 'gcc', tool: 'gcc', args: ['@words'], cwd: '/w', env: new Map() } as const
    const invocation = parseInvocation(call, files)
    assert.equal(invocation.kind === 'local' && invocation.reason, 'configure-test')
    assert.equal(invocation.kind === 'local' && invocation.whole, undefined)
  })
})

/** Lists of several sources that are not the same as lists of one source after the other. */
const ONE_CALL: Readonly<Record<string, string>> = {
  'it has one source': '-MM a.c',
  'all goes into one file': '-MM a.c b.c -o ab.d',
  'all goes into one file of another name': '-MM a.c b.c -MF ab.d',
  'headers may be missing': '-MM -MG a.c b.c',
  'text follows': '-E -MM a.c b.c',
  'sources are compiled': '-MMD -c a.c b.c',
  'a source may be the value of an option': '-MM -include a.c a.c b.c',
  'the language is said for those behind': '-MM a.c -x c++ b.c',
  'a source is not there': '-MM a.c absent.c',
  'an object is among them': '-MM a.c b.o',
  'one comes from stdin': '-MM a.c -',
  'an option is not known': '-MM --frobnicate a.c b.c',
}

describe('a list of what several sources include', () => {
  for (const family of ['gcc', 'clang'] as const) {
    test(`is severable: ${family} -MM`, () => {
      const { severable, whole } = stays(family, '-Iinc -DX=1 -MM a.c -Wall b.cc sub/c.c'.split(' '))
      assert.deepEqual([severable, whole], [['a.c', 'b.cc', 'sub/c.c'], undefined])
    })
  }

  for (const [why, line] of Object.entries(ONE_CALL)) {
    test(`is one call where ${why}: ${line}`, () => {
      const files = { read: () => undefined, mayBeReplaced: () => true, exists: isThere }
      const call = { family: 'gcc', tool: 'gcc', args: line.split(' '), cwd: '/w', env: new Map() } as const
      const invocation = parseInvocation(call, files)
      assert.equal(invocation.kind === 'local' && invocation.severable, undefined)
    })
  }

  test('is one call where the environment names a file for it', () => {
    const files = { read: () => undefined, mayBeReplaced: () => true, exists: () => true }
    const env = new Map([['DEPENDENCIES_OUTPUT', 'x.d']])
    const call = { family: 'gcc', tool: 'gcc', args: ['-MM', 'a.c', 'b.c'], cwd: '/w', env } as const
    const invocation = parseInvocation(call, files)
    assert.equal(invocation.kind === 'local' && invocation.severable, undefined)
  })
})

function isThere(path: string): boolean {
  return !path.includes('absent')
}

function stays(family: 'gcc' | 'clang', args: readonly string[], regular = true) {
  const files = { read: () => undefined, mayBeReplaced: () => regular, exists: () => true }
  const invocation = parseInvocation({ family, tool: family, args, cwd: '/w', env: new Map() }, files)
  assert.ok(invocation.kind === 'local' && invocation.light, 'it stays here')
  return invocation
}
