import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { asked, scanOf } from './scan-of.ts'

describe('__has_include and its kin ask for presence', () => {
  test('wherever they stand, with quotes or brackets', () => {
    assert.deepEqual(asked('#if __has_include("a.h") && __has_include(<b.h>)\n#elif __has_include ( "c.h" )\n'), [
      '"a.h"?',
      '"c.h"?',
      '<b.h>?',
    ])
    assert.deepEqual(asked('#define HAS __has_include(<a.h>)\n'), ['<a.h>?'])
    assert.deepEqual(asked('#if /* one\n two */ __has_\\\ninclude(/* x */ "a.h")\n'), ['"a.h"?'])
  })

  test('behind the folder of the file that asks, for the next one', () => {
    assert.deepEqual(asked('#if __has_include_next(<a.h>)\n'), ['next a.h?'])
  })

  test('in the folders of embedded files', () => {
    assert.deepEqual(asked('#if __has_embed("a" limit(1)) || __has_embed(<b>)\n'), ['embed "a"', 'embed <b>'])
  })

  test('under the older names', () => {
    assert.deepEqual(asked('#if __has_include__("a.h") || __has_include_next__("b.h")\n'), ['"a.h"?', 'next b.h?'])
  })

  test('but not when they are only named, defined anew or part of another word', () => {
    const source = [
      '#ifdef __has_include',
      '#if defined(__has_include) || !defined __has_include',
      '#  define __has_include(x) 0',
      '# undef __has_include',
      '#define MINE defined(__has_include)',
      '#if my__has_include("a.h") || __has_includes("b.h") || __has_include',
      '/* __has_include(x) */',
    ].join('\n')
    assert.deepEqual([asked(source), scanOf(source).opaque], [[], undefined])
  })

  test('with a macro in place of a name they are computed', () => {
    for (const source of ['#if __has_include(NAME)\n', '#if A \\\n && __has_include( NAME /* x */ )\n']) {
      assert.deepEqual(
        scanOf(source).computed,
        [{ purpose: 'presence', directive: 'include', macro: 'NAME', form: 'name' }],
        source,
      )
    }
    assert.equal(scanOf('#if __has_include(NAME(x))\n').computed[0]?.form, 'more')
  })

  test('and with a parameter the macro is one that asks', () => {
    for (const source of [
      '#define HAS(x) __has_include(x)\n',
      '#  define HAS( x )  ( __has_include( x ) && 1)\n',
      '/**/ #define HAS(x) \\\n __has_include(x)\n',
    ]) {
      const probes = scanOf(source).computed.filter(({ form }) => form === 'probe')
      const probe = { purpose: 'presence', directive: 'include', macro: 'HAS', form: 'probe' }
      assert.deepEqual([probes, scanOf(source).opaque], [[probe], undefined], source)
    }
  })

  test('and beyond us where the name may be a parameter, or be closed by a macro', () => {
    for (const source of [
      '#define HAS(x, y) __has_include(x)\n',
      '#define HAS(x) __has_include(y)\n',
      '#define HAS(x) __has_include(x(1))\n',
      '#/**/define HAS(x) __has_include(x)\n',
      '#define HAS(x) /* over\n lines */ __has_include(x)\n',
      '#define HAS __has_include\n',
      '#if __has_include(<a.h MORE)\n',
      `#if ${'A || '.repeat(200)}__has_include(NAME)\n`,
    ]) {
      assert.equal(scanOf(source).opaque, 'computed-probe', source)
    }
  })
})

describe('assembly asks for files', () => {
  test('in a file of its own', () => {
    assert.deepEqual(asked('.include "a.inc"\n x: .incbin "b.bin", 4\n\t.INCBIN"c.bin"\n'), [
      'assembler a.inc',
      'assembler b.bin?',
      'assembler c.bin?',
    ])
  })

  test('in strings of C, also behind an escape', () => {
    assert.deepEqual(
      asked('asm(".incbin \\"a.bin\\"");\nasm("x:\\n\\t.incbin \\"b.bin\\"\\n.include \\"c.inc\\"");\n'),
      ['assembler a.bin?', 'assembler b.bin?', 'assembler c.inc'],
    )
  })

  test('in a raw string over lines', () => {
    assert.deepEqual(asked('asm(R"(\n.incbin "a.bin"\n)");\n'), ['assembler a.bin?'])
  })

  test('and is beyond us where the name is put together', () => {
    for (const source of [
      '#define BIN(x) asm(".incbin \\"" #x "\\"")\n',
      'asm(".incbin " NAME);\n',
      'asm(".incbin" " \\"a\\"");\n',
      'asm(".inc" "bin \\"a\\"");\n',
      'asm(".inc"\n  "bin \\"a\\"");\n',
      'asm(".inc" REST);\n',
      'asm(".include \\"" #x "\\"");\n',
      'asm(R"(.incbin "a")");\n',
      'asm(".incbin \\"a\\x62\\"");\n',
      '.incbin NAME\n',
      '.include NAME\n',
      '.include "\\name"\n',
    ]) {
      assert.equal(scanOf(source).opaque, 'assembler-include', source)
    }
  })

  test('but files that only end in .inc do not', () => {
    for (const source of [
      '#include "a.inc"\nint b;\n',
      '# include "a.inc"\n"text";\n',
      'open("a.inc");\n',
      'f("a.inc", b);\n',
    ]) {
      assert.equal(scanOf(source).opaque, undefined, source)
    }
  })

  test('but members of C structures do not', () => {
    const source =
      'struct s a = { .include = 1, .incbin = x, .include_dirs = y };\nb.include(c); d.included = e.incbin;\n'
    assert.deepEqual([asked(source), scanOf(source).opaque], [[], undefined])
  })
})

