import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { decode, encode } from 'cborg'
import { sha256 } from '../../../src/base/digest.ts'
import { COMPILE_HEADER_MAX_BYTES, SOURCE_IN_REQUEST_MAX_BYTES, TREE_ENTRIES_MAX } from '../../../src/base/limits.ts'
import type { ToolchainId } from '../../../src/compiler/toolchain.ts'
import type { CompileReply, CompileRequest, TreeInput } from '../../../src/protocols/compile.ts'
import {
  CompileCodecError,
  decodeCompileReply,
  decodeCompileRequest,
  decodeContentsHeader,
  encodeCompileReply,
  encodeCompileRequest,
  encodeContentsHeader,
} from '../../../src/protocols/compile-codec.ts'
import { decodeNumbers, encodeNumbers } from '../../../src/protocols/tree-codec.ts'
import { seededBytes } from '../launcher/seeded-bytes.ts'

const COMMON = {
  toolchain: sha256('gcc') as ToolchainId,
  args: ['-c', 'main.c', '-o', 'main.o'],
  cwd: '/home/ada',
  env: ['LANG=C'],
  outputs: ['main.o'],
}
const TEXT: CompileRequest = { ...COMMON, input: { kind: 'text', path: 'main.c', bytes: 10, sentBytes: 9 } }
const FILE = { path: '/home/ada/main.c', digest: sha256('main'), bytes: 10, mtimeSeconds: -1 }
const TREE_INPUT: TreeInput = {
  kind: 'tree',
  compiler: '/usr/bin/gcc',
  restart: true,
  defined: [
    { kind: 'file', file: FILE },
    { kind: 'link', link: { path: '/home/ada/a.h', target: '../a.h' } },
    { kind: 'folder', path: '/' },
    { kind: 'absent', path: '/usr/lib/a.h' },
  ],
  used: [0, 1, 127, 128, 16_384, 2_000_000],
}
const TREE: CompileRequest = { ...COMMON, input: TREE_INPUT }
const WITH_SOURCE: CompileRequest = { ...COMMON, input: { ...TREE_INPUT, source: Uint8Array.of(1, 2) } }
const ASKING: CompileRequest = { ...TREE, cache: 'find' }
const DONE = {
  status: 'done',
  exitCode: 0,
  signal: undefined,
  stdout: Buffer.from('out'),
  stderr: Buffer.alloc(0),
  outputs: [{ path: 'main.o', bytes: 5, sentBytes: 6 }],
  usage: { wallMs: 1.5, userMs: 1, systemMs: 0, maxRssBytes: 5 },
  queuedMs: 0,
  cached: false,
  kept: true,
} as const satisfies CompileReply

test('requests and replies survive the way over the wire', () => {
  for (const request of [TEXT, TREE, WITH_SOURCE, ASKING]) {
    assert.deepEqual(decodeCompileRequest(encodeCompileRequest(request)), request)
  }
  for (const reply of [DONE, { status: 'refused', code: 'busy' }, { status: 'lacking', files: [3, 200] }] as const) {
    const { stdout, stderr, ...rest } = {
      stdout: undefined,
      stderr: undefined,
      ...decodeCompileReply(encodeCompileReply(reply)),
    }
    const { stdout: out, stderr: err, ...expected } = { stdout: undefined, stderr: undefined, ...reply }
    assert.deepEqual(rest, expected)
    assert.deepEqual(
      [Buffer.from(stdout ?? ''), Buffer.from(stderr ?? '')],
      [Buffer.from(out ?? ''), Buffer.from(err ?? '')],
    )
  }
  assert.deepEqual(decodeContentsHeader(encodeContentsHeader({ bytes: 3, sentBytes: 4 }), 3), {
    bytes: 3,
    sentBytes: 4,
  })
})

/** A request in which one field of its tree is another. */
function treeWith(changes: Record<string, unknown>): Uint8Array {
  const plain: unknown = decode(encodeCompileRequest(TREE))
  assert.ok(typeof plain === 'object' && plain !== null && 'input' in plain && typeof plain.input === 'object')
  return encode({ ...plain, input: { ...plain.input, ...changes } })
}

const DIGEST = Buffer.from(FILE.digest, 'hex')

