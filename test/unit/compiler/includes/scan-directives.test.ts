import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { asked, scanOf } from './scan-of.ts'

/** Sources and what they ask for. */
type Rows = Readonly<Record<string, readonly [source: string, ...asked: string[]]>>

function table(title: string, rows: Rows): void {
  describe(title, () => {
    for (const [name, [source, ...names]] of Object.entries(rows)) {
      test(name, () => {
        assert.deepEqual(asked(source), [...names].sort())
        assert.equal(scanOf(source).opaque, undefined)
      })
    }
  })
}

table('every directive that names a file is found:', {
  '#include with quotes': ['#include "a.h"\n', '"a.h"'],
  '#include with brackets': ['#include <a.h>\n', '<a.h>'],
  '#include_next': ['#include_next <a.h>\n#include_next "b.h"\n', 'next a.h', 'next b.h'],
  '#import': ['#import "a.h"\n#import <b.h>\n', '"a.h"', '<b.h>'],
  '#__include_macros': ['#__include_macros "a.h"\n', '"a.h"'],
  '#embed, with parameters': ['#embed "a.bin" limit(4) \n#embed <b.bin>\n', 'embed "a.bin"', 'embed <b.bin>'],
  'both branches of #if': [
    '#if 0\n#include "a.h"\n#elif X\n#include "b.h"\n#else\n#include "c.h"\n#endif\n',
    '"a.h"',
    '"b.h"',
    '"c.h"',
  ],
  'the same file twice, once': ['#include "a.h"\n#include "a.h"\n', '"a.h"'],
  'the last line, without its end': ['#include "a.h"', '"a.h"'],
  'the first line, behind a byte order mark': ['\ufeff#include "a.h"\n', '"a.h"'],
  'lines that end with CR LF': ['int a;\r\n#include "a.h"\r\n#include <b.h>\r\n', '"a.h"', '<b.h>'],
  'lines that end with CR': ['int a;\r#include "a.h"\r#include <b.h>\r', '"a.h"', '<b.h>'],
  'a name with blanks, a backslash and a hash': ['#include "a \\ #b.h"\n', '"a \\ #b.h"'],
  'a name in UTF-8': ['#include "é/日本.h"\n', '"é/日本.h"'],
  'words behind the name': ['#include "a.h" and more\n#include <b.h>// more\n', '"a.h"', '<b.h>'],
})

table('blanks and comments do not hide a directive:', {
  'none at all': ['#include"a.h"\n#include<b.h>\n', '"a.h"', '<b.h>'],
  'tabs, form feeds and vertical tabs': ['\t\f\v#\t\f\vinclude\t\f\v"a.h"\n', '"a.h"'],
  'NUL, which compilers take for a blank': ['\0#\0include\0"a.h"\n', '"a.h"'],
  'comments between all parts': ['/* 1 */ # /* 2 */ include /* 3 */ <a.h> /* 4 */\n', '<a.h>'],
  'a comment over lines before the hash': ['/* one\n two */ #include "a.h"\n', '"a.h"'],
  'a comment over lines within the directive': ['#include /* one\n two\n*/ "a.h"\n', '"a.h"'],
  'a comment that only looks like its end': ['/* // */ #include "a.h"\n', '"a.h"'],
  'a comment that the text before opens in a string': ['char *a = "/*";\n#include "a.h"\nchar *b = "*/";\n', '"a.h"'],
  'a quote that a comment holds': ['/* don\'t */\n#include "a.h"\n', '"a.h"'],
})

table('joined lines are one:', {
  'within the name of the directive': ['#inc\\\nlude "a.h"\n', '"a.h"'],
  'within the name of the file': ['#include "a\\\n.h"\n', '"a.h"'],
  'between the parts': ['#\\\n include\\\n\\\n "a.h"\n', '"a.h"'],
  'with CR LF': ['#incl\\\r\nude "a.h"\r\n', '"a.h"'],
  'with blanks behind the backslash': ['#incl\\ \t\nude "a.h"\n', '"a.h"'],
  'within the marks of a comment': ['/\\\n* one *\\\n/ #include "a.h"\n', '"a.h"'],
  'with a trigraph for the backslash': ['#incl??/\nude "a.h"\n', '"a.h"'],
  'as clang joins them, over a lone CR': ['#incl\\\rude "a.h"\n', '"a.h"'],
})

table('other spellings of # count:', {
  'the digraph': ['%:include "a.h"\n %: include <b.h>\n', '"a.h"', '<b.h>'],
  'the trigraph, whether or not it is replaced': ['??=include "a.h"\n', '"a.h"'],
  'trigraphs in a name, replaced or not': ['#include "a??-b.h"\n', '"a??-b.h"', '"a~b.h"'],
})