describe('the clock is used', () => {
  const uses = (source: string) => {
    const { usesDate, usesTime, usesTimestamp } = scanOf(source)
    return [usesDate && 'date', usesTime && 'time', usesTimestamp && 'timestamp'].filter((word) => word !== false)
  }

  test('by its macros', () => {
    assert.deepEqual(uses('char *a = __DATE__;'), ['date'])
    assert.deepEqual(uses('char *a = __TIME__;'), ['time'])
    assert.deepEqual(uses('char *a = __TIMESTAMP__;'), ['timestamp'])
    assert.deepEqual(uses('__DATE__ __TIME__ __TIMESTAMP__'), ['date', 'time', 'timestamp'])
  })

  test('by macros on joined lines', () => {
    assert.deepEqual(uses('char *a = __DA\\\nTE__;'), ['date'])
    assert.deepEqual(uses('char *a = __TI\\ \r\nME__;'), ['time'])
    assert.ok(uses('char *a = __TIME??/\nSTAMP__;').includes('timestamp'))
  })

  test('by macros that are pasted together', () => {
    assert.deepEqual(uses('#define A __DA ## TE__\n'), ['date'])
    assert.deepEqual(uses('#define A __##TIME##__\n'), ['time'])
    assert.deepEqual(uses('#define A _##_##TIME##STAMP##_ ## _\n'), ['timestamp'])
    assert.deepEqual(uses('#define A __DATE %:%: __\n'), ['date'])
    assert.ok(uses('char *a = PASTE(__TIME, __);').includes('time'))
    assert.ok(uses('char *a = PASTE(__, DATE__);').includes('date'))
    assert.ok(uses('char *a = PASTE(__TI,ME__);').includes('time'))
    assert.ok(uses('char *a = PASTE(__DATE_ , _);').includes('date'))
    assert.ok(uses('char *a = PASTE(__TIMEST, AMP__);').includes('timestamp'))
    assert.ok(uses('char *a = PASTE(__TIME, STAMP__);').includes('timestamp'))
  })

  test('but not by longer words', () => {
    assert.deepEqual(uses('MY__DATE__ __TIME__x __TIMESTAMP__2 __DATES__ __TIMER__ LAST_DATE__ __TIME_T_TYPE'), [])
  })
})

describe('modules are used', () => {
  const used = (source: string) => scanOf(source).usesModules

  test('by their own lines', () => {
    for (const line of [
      'import std;',
      'export import a.b:c;',
      'import :part;',
      'import <vector>;',
      'import "a.h";',
      'import<vector>;',
      'module;',
      'module a;',
      'export module a.b;',
      'module :private;',
      'module a [[deprecated]];',
      '/* x */ import /* y */ a;',
      '\ufeffimport a;',
      'import a; // why',
    ]) {
      assert.ok(used(`int b;\n${line}\n`) || used(`${line}\n`), line)
    }
  })

  test('but not where C uses the same words', () => {
    for (const line of [
      'module = create();',
      'module *m;',
      'import(name);',
      'import = 1;',
      'x import y;',
      'important thing;',
      'module->next = 0;',
      'modules;',
      ' * import the other thing;',
    ]) {
      assert.ok(!used(`int b;\n  ${line}\n`), line)
    }
  })
})

describe('pragmas that read or rename files are beyond us', () => {
  test('#pragma GCC dependency', () => {
    for (const source of [
      '#pragma GCC dependency "a.y"\n',
      '# pragma GCC /* x */ dependency <a.y> more words\n',
      '#pragma clang dependency NAME\n',
      '_Pragma("GCC dependency \\"a.y\\"")\n',
      'DO_PRAGMA(GCC dependency "a.y")\n',
    ]) {
      assert.equal(scanOf(source).opaque, 'dependency-pragma', source)
    }
    assert.equal(scanOf('#pragma GCC diagnostic push\n/* a GCC dependency */\n').opaque, undefined)
  })

  test('include_alias and pch_preprocess', () => {
    assert.equal(scanOf('#pragma include_alias("a.h", "b.h")\n').opaque, 'file-pragma')
    assert.equal(scanOf('#pragma GCC pch_preprocess "a.h.gch"\n').opaque, 'file-pragma')
  })
})
