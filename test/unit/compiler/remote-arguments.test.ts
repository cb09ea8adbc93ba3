import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ARGUMENTS_MAX, PATH_MAX_BYTES } from '../../../src/base/limits.ts'
import type { CompilerFamily } from '../../../src/compiler/invocation.ts'
import { checkRemoteArguments, remoteArguments } from '../../../src/compiler/remote-arguments.ts'
import { compileOf } from './compile-of.ts'

const check = (family: CompilerFamily, line: string) => checkRemoteArguments(family, line.split(' '))

describe('a worker takes', () => {
  const TAKEN: readonly (readonly [string, CompilerFamily, string])[] = [
    ['a plain compile', 'gcc', '-c -O2 -x cpp-output a.c -o a.o'],
    ['assembly', 'clang', '-S -O2 -x c a.c -o a.s'],
    ['names inside the sandbox, wherever they lead', 'gcc', '-c -x c ../src/a.c -o /client/build/a.o'],
    ['text with macros, by gcc', 'gcc', '-c -DX=1 -nostdinc -x c a.c -o a.o'],
    ['text with macros, told so', 'gcc', '-c -fpreprocessed -fdirectives-only -x c++ a.cc -o a.o'],
    ['text with macros, by clang', 'clang', '-c -DX=1 -UY -Wp,-DZ -x c++ a.cc -o a.o'],
    ['harmless words for the assembler', 'gcc', '-c -Wa,--noexecstack -x c a.c -o a.o'],
    ['a target', 'clang', '-c -target aarch64-linux-gnu -x c a.c -o a.o'],
    ['maps of paths', 'gcc', '-c -fdebug-prefix-map=/a=/b -x c a.c -o a.o'],
  ]
  for (const [name, family, line] of TAKEN) test(name, () => assert.equal(check(family, line).ok, true))
})

describe('a worker refuses', () => {
  /** Each in the middle of a compile that is otherwise taken. */
  const REFUSED: readonly (readonly [string, string])[] = [
    ['a plugin', '-fplugin=/tmp/evil.so'],
    ['a plugin of clang', '-fpass-plugin=evil.so'],
    ['a plugin behind the driver', '-Xclang -load'],
    ['specs', '-specs=evil.specs'],
    ['specs, apart', '-specs evil.specs'],
    ['specs, the long way', '--specs=evil.specs'],
    ['programs elsewhere', '-B/tmp/evil'],
    ['programs elsewhere, apart', '-B evil'],
    ['a wrapper', '-wrapper sh,-c,evil'],
    ['a response file', '@evil'],
    ['a response file for the assembler', '-Wa,@evil'],
    ['a source for the assembler', '-Wa,evil.s'],
    ['a listing of the assembler', '-Wa,-a=evil'],
    ['an output of the assembler', '-Wa,-o,evil'],
    ['words for the assembler, apart', '-Xassembler -o'],
    ['words for the preprocessor', '-Wp,-include,/etc/passwd'],
    ['words for the preprocessor, apart', '-Xpreprocessor -include'],
    ['words for the linker', '-Wl,-o,evil'],
    ['words for LLVM', '-mllvm -load=evil.so'],
    ['a header of the worker', '-include /etc/passwd'],
    ['macros of the worker', '-imacros /etc/passwd'],
    ['folders of the worker', '-I/etc'],
    ['system folders of the worker', '-isystem /etc'],
    ['a sysroot', '--sysroot=/etc'],
    ['dependencies', '-MD'],
    ['a dependency file', '-MF /tmp/evil'],
    ['dependencies through the preprocessor', '-Wp,-MD,/tmp/evil'],
    ['dumps', '-fdump-tree-all=/tmp/evil'],
    ['dumps by letters', '-dr'],
    ['a base for dumps', '-dumpdir /tmp/evil'],
    ['temporary files kept', '-save-temps=obj'],
    ['a profile to read', '-fprofile-use=/etc/passwd'],
    ['a profile to write', '-fprofile-generate=/tmp/evil'],
    ['coverage', '--coverage'],
    ['modules', '-fmodules'],
    ['a module mapper, which is a program', '-fmodule-mapper=|evil'],
    ['a configuration file', '--config evil'],
    ['a resource folder', '-resource-dir=/tmp/evil'],
    ['a file that an option yet to be invented might name', '-fnew-idea=/etc/passwd'],
    ['native tuning', '-march=native'],
    ['an option that nobody knows', '--frobnicate'],
    ['a second output', '-o /tmp/evil'],
    ['a second source', 'evil.c'],
    ['stdin', '-'],
    ['the end of options', '--'],
    ['a link', '-lm'],
    ['preprocessing', '-E'],
    ['a second stop', '-S'],
    ['questions', '--version'],
    ['chatter', '-v'],
    ['assembly as the language', '-x assembler-with-cpp'],
    ['a language that nobody knows', '-x evil'],
    ['a NUL', '-DX\0Y'],
    ['a NUL in a value', '-D X\0Y'],
  ]
  for (const family of ['gcc', 'clang'] as const) {
    for (const [name, words] of REFUSED) {
      test(`${name}, by ${family}`, () => {
        assert.equal(check(family, `-c -O2 -x c a.c -o a.o`).ok, true)
        assert.equal(check(family, `-c -O2 ${words} -x c a.c -o a.o`).ok, false)
        assert.equal(check(family, `-c -O2 -x c a.c -o a.o ${words}`).ok, false)
      })
    }
  }

  test('what is no whole compile', () => {
    for (const line of ['', '-c', '-c a.c', '-c -o a.o', 'a.c -o a.o', '-c a.c -o', '-c a.c -x', '-c a.c -o -']) {
      for (const family of ['gcc', 'clang'] as const) assert.equal(check(family, line).ok, false, line)
    }
  })

  test('names that are none', () => {
    for (const name of ['', '-a', '@a', 'a/', 'a'.repeat(PATH_MAX_BYTES + 1)]) {
      assert.equal(checkRemoteArguments('gcc', ['-c', name, '-o', 'a.o']).ok, false, `source ${name}`)
      assert.equal(checkRemoteArguments('gcc', ['-c', 'a.c', '-o', name]).ok, false, `output ${name}`)
    }
  })

  test('more arguments than a command line has', () => {
    const args = ['-c', 'a.c', '-o', 'a.o', ...Array(ARGUMENTS_MAX).fill('-O2')]
    assert.equal(checkRemoteArguments('gcc', args).ok, false)
  })

  test('and says which argument it was', () => {
    assert.deepEqual(check('gcc', '-c -fplugin=x a.c -o a.o'), { ok: false, argument: '-fplugin=x' })
  })
})

