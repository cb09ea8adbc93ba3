import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseLinkerCall } from '../../../../src/compiler/links/linker-call.ts'

const GCC = `Using built-in specs.
COLLECT_GCC=gcc
Thread model: posix
COLLECT_GCC_OPTIONS='-o' 'conftest' '-L.'
 /gcc/cc1 -quiet conftest.c -o /tmp/cc1.s
 as --64 -o /tmp/cc2.o /tmp/cc1.s
COMPILER_PATH=/gcc/
 /gcc/collect2 -plugin /gcc/liblto_plugin.so "-plugin-opt=-fresolution=/tmp/cc3.res" --build-id -m elf_x86_64 "--hash-style=gnu" -dynamic-linker /lib64/ld.so.2 -pie -o conftest /lib/Scrt1.o -L. -L/gcc /tmp/cc2.o -lm -Bstatic -lx -Bdynamic --push-state --as-needed -lgcc_s --pop-state -lc /lib/crtn.o
`

const CLANG = `Debian clang version 14.0.6
InstalledDir: /usr/bin
 "/llvm/clang" "-cc1" "-emit-obj" "-o" "/tmp/conftest-1.o" "-x" "c" "conftest.c"
 "/usr/bin/ld" "-pie" "-o" "con \\"test\\"" "/lib/Scrt1.o" "-L/opt/my lib" "/tmp/conftest-1.o" "-lc"
`

const library = (name: string, form = 'any') => ({ kind: 'library', name, form })
const file = (path: string) => ({ kind: 'file', path })

describe('what a driver would have its linker do', () => {
  test('is read from gcc', () => {
    assert.deepEqual(parseLinkerCall(GCC), {
      program: '/gcc/collect2',
      plugins: ['/gcc/liblto_plugin.so'],
      folders: ['.', '/gcc'],
      inputs: [
        file('/lib/Scrt1.o'),
        library('m'),
        library('x', 'archive'),
        library('gcc_s'),
        library('c'),
        file('/lib/crtn.o'),
      ],
    })
  })

  test('is read from clang, which quotes all', () => {
    const call = parseLinkerCall(CLANG)
    assert.deepEqual(call?.folders, ['/opt/my lib'])
    assert.deepEqual(call?.inputs, [file('/lib/Scrt1.o'), library('c')])
  })

  for (const word of [
    '-T list.ld',
    '--version-script=v',
    '-rpath /opt',
    '--dynamic-list=d',
    '-l:libx.a',
    '-R x',
    '@file',
  ]) {
    test(`is given up where it may read a file that we do not know: ${word}`, () => {
      assert.equal(parseLinkerCall(GCC.replace(' -lm ', ` ${word} `)), undefined)
    })
  }

  for (const [what, printed] of Object.entries({
    nothing: '',
    'an error': 'gcc: fatal error: no input files\n',
    'one command': ' ld -o a.out x.o -lc\n',
    'a link of something else': GCC.replaceAll('/tmp/cc2.o', '').replace('-o  /tmp', '-o /tmp/cc9.o /tmp'),
  })) {
    test(`is not read from ${what}`, () => assert.equal(parseLinkerCall(printed), undefined))
  }
})
