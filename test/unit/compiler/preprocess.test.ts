import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { linkCommand } from '../../../src/compiler/link-command.ts'
import type { LocalReason } from '../../../src/compiler/local-reason.ts'
import { preprocessCommand, textObjection } from '../../../src/compiler/preprocess.ts'
import { shippableText } from '../../../src/compiler/shippable-text.ts'
import { compileOf } from './compile-of.ts'

describe('how a source is preprocessed', () => {
  const COMMANDS: readonly (readonly [string, string, string | undefined])[] = [
    [
      'gcc leaves macros in, and names precompiled headers',
      'gcc -DX -Iinc -O2 -c a.c -o x.o',
      '-E -fdirectives-only -fpch-preprocess -DX -Iinc -O2 -x c a.c',
    ],
    ['clang leaves macros in', 'clang -DX -c a.cc', '-E -frewrite-includes -DX -x c++ a.cc'],
    [
      'the dependency file is written along, for the object',
      'clang -MMD -MP -c src/a.c -o out/a.o',
      '-E -frewrite-includes -MMD -MF out/a.d -MQ out/a.o -MP -x c src/a.c',
    ],
    [
      'targets are those that were named',
      'clang -MD -MT x -MQ y -c a.c',
      '-E -frewrite-includes -MD -MF a.d -MT x -MQ y -x c a.c',
    ],
    [
      "behind gcc's driver the object is unknown",
      'gcc -Wp,-MD,x.d -c src/a.c -o out/b.o',
      '-E -fdirectives-only -fpch-preprocess -MD -MF x.d -MQ a.o -x c src/a.c',
    ],
    ['of clang it is not', 'clang -Wp,-MD,x.d -c a.c -o b.o', '-E -frewrite-includes -MD -MF x.d -MQ b.o -x c a.c'],
    ['linker options go along for their warnings', 'clang -lm -c a.c', '-E -frewrite-includes -lm -x c a.c'],
    ['but not where there is a link', 'clang a.c -lm', '-E -frewrite-includes -x c a.c'],
    ['preprocessed sources are not', 'gcc -c a.i', undefined],
  ]
  for (const [name, line, expected] of COMMANDS) {
    test(name, () => assert.equal(preprocessCommand(compileOf(line))?.join(' '), expected))
  }

  test('gcc before 11 leaves no macros in: it takes lines of raw strings for directives', () => {
    assert.equal(textObjection(compileOf('gcc -c a.c'), 'gcc 10.2.1'), 'text-unfit')
    assert.equal(textObjection(compileOf('gcc -c a.c'), 'gcc 11.4.0'), undefined)
    assert.equal(textObjection(compileOf('gcc -c a.i'), 'gcc 10.2.1'), undefined)
    assert.equal(textObjection(compileOf('clang -c a.c'), 'clang 7.0.1'), undefined)
  })
})