suite('a tree that is none is refused', () => {
  const bad: Readonly<Record<string, Record<string, unknown>>> = {
    'a path that is not absolute': { defined: [[2, 'home']] },
    'a path with ..': { defined: [[2, '/home/../etc']] },
    'a path that ends in ..': { defined: [[2, '/home/..']] },
    'a path with .': { defined: [[2, '/home/./ada']] },
    'a path with an empty part': { defined: [[2, '/home//ada']] },
    'a path that ends in /': { defined: [[2, '/home/']] },
    'a path with a NUL': { defined: [[2, '/home\0']] },
    'a path beyond PATH_MAX': { defined: [[2, `/${'x'.repeat(5000)}`]] },
    'a file in the place of /': { defined: [[0, '/', DIGEST, 1, 1]] },
    'a link without a target': { defined: [[1, '/a']] },
    'a link to nothing': { defined: [[1, '/a', '']] },
    'a digest that is too short': { defined: [[0, '/a', DIGEST.subarray(1), 1, 1]] },
    'a size below zero': { defined: [[0, '/a', DIGEST, -1, 1]] },
    'a size beyond the bound': { defined: [[0, '/a', DIGEST, 2 ** 40, 1]] },
    'a broken second': { defined: [[0, '/a', DIGEST, 1, 0.5]] },
    'a kind of a later version': { defined: [[9, '/a']] },
    'an entry that is no list': { defined: ['/a'] },
    'more entries than a tree has': { defined: Array.from({ length: TREE_ENTRIES_MAX + 1 }, () => [2, '/']) },
    'numbers that end in the middle': { used: Uint8Array.of(0x80) },
    'a number without end': { used: Uint8Array.of(0x80, 0x80, 0x80, 0x80, 1) },
    'numbers that are no bytes': { used: [1, 2] },
    'more numbers than a tree has entries': { used: new Uint8Array(TREE_ENTRIES_MAX + 1) },
    'a compiler without a path': { compiler: 'gcc' },
    'a way that we do not know': { kind: 'image' },
    'a source that is no bytes': { source: 'int x;' },
    'a source beyond the bound': { source: new Uint8Array(SOURCE_IN_REQUEST_MAX_BYTES + 1) },
  }
  for (const [why, changes] of Object.entries(bad)) {
    test(why, () => assert.throws(() => decodeCompileRequest(treeWith(changes)), CompileCodecError))
  }
  test('and the one they were made from is not', () => assert.deepEqual(decodeCompileRequest(treeWith({})), TREE))
})

test('a small output may stand in the reply itself, if it is as long as it says', () => {
  const output = { path: 'main.o', bytes: 3, sentBytes: 0, content: Buffer.from('abc') }
  const [heard] = decoded({ ...DONE, outputs: [output] })
  assert.equal(Buffer.from(heard?.content ?? '').toString(), 'abc')
  for (const changes of [{ bytes: 4 }, { sentBytes: 1 }, { bytes: 40_000, content: new Uint8Array(40_000) }]) {
    assert.throws(() => decoded({ ...DONE, outputs: [{ ...output, ...changes }] }), CompileCodecError)
  }
})

function decoded(reply: CompileReply) {
  const heard = decodeCompileReply(encodeCompileReply(reply))
  assert.equal(heard.status, 'done')
  return heard.status === 'done' ? heard.outputs : []
}

test('a reply that lacks nothing, or contents beyond what was asked for, are refused', () => {
  assert.throws(() => decodeCompileReply(encode({ status: 'lacking', files: new Uint8Array() })), CompileCodecError)
  assert.throws(() => decodeContentsHeader(encodeContentsHeader({ bytes: 4, sentBytes: 4 }), 3), CompileCodecError)
})

test('a frame over the bound is not even parsed', () => {
  const request = { ...TEXT, args: ['x'.repeat(COMPILE_HEADER_MAX_BYTES)] }
  assert.throws(() => encodeCompileRequest(request), CompileCodecError)
  assert.throws(() => decodeCompileRequest(new Uint8Array(COMPILE_HEADER_MAX_BYTES + 1)), CompileCodecError)
})

test('hostile bytes give our own error and nothing else', () => {
  const seed = 20_261_125
  const byte = seededBytes(seed)
  const frames = [encodeCompileRequest(TEXT), encodeCompileRequest(TREE), encodeCompileReply(DONE)]
  for (let round = 0; round < 3_000; round += 1) {
    const frame = (frames[round % frames.length] ?? new Uint8Array()).slice()
    for (let change = 0; change < 4; change += 1) frame[(byte() * 256 + byte()) % frame.length] = byte()
    for (const decodes of [decodeCompileRequest, decodeCompileReply]) {
      try {
        decodes(frame)
      } catch (error) {
        assert.ok(error instanceof CompileCodecError, `seed ${seed}, round ${round}: ${error}`)
      }
    }
  }
})

test('numbers take one byte below 128, two below 16,384', () => {
  assert.deepEqual([...encodeNumbers([0, 127, 128, 16_383])], [0, 127, 0x80, 1, 0xff, 0x7f])
  assert.deepEqual(decodeNumbers(encodeNumbers([])), [])
})
