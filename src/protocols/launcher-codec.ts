import { FieldReader, list, malformed, string, u8, u32, u64 } from './launcher-fields.ts'
import { FRAME_HEAD_BYTES, FrameSplitter, LauncherProtocolError } from './launcher-frames.ts'
import { type FromLauncher, LAUNCHER_PROTOCOL_VERSION, type StreamUse, type ToLauncher } from './launcher-messages.ts'

/** What a launcher said, or that its words cannot be put in UTF-8: let it compile locally. */
export type HeardFromLauncher = FromLauncher | { readonly type: 'not-utf8' }

/** What launchers say, as chunks from the socket complete it. The generator throws nothing but `LauncherProtocolError`. */
export class LauncherFrames {
  readonly #splitter = new FrameSplitter();
  *push(chunk: Uint8Array): Generator<HeardFromLauncher> {
    for (const frame of this.#splitter.push(chunk)) yield decodeFromLauncher(frame)
  }
}

/** What the agent says, as chunks from the socket complete it. The generator throws nothing but `LauncherProtocolError`. */
export class AgentFrames {
  readonly #splitter = new FrameSplitter();
  *push(chunk: Uint8Array): Generator<ToLauncher> {
    for (const frame of this.#splitter.push(chunk)) yield decodeToLauncher(frame)
  }
}

/** One message as a frame. */
export function encodeFromLauncher(message: FromLauncher): Uint8Array {
  switch (message.type) {
    case 'hello':
      return frame(FROM.hello, [
        u32(message.version),
        u8((message.stderrIsTerminal ? STDERR_IS_TERMINAL : 0) | (message.announcesPlace ? ANNOUNCES_PLACE : 0)),
        u32(message.umask),
        string(message.fileView),
        string(message.cwd),
        string(message.tool),
        string(message.compiler),
        list(message.args),
        list(message.env),
      ])
    case 'query':
      return frame(FROM.query, [string(message.name), string(message.json)])
    case 'exited':
      return frame(FROM.exited, [
        u32(message.run),
        u8(message.signal === undefined ? 0 : 1),
        u32(message.signal ?? message.exitCode ?? 0),
        u64(message.userMicros),
        u64(message.systemMicros),
        u64(message.maxRssKib),
      ])
    case 'output':
      return frame(FROM.output, [u32(message.run), u8(STREAMS.byte[message.stream])], message.bytes)
    case 'failed':
      return frame(FROM.failed, [
        u8(OPERATIONS.byte[message.operation]),
        u32(message.errno),
        u32(message.run ?? NO_RUN),
      ])
  }
}

/** The counterpart of `encodeFromLauncher`, for one frame. Throws nothing but `LauncherProtocolError`. */
export function decodeFromLauncher(bytes: Uint8Array): HeardFromLauncher {
  const fields = new FieldReader(bytes)
  const decode = FROM_DECODERS.get(fields.u8())
  if (decode === undefined) throw malformed('no launcher says this')
  const message = decode(fields)
  fields.end()
  return fields.notUtf8 ? { type: 'not-utf8' } : message
}

/** One verb as a frame. For `data` this copies the contents; `encodeDataHead` does not. */
export function encodeToLauncher(message: ToLauncher): Uint8Array {
  switch (message.type) {
    case 'run':
      return frame(TO.run, [
        u32(message.run),
        u8(STREAM_USES.byte[message.stdout]),
        u8(STREAM_USES.byte[message.stderr]),
        list(message.argv),
        list(message.env),
      ])
    case 'exec':
      return frame(TO.exec, [list(message.argv)])
    case 'write':
      return frame(TO.write, [string(message.path), u32(message.mode), u64(message.size)])
    case 'data':
      return frame(TO.data, [], message.bytes)
    case 'copy':
      return frame(TO.copy, [string(message.path), u32(message.crc32)])
    case 'commit':
      return frame(TO.commit, [])
    case 'temporary':
      return frame(TO.temporary, [string(message.path)])
    case 'print':
      return frame(TO.print, [u8(STREAMS.byte[message.stream])], message.bytes)
    case 'exit':
      return frame(TO.exit, [u32(message.code)])
    case 'kill':
      return frame(TO.kill, [u32(message.run)])
    case 'keepalive':
      return frame(TO.keepalive, [])
    case 'answer':
      return frame(TO.answer, [string(message.json)])
  }
}

/** What stands in front of `bytes` bytes of file contents: write this, then the contents as they are. */
export function encodeDataHead(bytes: number): Uint8Array {
  return frame(TO.data, [], undefined, bytes)
}

/** The counterpart of `encodeToLauncher`, for one frame. Throws nothing but `LauncherProtocolError`. */
export function decodeToLauncher(bytes: Uint8Array): ToLauncher {
  const fields = new FieldReader(bytes)
  const decode = TO_DECODERS.get(fields.u8())
  if (decode === undefined) throw malformed('no agent says this')
  const message = decode(fields)
  fields.end()
  if (fields.notUtf8) throw malformed('a string is not UTF-8')
  return message
}

// First bytes of frames. The two directions share none, so an end that hears itself notices. Mirrored in src/launcher/wire.h.
const FROM = { hello: 0x01, query: 0x02, exited: 0x03, output: 0x04, failed: 0x05 } as const
const TO = {
  run: 0x41,
  exec: 0x42,
  write: 0x43,
  data: 0x44,
  commit: 0x45,
  temporary: 0x46,
  print: 0x47,
  exit: 0x48,
  kill: 0x49,
  keepalive: 0x4a,
  answer: 0x4b,
  copy: 0x4c,
} as const

const STDERR_IS_TERMINAL = 1
const ANNOUNCES_PLACE = 2
/** In `failed`, for what was no `run`. */
const NO_RUN = 0xffffffff

const STREAM_USES = words<StreamUse>({ inherit: 0, send: 1, discard: 2 })
const STREAMS = words<'stdout' | 'stderr'>({ stdout: 1, stderr: 2 })
const OPERATIONS = words<'run' | 'write' | 'commit'>({ run: 1, write: 2, commit: 3 })

const FROM_DECODERS: ReadonlyMap<number, (fields: FieldReader) => FromLauncher> = new Map([
  [FROM.hello, decodeHello],
  [FROM.query, (fields) => ({ type: 'query', name: fields.string(), json: fields.string() })],
  [FROM.exited, decodeExited],
  [
    FROM.output,
    (fields) => ({ type: 'output', run: fields.u32(), stream: fields.oneOf(STREAMS.meaning), bytes: fields.rest() }),
  ],
  [FROM.failed, decodeFailed],
])

const TO_DECODERS: ReadonlyMap<number, (fields: FieldReader) => ToLauncher> = new Map([
  [TO.run, decodeRun],
  [TO.exec, (fields) => ({ type: 'exec', argv: fields.list() })],
  [TO.write, (fields) => ({ type: 'write', path: fields.string(), mode: fields.u32(), size: fields.u64() })],
  [TO.data, (fields) => ({ type: 'data', bytes: fields.rest() })],
  [TO.copy, (fields) => ({ type: 'copy', path: fields.string(), crc32: fields.u32() })],
  [TO.commit, () => ({ type: 'commit' })],
  [TO.temporary, (fields) => ({ type: 'temporary', path: fields.string() })],
  [TO.print, (fields) => ({ type: 'print', stream: fields.oneOf(STREAMS.meaning), bytes: fields.rest() })],
  [TO.exit, (fields) => ({ type: 'exit', code: fields.u32() })],
  [TO.kill, (fields) => ({ type: 'kill', run: fields.u32() })],
  [TO.keepalive, () => ({ type: 'keepalive' })],
  [TO.answer, (fields) => ({ type: 'answer', json: fields.string() })],
])

function decodeHello(fields: FieldReader): FromLauncher {
  const version = fields.u32()
  if (version !== LAUNCHER_PROTOCOL_VERSION) {
    throw new LauncherProtocolError({ code: 'LAUNCHER_VERSION', version }, `a launcher of version ${version}`)
  }
  const flags = fields.u8()
  return {
    type: 'hello',
    version,
    stderrIsTerminal: (flags & STDERR_IS_TERMINAL) !== 0,
    announcesPlace: (flags & ANNOUNCES_PLACE) !== 0,
    umask: fields.u32(),
    fileView: fields.string(),
    cwd: fields.string(),
    tool: fields.string(),
    compiler: fields.string(),
    args: fields.list(),
    env: fields.list(),
  }
}

function decodeExited(fields: FieldReader): FromLauncher {
  const run = fields.u32()
  const bySignal = fields.oneOf(BY_SIGNAL)
  const value = fields.u32()
  return {
    type: 'exited',
    run,
    exitCode: bySignal ? undefined : value,
    signal: bySignal ? value : undefined,
    userMicros: fields.u64(),
    systemMicros: fields.u64(),
    maxRssKib: fields.u64(),
  }
}

const BY_SIGNAL: ReadonlyMap<number, boolean> = new Map([
  [0, false],
  [1, true],
])

function decodeFailed(fields: FieldReader): FromLauncher {
  const operation = fields.oneOf(OPERATIONS.meaning)
  const errno = fields.u32()
  const run = fields.u32()
  return { type: 'failed', operation, errno, run: run === NO_RUN ? undefined : run }
}

function decodeRun(fields: FieldReader): ToLauncher {
  const run = fields.u32()
  const stdout = fields.oneOf(STREAM_USES.meaning)
  const stderr = fields.oneOf(STREAM_USES.meaning)
  return { type: 'run', run, stdout, stderr, argv: fields.list(), env: fields.list() }
}

/** A closed set of words, each a byte on the wire. */
function words<W extends string>(byte: Readonly<Record<W, number>>) {
  const meaning = new Map<number, W>()
  for (const word in byte) meaning.set(byte[word], word)
  return { byte, meaning: meaning as ReadonlyMap<number, W> }
}

function frame(type: number, fields: readonly Buffer[], contents?: Uint8Array, bytesToFollow = 0): Uint8Array {
  const head = Buffer.allocUnsafe(FRAME_HEAD_BYTES + 1)
  const bytes = Buffer.concat(contents === undefined ? [head, ...fields] : [head, ...fields, contents])
  bytes.writeUInt32LE(bytes.length - FRAME_HEAD_BYTES + bytesToFollow)
  bytes.writeUInt8(type, FRAME_HEAD_BYTES)
  return bytes
}
