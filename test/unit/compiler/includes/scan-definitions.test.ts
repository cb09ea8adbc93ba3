import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type Definition,
  definitionFromOption,
  scanDefinitions,
} from '../../../../src/compiler/includes/scan-definitions.ts'

function definitionsOf(source: string, macro = 'NAME'): readonly Definition[] | undefined {
  const all = scanDefinitions(Buffer.from(source))
  return all === undefined ? undefined : (all.get(macro) ?? [])
}

describe('the definitions in a file', () => {
  test('tell which file a macro names, or which other macro it stands for', () => {
    assert.deepEqual(definitionsOf('#define NAME "a.h"\n'), [{ kind: 'quote', name: 'a.h' }])
    assert.deepEqual(definitionsOf('#define NAME <a/b.h> // why\n'), [{ kind: 'angle', name: 'a/b.h' }])
    assert.deepEqual(definitionsOf('#define NAME OTHER\n'), [{ kind: 'alias', macro: 'OTHER' }])
    assert.deepEqual(definitionsOf('#define NAME(x) <x>\n'), [{ kind: 'function' }])
  })

  test('are all found, whatever #if says', () => {
    assert.deepEqual(definitionsOf('#if A\n#define NAME "a.h"\n#else\n#define NAME "b.h"\n#endif\n#undef NAME\n'), [
      { kind: 'quote', name: 'a.h' },
      { kind: 'quote', name: 'b.h' },
    ])
  })

  test('are found behind blanks, comments of any length, joined lines and digraphs', () => {
    const long = `/*${'#define '.repeat(1_000)}*/`
    for (const source of [
      '\t#\0define\fNAME "a.h"\n',
      `${long}#${long}define${long}NAME "a.h"\n`,
      '#def\\\nine NAME \\\n "a.h"\n',
      '%:define NAME "a.h"\n',
      '??=define NAME "a.h"',
      '#define NAME/* x */"a.h"/* y */\r\n',
    ]) {
      assert.ok(
        definitionsOf(source)?.some((found) => found.kind === 'quote' && found.name === 'a.h'),
        source.slice(0, 40),
      )
    }
  })

  test('are beyond us where the value is anything else', () => {
    for (const value of [
      '',
      '"a" ".h"',
      '<a .h>',
      'F(x)',
      '#x',
      'A##B',
      '12',
      '/* over\nlines */ "a.h"',
      'u8"a.h"',
      '(A)',
    ]) {
      assert.deepEqual(definitionsOf(`#define NAME ${value}\n`), [{ kind: 'other' }], value)
    }
    assert.deepEqual(definitionsOf(`#define NAME "${'x'.repeat(9_000)}"\n`), [{ kind: 'other' }])
  })

  test('are not taken from other words', () => {
    assert.deepEqual(
      definitionsOf('#undefine NAME "a.h"\nint define NAME;\n#defineNAME "b.h"\n#define NAMES "c.h"\n'),
      [],
    )
  })

  test('cannot be told from comments nested beyond all reason', () => {
    assert.equal(definitionsOf('/*\n#/**/'.repeat(20_000)), undefined)
  })
})

describe('the definition that -D makes', () => {
  test('is told from its words', () => {
    assert.deepEqual(definitionFromOption('NAME="a.h"'), ['NAME', { kind: 'quote', name: 'a.h' }])
    assert.deepEqual(definitionFromOption('NAME=<a.h>'), ['NAME', { kind: 'angle', name: 'a.h' }])
    assert.deepEqual(definitionFromOption('NAME=OTHER'), ['NAME', { kind: 'alias', macro: 'OTHER' }])
    assert.deepEqual(definitionFromOption('NAME(x)=<x>'), ['NAME', { kind: 'function' }])
    for (const word of ['NAME', 'NAME=', 'NAME=1', 'NAME "a.h"']) {
      assert.deepEqual(definitionFromOption(word), ['NAME', { kind: 'other' }], word)
    }
  })

  test('has one character per byte, as those of files', () => {
    const [, definition] = definitionFromOption('NAME="é.h"')
    assert.deepEqual(definition, { kind: 'quote', name: '\u00c3\u00a9.h' })
  })
})