table('what is no directive asks for nothing:', {
  'a hash within a line': ['int a; #include "a.h"\n'],
  'in a string': ['char *a = "#include <a.h>";\nchar b[] = "\\n#include \\"b.h\\"";\n'],
  'in a character': ["int a = '#include';\n"],
  'behind //': ['// #include "a.h"\n'],
  'another directive': ['#includes "a.h"\n#define include "b.h"\n#line 1 "c.h"\n#ident "d.h"\n#warning "e.h"\n'],
  'an unclosed quote': ['#include "a.h\n'],
  'a number': ['#include 12\n#embed 0\n'],
  'an empty name': ['#include ""\n#include <>\n'],
  'nothing at all': [''],
  'macros that are pushed': [
    '#pragma push_macro("X")\n#pragma pop_macro("X")\n#pragma once\n#pragma GCC system_header\n',
  ],
})

describe('a superset is found where the text would have to be understood:', () => {
  test('a directive in a block comment', () => assert.deepEqual(asked('/*\n#include "a.h"\n*/\n'), ['"a.h"']))
  test('a directive in a raw string', () => assert.deepEqual(asked('R"(\n#include "a.h"\n)";\n'), ['"a.h"']))
  test('and a raw string hides no directive behind it', () => {
    assert.deepEqual(asked('auto a = R"x(/* " \\\n)x";\n#include "a.h"\n'), ['"a.h"'])
    assert.deepEqual(asked('auto a = R"(\\)";\n#include "a.h"\n'), ['"a.h"'])
    assert.deepEqual(asked('auto a = R"(//)"; /*\n*/ #include "a.h"\n'), ['"a.h"'])
  })
})

describe('a directive that macros make up', () => {
  const computed = (source: string) => scanOf(source).computed

  test('is noted with the macro and where it looks', () => {
    assert.deepEqual(computed('#include NAME\n'), [
      { purpose: 'text', directive: 'include', macro: 'NAME', form: 'name' },
    ])
    assert.deepEqual(computed('#include_next NAME /* x */ // y\n'), [
      { purpose: 'text', directive: 'next', macro: 'NAME', form: 'name' },
    ])
    assert.deepEqual(computed('#embed NAME limit(1)\n'), [
      { purpose: 'presence', directive: 'embed', macro: 'NAME', form: 'name' },
    ])
  })

  test('is not alone when it is called, or when more follows', () => {
    for (const source of ['#include NAME(x)\n', '#include NAME .h\n', '#include NAME "x"\n']) {
      assert.deepEqual(
        computed(source).map(({ form }) => form),
        ['more'],
        source,
      )
    }
  })

  test('is beyond us where brackets close in a macro, or a universal name spells one', () => {
    for (const source of ['#include <a.h MORE\n', '#include <a.h\n', '#include \\u00e9\n', '#embed <a\n']) {
      assert.equal(scanOf(source).opaque, 'computed-include', source)
    }
  })
})

describe('names that no path of ours can spell', () => {
  test('hold a NUL or are not UTF-8', () => {
    assert.equal(scanOf('#include "a\0b.h"\n').opaque, 'unspeakable-name')
    assert.equal(scanOf(Buffer.from('#include "\xff.h"\n', 'latin1')).opaque, 'unspeakable-name')
  })
})

describe('odd files', () => {
  test('UTF-16 asks for nothing, since no compiler reads it unless told to', () => {
    for (const mark of ['', '\ufeff']) {
      const scan = scanOf(Buffer.from(`${mark}#include "a.h"\nint a;\n`, 'utf16le'))
      assert.deepEqual([scan.requests, scan.computed, scan.opaque], [[], [], undefined])
    }
  })

  test('a line of 5 MB hides nothing', () => {
    const long = 'x'.repeat(5_000_000)
    assert.deepEqual(asked(`char *a = "${long}";\n#include "a.h"\n// ${long}\n#include "b.h"\n`), ['"a.h"', '"b.h"'])
    assert.deepEqual(asked(`/*${long}*/ #include /*${long}*/ "a.h"\n`), ['"a.h"'])
  })

  test('a name longer than any path is none, or beyond us', () => {
    assert.deepEqual(asked(`#include "${'x'.repeat(5_000)}"\n`), [])
    assert.equal(scanOf(`#include <${'x'.repeat(5_000)}>\n`).opaque, 'computed-include')
    assert.equal(scanOf(`#include ${'x'.repeat(5_000)}\n`).opaque, 'excessive')
  })

  test('a file that asks for more than any does is beyond us', () => {
    const lines = Array.from({ length: 10_001 }, (_, index) => `#include "${index}.h"\n`)
    assert.equal(scanOf(lines.join('')).opaque, 'excessive')
    assert.equal(scanOf(lines.slice(0, 10_000).join('')).opaque, undefined)
  })

  test('what was found keeps no part of the text alive', () => {
    const text = `#include "a-name-long-enough-to-be-cut-out.h"\n${'x'.repeat(1_000_000)}\n`
    const before = heapUsed()
    const kept = Array.from({ length: 64 }, (_, index) => scanOf(`${text}${index}`))
    assert.ok(heapUsed() - before < 16_000_000, 'the texts were 64 MB')
    assert.equal(kept.length, 64)
  })
})

/** After a collection: what is still referred to. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}
