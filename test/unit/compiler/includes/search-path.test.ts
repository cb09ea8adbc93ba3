import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { buildSearchPath } from '../../../../src/compiler/includes/build-search-path.ts'
import {
  type DefaultSearchPath,
  environmentFolders,
  parseSearchPath,
  questionEnvironment,
  searchPathQuestion,
} from '../../../../src/compiler/includes/default-search-path.ts'
import type { SearchStart } from '../../../../src/compiler/includes/directive-scan.ts'
import { includeOptions } from '../../../../src/compiler/includes/include-options.ts'
import { placesFor } from '../../../../src/compiler/includes/places.ts'
import type { SearchPath } from '../../../../src/compiler/includes/search-path.ts'
import type { CompilerFamily } from '../../../../src/compiler/invocation.ts'

function optionsOf(line: string) {
  return includeOptions([{ words: [] }, ...line.split(' ').map((word) => ({ words: word.split('~') }))])
}

const SYSTEM: DefaultSearchPath = { quote: [], system: [{ path: '/sys', framework: false }], absent: [] }

/** The search path of a line of options, run in `/w`, where all folders exist but those called `none`. Values that stand apart are joined by `~`. */
function searchPathOf(line: string, family: CompilerFamily = 'gcc', defaults = SYSTEM): SearchPath | undefined {
  const parts = { family, cwd: '/w', options: optionsOf(line), defaults, environment: { bracket: [], system: [] } }
  return buildSearchPath(parts, (path) => (path.includes('none') ? undefined : path))
}

function folders(line: string, family: CompilerFamily = 'gcc'): readonly string[] {
  return searchPathOf(line, family)?.folders.map(({ path }) => path) ?? ['untold']
}

function places(path: SearchPath | undefined, start: SearchStart, name: string): readonly string[] {
  assert.ok(path !== undefined)
  const asker = { folder: '/asker', index: -1, cwd: '/w' }
  return placesFor(path, asker, start, name).places.map((place) => `${place.folder}/${place.name}`)
}

describe('the options of a command line', () => {
  test('say in each of their spellings where to look', () => {
    for (const line of ['-Ia', '-I~a', '--include-directory=a', '--include-directory~a', '-Wp,-Ia', '-Wp,-I,a']) {
      assert.deepEqual(optionsOf(line).bracket, ['a'], line)
    }
    assert.deepEqual(optionsOf('-iquotea -iquote~b').quote, ['a', 'b'])
    assert.deepEqual(optionsOf('-isystema -isystem~b').system, ['a', 'b'])
    assert.deepEqual(optionsOf('-idiraftera --include-directory-after=b').after, ['a', 'b'])
    assert.deepEqual(optionsOf('--embed-dir=a --embed-dir~b').embed, ['a', 'b'])
  })

  test('say what is included first, and what is defined', () => {
    assert.deepEqual(optionsOf('-include~a -imacrosb --include=c --imacros~d').forcedIncludes, ['a', 'b', 'c', 'd'])
    assert.deepEqual(optionsOf('-DA -D~B=1 --define-macro=C -Wp,-DD').defines, ['A', 'B=1', 'C', 'D'])
  })

  test('name the target, and a system root of which -isysroot is the stronger', () => {
    assert.deepEqual(optionsOf('-m32 -nostdinc -target~arm -O2').targetWords, ['-m32', '-nostdinc', '-target', 'arm'])
    assert.equal(optionsOf('-isysroot~/a --sysroot=/b').sysroot, '/a')
    assert.equal(optionsOf('--sysroot=/b').sysroot, '/b')
  })

  test('are beyond us by name', () => {
    for (const line of [
      '-Xpreprocessor~-Ia',
      '-ivfsoverlay~a',
      '-B/x',
      '-iprefix~/p',
      '-finput-charset=utf-16',
      '-remap',
    ]) {
      assert.notEqual(optionsOf(line).unsupported, undefined, line)
    }
    assert.equal(optionsOf('-finput-charset=UTF-8 -mllvm~-Bx -O2').unsupported, undefined)
  })
})

