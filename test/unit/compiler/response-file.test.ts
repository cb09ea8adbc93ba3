import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ARGUMENTS_MAX, RESPONSE_FILE_MAX_BYTES, RESPONSE_FILE_MAX_DEPTH } from '../../../src/base/limits.ts'
import { expandResponseFiles } from '../../../src/compiler/response-file.ts'
import { splitWords } from './command-table.ts'

type Files = Readonly<Record<string, string | Uint8Array>>

/** Expands in `/w`; counts what is read. */
function expand(args: readonly string[], files: Files) {
  const read: string[] = []
  const words = expandResponseFiles(args, '/w', {
    read: (path, maxBytes) => {
      read.push(path)
      const bytes = Buffer.from(files[path] ?? '')
      return files[path] === undefined || bytes.length > maxBytes ? undefined : bytes
    },
  })
  return { words, read }
}

const inFile = (text: string | Uint8Array) => expand(['@f'], { '/w/f': text }).words

describe('response files', () => {
  test('are put where they were named', () => {
    const files = { '/w/a': '-O2 -g', '/abs/b': 'b.c' }
    assert.deepEqual(expand(['-c', '@a', 'x', '@/abs/b'], files).words, ['-c', '-O2', '-g', 'x', 'b.c'])
  })

  test('within response files are relative to the working directory', () => {
    const { words, read } = expand(['@sub/a'], { '/w/sub/a': '1 @b 3', '/w/b': '2' })
    assert.deepEqual(words, ['1', '2', '3'])
    assert.deepEqual(read, ['/w/sub/a', '/w/b'])
  })

  test('are looked up as the kernel would: what a link leads to has another parent', () => {
    assert.deepEqual(expand(['@link/../a'], {}).read, ['/w/link/../a'])
  })

  test('are not looked for where there are none', () => {
    const args = ['-c', 'a@b', '@', '-I@x']
    const { words, read } = expand(args, {})
    assert.equal(words, args)
    assert.deepEqual(read, [])
  })
})

describe('the words of a response file', () => {
  const SAME: readonly (readonly [string, string, readonly string[]])[] = [
    ['are parted by white space of all kinds', ' a\tb\nc\vd\fe\r\n f ', ['a', 'b', 'c', 'd', 'e', 'f']],
    ['are none in an empty file', ' \n', []],
    ['keep what double quotes hold', '-DX="a b"c', ['-DX=a bc']],
    ['keep what single quotes hold', `'-DX=a "b" c'`, ['-DX=a "b" c']],
    ['keep single quotes in double ones', `"it's"`, ["it's"]],
    ['keep what a backslash protects', 'a\\ b\\"c\\\\d\\n', ['a b"c\\dn']],
    ['keep what a backslash protects in double quotes', '"a\\"b\\\\c\\$d\\`e"', ['a"b\\c$d`e']],
    ['keep what is no ASCII', 'umläut.c', ['umläut.c']],
    ['may hold an at-sign within', '-DX=@y', ['-DX=@y']],
  ]
  for (const [name, text, words] of SAME) test(name, () => assert.deepEqual(inFile(text), words))

  const DISPUTED: readonly (readonly [string, string | Uint8Array])[] = [
    ['a backslash in single quotes', `'a\\b'`],
    ['a backslash in double quotes before a letter', '"a\\b"'],
    ['a backslash at the end of a line', 'a\\\nb'],
    ['a backslash at the end of a line in double quotes', '"a\\\nb"'],
    ['a backslash at the end of the file', 'a\\'],
    ['an empty word', `a "" b`],
    ['an empty word in single quotes', `''`],
    ['a quote left open', '"a b'],
    ['a single quote left open', "a' b"],
    ['what is not UTF-8', Uint8Array.of(0x61, 0xff)],
    ['a NUL', 'a\0b'],
  ]
  for (const [name, text] of DISPUTED) {
    test(`are read by the compiler alone where it has ${name}`, () => assert.equal(inFile(text), undefined))
  }
})

describe('response files are bounded', () => {
  test('in depth', () => {
    const chain = (length: number): Files =>
      Object.fromEntries(Array.from({ length }, (_, at) => [`/w/${at}`, at + 1 < length ? `@${at + 1}` : 'end']))
    assert.deepEqual(expand(['@0'], chain(RESPONSE_FILE_MAX_DEPTH)).words, ['end'])
    assert.equal(expand(['@0'], chain(RESPONSE_FILE_MAX_DEPTH + 1)).words, undefined)
  })

  test('when they name themselves', () => {
    const { words, read } = expand(['@f'], { '/w/f': '@f @f' })
    assert.equal(words, undefined)
    assert.ok(read.length <= RESPONSE_FILE_MAX_DEPTH + 1)
  })

  test('when each names the next twice', () => {
    const files = Object.fromEntries(Array.from({ length: 15 }, (_, at) => [`/w/${at}`, `@${at + 1} @${at + 1}`]))
    const { words, read } = expand(['@0'], { ...files, '/w/15': ' ' })
    assert.equal(words, undefined)
    assert.ok(read.length < 5000, `${read.length} files were read`)
  })

  test('in words', () => {
    assert.equal(inFile('a '.repeat(ARGUMENTS_MAX - 100))?.length, ARGUMENTS_MAX - 100)
    assert.equal(inFile('a '.repeat(ARGUMENTS_MAX + 1)), undefined)
    assert.equal(expand(Array(ARGUMENTS_MAX + 1).fill('a'), {}).words, undefined)
  })

  test('in bytes, all together', () => {
    const half = 'a'.padEnd(RESPONSE_FILE_MAX_BYTES / 2 + 1)
    assert.deepEqual(inFile(half), ['a'])
    assert.equal(expand(['@1', '@2'], { '/w/1': half, '/w/2': half }).words, undefined)
    assert.equal(inFile(' '.repeat(RESPONSE_FILE_MAX_BYTES + 1)), undefined)
  })

  test('that cannot be read are left to the compiler', () => {
    assert.equal(expand(['@missing'], {}).words, undefined)
  })
})

test('words of tables are parted as they say', () => {
  assert.deepEqual(splitWords(`a\\ b c '' \\\\`), ['a b', 'c', '', '\\'])
})
