import assert from 'node:assert/strict'
import test from 'node:test'
import { LAUNCHER_FRAME_MAX_BYTES } from '../../../src/base/limits.ts'
import {
  AgentFrames,
  decodeFromLauncher,
  decodeToLauncher,
  encodeDataHead,
  encodeFromLauncher,
  encodeToLauncher,
  LauncherFrames,
} from '../../../src/protocols/launcher-codec.ts'
import { FRAME_HEAD_BYTES, FrameSplitter, LauncherProtocolError } from '../../../src/protocols/launcher-frames.ts'
import type { FromLauncher, ToLauncher } from '../../../src/protocols/launcher-messages.ts'
import { seededBytes } from './seeded-bytes.ts'

const HELLO: FromLauncher = {
  type: 'hello',
  version: 3,
  stderrIsTerminal: true,
  announcesPlace: false,
  umask: 0o027,
  fileView: 'mnt:[4026531841] 65024:2',
  cwd: '/home/zoë/src',
  tool: 'gcc',
  compiler: '/usr/bin/gcc',
  args: ['-c', '', 'weiß.c', '-DX="a b"\n'],
  env: ['PATH=/bin', 'EMPTY=', 'ODD==x'],
}

const FROM_LAUNCHER: readonly FromLauncher[] = [
  HELLO,
  { ...HELLO, stderrIsTerminal: false, announcesPlace: true, args: [], env: [] },
  { type: 'query', name: 'peers', json: '{"a":1}' },
  { type: 'exited', run: 7, exitCode: 255, signal: undefined, userMicros: 2 ** 40, systemMicros: 5, maxRssKib: 9 },
  { type: 'exited', run: 7, exitCode: undefined, signal: 11, userMicros: 0, systemMicros: 0, maxRssKib: 0 },
  { type: 'output', run: 2, stream: 'stderr', bytes: Buffer.from('text') },
  { type: 'output', run: 2, stream: 'stdout', bytes: Buffer.alloc(0) },
  { type: 'failed', operation: 'write', errno: 28, run: undefined },
  { type: 'failed', operation: 'run', errno: 2, run: 0 },
]

const TO_LAUNCHER: readonly ToLauncher[] = [
  { type: 'run', run: 3, stdout: 'send', stderr: 'discard', argv: ['/usr/bin/gcc', '-E'], env: ['A=1', 'B'] },
  { type: 'exec', argv: ['/usr/bin/gcc', ''] },
  { type: 'write', path: 'out/x.o', mode: 0o755, size: 2 ** 33 },
  { type: 'data', bytes: Buffer.from([0, 255, 0]) },
  { type: 'copy', path: '/stored/object', crc32: 0xfedcba98 },
  { type: 'commit' },
  { type: 'temporary', path: '/tmp/x.o' },
  { type: 'print', stream: 'stderr', bytes: Buffer.from('warning\n') },
  { type: 'exit', code: 1 },
  { type: 'kill', run: 3 },
  { type: 'keepalive' },
  { type: 'answer', json: '[]' },
]

for (const message of FROM_LAUNCHER) {
  test(`a launcher's ${message.type} is understood as it was said`, () => {
    const frames = [...new LauncherFrames().push(encodeFromLauncher(message))]
    assert.deepEqual(frames.map(plain), [plain(message)])
  })
}

for (const message of TO_LAUNCHER) {
  test(`the verb ${message.type} is understood as it was said`, () => {
    const frames = [...new AgentFrames().push(encodeToLauncher(message))]
    assert.deepEqual(frames.map(plain), [plain(message)])
  })
}

test('frames are found wherever the socket cuts them', () => {
  const bytes = Buffer.concat(TO_LAUNCHER.map(encodeToLauncher))
  for (let size = 1; size <= bytes.length; size += size < 40 ? 1 : 37) {
    const frames = new AgentFrames()
    const heard: ToLauncher[] = []
    for (let at = 0; at < bytes.length; at += size) heard.push(...frames.push(bytes.subarray(at, at + size)))
    assert.deepEqual(heard.map(plain), TO_LAUNCHER.map(plain), `cut into pieces of ${size}`)
  }
})

test('contents that lie in one chunk are not copied', () => {
  const contents = Buffer.from('contents of a file')
  const chunk = Buffer.concat([encodeDataHead(contents.length), contents])
  const [heard] = new AgentFrames().push(chunk)
  assert.ok(heard?.type === 'data')
  assert.equal(heard.bytes.buffer, chunk.buffer)
  assert.deepEqual(Buffer.from(heard.bytes), contents)
})