describe('a search path', () => {
  test('has quote, bracket, system and later folders in their order', () => {
    assert.deepEqual(folders('-idirafter~a -isystem~s -Ii -iquote~q'), ['/w/q', '/w/i', '/w/s', '/sys', '/w/a'])
  })

  test('leaves out absent folders and remembers them', () => {
    const path = searchPathOf('-Inone -Ii')
    assert.deepEqual([path?.folders.map((folder) => folder.path), path?.absent], [['/w/i', '/sys'], ['/w/none']])
  })

  test('has each folder once: of a system folder and another, the system folder stays', () => {
    assert.deepEqual(folders('-Ii -Ij -Ii -I./i/'), ['/w/i', '/w/j', '/sys'])
    assert.deepEqual(folders('-I/sys -Ii'), ['/w/i', '/sys'])
    assert.deepEqual(folders('-iquote~/sys -Ii', 'gcc'), ['/w/i', '/sys'])
    assert.deepEqual(folders('-iquote~/sys -Ii', 'clang'), ['/sys', '/w/i', '/sys'])
  })

  test('is split by -I-: what was before is for quotes only, and files no longer look beside themselves', () => {
    const path = searchPathOf('-Ia -I- -Ib')
    assert.deepEqual(places(path, 'quote', 'x.h'), ['/w/a/x.h', '/w/b/x.h', '/sys/x.h'])
    assert.deepEqual(places(path, 'angle', 'x.h'), ['/w/b/x.h', '/sys/x.h'])
    assert.deepEqual(places(searchPathOf('-Ia'), 'quote', 'x.h'), ['/asker/x.h', '/w/a/x.h', '/sys/x.h'])
  })

  test('for embedded files has the folders of --embed-dir only', () => {
    const path = searchPathOf('-Ia --embed-dir=e')
    assert.deepEqual(places(path, 'embed-quote', 'x'), ['/asker/x', '/w/e/x'])
    assert.deepEqual(places(path, 'embed-angle', 'x'), ['/w/e/x'])
  })

  test('for assembly begins at the working directory', () => {
    assert.deepEqual(places(searchPathOf('-Ia'), 'assembler', 'x'), ['/w/x', '/w/a/x', '/sys/x'])
  })

  test('puts the system root where = or $SYSROOT stands', () => {
    assert.deepEqual(folders('--sysroot=/r -I=/i -isystem~=s -I$SYSROOT/v'), ['/r/i', '/r/v', '/rs', '/sys'])
    assert.deepEqual(folders('--sysroot=/r -I=/i -isystem~=s', 'clang'), ['/r/i', '/w/=s', '/sys'])
    assert.deepEqual(folders('-I=/i'), ['untold'])
  })

  test('looks for frameworks in their own way', () => {
    const system = [{ path: '/F', framework: true }]
    const path = searchPathOf('-O2', 'clang', { quote: [], system, absent: [] })
    assert.deepEqual(places(path, 'angle', 'A/x.h'), [
      '/F/A.framework/Headers/x.h',
      '/F/A.framework/PrivateHeaders/x.h',
    ])
    assert.deepEqual(places(path, 'angle', 'x.h'), [])
  })

  test('is interned by all that a search depends on', () => {
    assert.equal(searchPathOf('-Ia')?.key, searchPathOf('-I./a -Inone')?.key)
    for (const other of ['-Ib', '-iquote~a', '-Ia --embed-dir=e', '-I- -Ia']) {
      assert.notEqual(searchPathOf('-Ia')?.key, searchPathOf(other)?.key, other)
    }
  })
})

describe('what a compiler tells of its own search path', () => {
  const printed = (...lines: readonly string[]) => [...lines, 'End of search list.', ''].join('\n')

  test('is read from its lists', () => {
    const text = printed(
      'ignoring nonexistent directory "/none"',
      'ignoring duplicate directory "/sys"',
      '#include "..." search starts here:',
      ' /q',
      '#include <...> search starts here:',
      ' /sys with blank',
      ' /F (framework directory)',
    )
    assert.deepEqual(parseSearchPath(text), {
      quote: ['/q'],
      system: [
        { path: '/sys with blank', framework: false },
        { path: '/F', framework: true },
      ],
      absent: ['/none'],
    })
  })

  test('is of no use in another form, or when a configuration file adds options', () => {
    assert.equal(parseSearchPath(''), undefined)
    const nowhere = 'clang -cc1 version 14.0.6 based upon LLVM 14.0.6 default target x86_64-pc-linux-gnu\n'
    assert.deepEqual(parseSearchPath(nowhere), { quote: [], system: [], absent: [] }, 'clang under -nostdinc')
    assert.equal(parseSearchPath('#include <...> search starts here:\n /sys\n'), undefined)
    assert.equal(
      parseSearchPath(printed('Configuration file: /etc/clang.cfg', '#include <...> search starts here:', ' /sys')),
      undefined,
    )
  })

  test('is asked for in its language, without what the environment adds', () => {
    assert.deepEqual(searchPathQuestion('c++', ['-m32']).slice(0, 5), ['-m32', '-E', '-v', '-x', 'c++'])
    const env = new Map(
      Object.entries({ CPATH: 'a', C_INCLUDE_PATH: 'b', LANG: 'de', LC_MESSAGES: 'de', PATH: '/bin' }),
    )
    assert.deepEqual(
      [...questionEnvironment(env)],
      [
        ['PATH', '/bin'],
        ['LC_ALL', 'C'],
      ],
    )
  })

  test('is completed from the environment: an empty part is the working directory', () => {
    const env = new Map(Object.entries({ CPATH: 'a::b', C_INCLUDE_PATH: 'c', CPLUS_INCLUDE_PATH: 'd:' }))
    assert.deepEqual(environmentFolders(env, 'c'), { bracket: ['a', '.', 'b'], system: ['c'] })
    assert.deepEqual(environmentFolders(env, 'c++'), { bracket: ['a', '.', 'b'], system: ['d', '.'] })
    assert.deepEqual(environmentFolders(new Map([['CPATH', '']]), 'c'), { bracket: [], system: [] })
  })
})