describe('what a worker is told', () => {
  const TOLD: readonly (readonly [string, string, string])[] = [
    [
      'macros travel in what gcc takes for the source',
      'gcc -DX -Iinc -O2 -g -c a.c',
      '-c -DX -O2 -g -nostdinc -x c a.c -o a.o',
    ],
    [
      'a forced header makes it preprocessed text',
      'gcc -DX -include x.h -O2 -c a.c',
      '-c -O2 -fpreprocessed -fdirectives-only -x c a.c -o a.o',
    ],
    [
      'an odd name makes it preprocessed text',
      'gcc -DX -O2 -c umläut.c',
      '-c -O2 -fpreprocessed -fdirectives-only -x c umläut.c -o umläut.o',
    ],
    ['macros travel beside what clang rewrote', 'clang -DX -Iinc -c a.cc', '-c -DX -x c++ a.cc -o a.o'],
    ['preprocessed sources go as they are', 'gcc -O2 -c a.ii', '-c -O2 -x c++-cpp-output a.ii -o a.o'],
    ['a link leaves an object for the linker here', 'gcc src/a.c -lm -o p', '-c -nostdinc -x c src/a.c -o a.o'],
    ['assembly', 'gcc -S a.c -o x.s', '-S -nostdinc -x c a.c -o x.s'],
    ['dependencies stay', 'gcc -MD -MF a.d -MT x -c a.c', '-c -nostdinc -x c a.c -o a.o'],
  ]
  for (const [name, line, expected] of TOLD) {
    test(name, () => assert.equal(remoteArguments(compileOf(line)).args.join(' '), expected))
  }

  test('further outputs are asked for by name', () => {
    const { outputs } = remoteArguments(compileOf('gcc -g -gsplit-dwarf -fstack-usage -c a.c -o x/a.o'))
    assert.deepEqual(outputs, ['x/a.o', 'x/a.dwo', 'x/a.su'])
  })
})