test('words that are not UTF-8 are told apart from nonsense', () => {
  const hello = Buffer.from(encodeFromLauncher({ ...HELLO, args: ['m@.c'] }))
  hello[hello.indexOf('m@.c') + 1] = 0xfc
  assert.deepEqual(decodeFromLauncher(hello.subarray(FRAME_HEAD_BYTES)), { type: 'not-utf8' })
  const verb = Buffer.from(encodeToLauncher({ type: 'temporary', path: 'm@.o' }))
  verb[verb.indexOf('m@.o') + 1] = 0xfc
  assert.throws(() => decodeToLauncher(verb.subarray(FRAME_HEAD_BYTES)), coded('LAUNCHER_MALFORMED'))
})

test('a launcher of another version is told by a code of its own', () => {
  const frame = encodeFromLauncher({ ...HELLO, version: 1 }).subarray(FRAME_HEAD_BYTES)
  assert.throws(() => decodeFromLauncher(frame), coded('LAUNCHER_VERSION'))
})

test('a frame that is empty or over the bound is refused before it is there', () => {
  for (const length of [0, LAUNCHER_FRAME_MAX_BYTES + 1, 0xffffffff]) {
    const head = Buffer.alloc(4)
    head.writeUInt32LE(length)
    assert.throws(() => [...new LauncherFrames().push(head)], coded('LAUNCHER_FRAME_LENGTH'), `length ${length}`)
  }
})

test('a frame that was announced and not sent takes no memory', () => {
  const splitter = new FrameSplitter()
  const head = Buffer.alloc(5)
  head.writeUInt32LE(LAUNCHER_FRAME_MAX_BYTES)
  const before = process.memoryUsage().arrayBuffers
  assert.deepEqual([...splitter.push(head)], [])
  assert.ok(process.memoryUsage().arrayBuffers - before < LAUNCHER_FRAME_MAX_BYTES / 2)
})

test('what was said before nonsense is still heard', () => {
  const chunk = Buffer.concat([encodeFromLauncher(HELLO), Buffer.from([1, 0, 0, 0, 0xee])])
  const frames = new LauncherFrames().push(chunk)
  assert.deepEqual(frames.next().value, HELLO)
  assert.throws(() => frames.next(), coded('LAUNCHER_MALFORMED'))
})

test('neither end can be taken for the other', () => {
  for (const message of TO_LAUNCHER) {
    const frame = encodeToLauncher(message).subarray(FRAME_HEAD_BYTES)
    assert.throws(() => decodeFromLauncher(frame), coded('LAUNCHER_MALFORMED'), message.type)
  }
})

test('a list cannot smuggle in further strings', () => {
  assert.throws(() => encodeToLauncher({ type: 'exec', argv: ['a\0b'] }), coded('LAUNCHER_MALFORMED'))
})

test('hostile bytes give nothing but coded errors', () => {
  const originals = [
    ...FROM_LAUNCHER.map((message) => ({ bytes: encodeFromLauncher(message), decode: decodeFromLauncher })),
    ...TO_LAUNCHER.map((message) => ({ bytes: encodeToLauncher(message), decode: decodeToLauncher })),
  ]
  const SEED = 7
  const random = seededBytes(SEED)
  for (const { bytes, decode } of originals) {
    for (let round = 0; round < 300; round++) {
      const frame = Buffer.from(bytes.subarray(FRAME_HEAD_BYTES))
      for (let change = 0; change <= round % 3; change++) frame[random() % frame.length] = random()
      const cut = frame.subarray(0, round % 4 === 0 ? random() % (frame.length + 1) : frame.length)
      try {
        decode(cut)
      } catch (error) {
        assert.ok(error instanceof LauncherProtocolError, `seed ${SEED}: ${cut.toString('hex')} gave ${error}`)
      }
    }
  }
})

/** Buffers and other byte arrays compare equal by their bytes. */
function plain(message: object): object {
  return 'bytes' in message && message.bytes instanceof Uint8Array
    ? { ...message, bytes: Buffer.from(message.bytes).toString('hex') }
    : message
}

function coded(code: string) {
  return (error: unknown) => error instanceof LauncherProtocolError && error.reason.code === code
}