describe('what of a text is sent', () => {
  const GCC_TEXT = `# 0 "a.c"
# 0 "<built-in>"
#define __GNUC__ 12
# 0 "<command-line>"
#define X 1
# 1 "/usr/include/stdc-predef.h" 1 3 4
# 17 "/usr/include/stdc-predef.h" 3 4
#define __STDC_IEC_559__ 1
# 0 "<command-line>" 2
# 1 "a.c"
# 1 "a.h" 1
int x;
# 2 "a.c" 2
`
  const sent = (line: string, text: string) => {
    const result = shippableText(compileOf(line), Buffer.from(text))
    return result.kind === 'text' ? Buffer.from(result.bytes).toString() : result
  }
  const UNFIT = { kind: 'local', reason: 'text-unfit' }

  test("gcc's text is cut to the source, with what the C library says", () => {
    const expected = `#define __STDC_IEC_559__ 1\n# 1 "a.c"\n# 1 "a.h" 1\nint x;\n# 2 "a.c" 2\n`
    assert.equal(sent('gcc -DX -c a.c', GCC_TEXT), expected)
  })

  test("gcc's text is sent whole where the compile is told that it is preprocessed", () => {
    assert.equal(sent('gcc -pedantic -c a.c', GCC_TEXT), GCC_TEXT)
  })

  test('a text that looks otherwise is not cut', () => {
    assert.deepEqual(sent('gcc -c a.c', 'int x;\n'), UNFIT)
    assert.deepEqual(sent('gcc -c other.c', GCC_TEXT), UNFIT)
    const two = GCC_TEXT.replace('# 1 "/usr', '# 1 "/usr/include/other.h" 1 3\n# 1 "/usr')
    assert.deepEqual(sent('gcc -c a.c', two), UNFIT)
  })

  test('clang’s text and what is preprocessed already are sent as they are', () => {
    assert.equal(sent('clang -c a.c', 'int x;\n'), 'int x;\n')
    assert.equal(sent('gcc -c a.i', 'int x;\n'), 'int x;\n')
    assert.equal(sent('gcc -c a.i', ''), '')
  })

  const REFUSED_TEXTS: readonly (readonly [string, string, LocalReason, string])[] = [
    ['a time to be told', 'clang -c a.c', 'tells-time', 'char *t = __TIME__;'],
    ['a date to be told', 'gcc -c a.c', 'tells-time', `${GCC_TEXT}char *t = __DATE__;`],
    ['an age to be told', 'clang -c a.c', 'tells-time', 'char *t = __TIMESTAMP__;'],
    ['a time on the command line', 'clang -DNOW=__TIME__ -c a.c', 'tells-time', 'char *t = NOW;'],
    ['a counter on the command line', 'clang -D N=__COUNTER__ -c a.c', 'text-unfit', 'int n = N;'],
    ['a time in preprocessed text', 'clang -c a.i', 'tells-time', 'char *t = __TIME__;'],
    ['a macro to come back', 'clang -c a.c', 'text-unfit', '#pragma pop_macro("X")'],
    ['a pragma that gcc keeps to itself', 'gcc -c a.c', 'text-unfit', `${GCC_TEXT}int y;\n       \n#undef X\n`],
    ['a counter', 'clang -c a.c', 'text-unfit', 'int n = __COUNTER__;'],
  ]
  for (const [name, line, reason, text] of REFUSED_TEXTS) {
    test(`not with ${name}`, () => assert.deepEqual(sent(line, text), { kind: 'local', reason }))
  }

  test('a header that is included once, or of the system, says so without being seen', () => {
    for (const header of [
      '# 1 "b.h" 1\n\n       \nint y;\n# 4 "a.c" 2\n',
      '# 1 "b.h" 1\n#define B_H\n       \n# 2 "b.h" 3\nint y;\n# 4 "a.c" 2\n',
    ]) {
      assert.match(String(sent('gcc -c a.c', GCC_TEXT + header)), /int y/)
    }
  })

  test('a counter is no matter to gcc, which counts on', () => {
    assert.match(String(sent('gcc -c a.c', `${GCC_TEXT}int n = __COUNTER__;`)), /__COUNTER__/)
  })

  test('never what the assembler would include', () => {
    const text = '__asm__(".incbin \\"data.bin\\"");'
    for (const line of ['gcc -c a.c', 'clang -c a.c', 'gcc -c a.i']) {
      assert.deepEqual(sent(line, text), { kind: 'local', reason: 'assembler-input' })
    }
  })

  test('never what took a precompiled header', () => {
    const text = '#pragma GCC pch_preprocess "a.h.gch"\n'
    for (const line of ['gcc -c a.c', 'gcc -c a.i']) {
      assert.deepEqual(sent(line, text), { kind: 'local', reason: 'precompiled-header' })
    }
  })
})

describe('a link after a compile elsewhere', () => {
  const LINKS: readonly (readonly [string, string])[] = [
    ['gcc a.c', '/tmp/o.o'],
    ['gcc -O2 a.c -o p -lm', '-O2 /tmp/o.o -o p -lm'],
    ['clang -x c source -lm -o p', '-x c -x none /tmp/o.o -lm -o p'],
  ]
  for (const [line, expected] of LINKS) {
    test(line, () => assert.equal(linkCommand(compileOf(line), '/tmp/o.o').join(' '), expected))
  }
})
