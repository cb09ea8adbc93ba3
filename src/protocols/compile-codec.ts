import { encode } from 'cborg'
import { isSha256 } from '../base/digest.ts'
import { HybridgridError, messageOf } from '../base/errors.ts'
import {
  ARGUMENTS_MAX,
  COMPILE_HEADER_MAX_BYTES,
  ENVIRONMENT_MAX,
  INPUT_MAX_BYTES,
  OUTPUT_MAX_BYTES,
  OUTPUTS_IN_HEADER_MAX_BYTES,
  OUTPUTS_MAX,
  PATH_MAX_BYTES,
  PRINTED_MAX_BYTES,
  SOURCE_IN_REQUEST_MAX_BYTES,
} from '../base/limits.ts'
import type { RunUsage } from '../compiler/runner.ts'
import type { ToolchainId } from '../compiler/toolchain.ts'
import {
  type Check,
  decodeCbor,
  type Fields,
  fieldReader,
  isAmount,
  isBoolean,
  isBytesUpTo,
  isCountUpTo,
  isListOf,
  isText,
  optional,
} from './cbor-fields.ts'
import {
  CACHE_WISHES,
  type CacheWish,
  type CompileReply,
  type CompileRequest,
  type ContentsHeader,
  type ReplyOutput,
  WORKER_REFUSALS,
  type WorkerRefusal,
} from './compile.ts'
import { packedMaxBytes } from './compression.ts'
import { decodeEntries, decodeNumbers, encodeEntries, encodeNumbers } from './tree-codec.ts'

export type CompileCodecFailure =
  | { readonly code: 'COMPILE_HEADER_TOO_LONG'; readonly bytes: number }
  | { readonly code: 'COMPILE_HEADER_NOT_CBOR' }
  | { readonly code: 'COMPILE_FIELD_BAD'; readonly field: string }

/** A frame of the compile protocol is not one. */
export class CompileCodecError extends HybridgridError<CompileCodecFailure> {}

/** First frame of a request. Throws when it is longer than a worker would take. */
export function encodeCompileRequest(request: CompileRequest): Uint8Array {
  const { input } = request
  if (input.kind === 'text') return bounded(encode(request))
  const { defined, used, source, ...rest } = input
  const named = { defined: encodeEntries(defined), used: encodeNumbers(used) }
  return bounded(encode({ ...request, input: { ...rest, ...named, ...(source && { source }) } }))
}

/** First frame of a reply. Throws when it is longer than a client would take. */
export function encodeCompileReply(reply: CompileReply): Uint8Array {
  if (reply.status === 'lacking') return bounded(encode({ ...reply, files: encodeNumbers(reply.files) }))
  return bounded(encode(Object.fromEntries(Object.entries(reply).filter(([, value]) => value !== undefined))))
}

/** What a client asks. Throws `CompileCodecError` and nothing else, whatever the bytes. Fields of later versions are passed over. */
export function decodeCompileRequest(frame: Uint8Array): CompileRequest {
  const fields = asFields(parse(frame), 'request')
  const cache = field(fields, 'cache', optional(isCacheWish))
  return {
    toolchain: field(fields, 'toolchain', isToolchainId),
    args: field(fields, 'args', isArguments),
    cwd: field(fields, 'cwd', isAbsolutePath),
    env: field(fields, 'env', isEnvironment),
    input: decodeInput(asFields(fields.get('input'), 'input')),
    outputs: field(fields, 'outputs', isPathSet),
    ...(cache && { cache }),
  }
}

function decodeInput(fields: Fields): CompileRequest['input'] {
  if (fields.get('kind') === 'text') {
    return { kind: 'text', path: field(fields, 'path', isPath), ...sizes(fields, INPUT_MAX_BYTES) }
  }
  const defined = decodeEntries(fields.get('defined'))
  const used = decodeNumbers(fields.get('used'))
  if (fields.get('kind') !== 'tree' || defined === undefined || used === undefined) throw bad('input')
  const source = field(fields, 'source', optional(isBytesUpTo(SOURCE_IN_REQUEST_MAX_BYTES)))
  return {
    kind: 'tree',
    compiler: field(fields, 'compiler', isAbsolutePath),
    restart: field(fields, 'restart', isBoolean),
    defined,
    used,
    ...(source && { source }),
  }
}

/** What stands before contents that a worker lacked. */
export function encodeContentsHeader(header: ContentsHeader): Uint8Array {
  return encode(header)
}

/** The same, from outside; as many as `maxBytes`. Throws `CompileCodecError`. */
export function decodeContentsHeader(frame: Uint8Array, maxBytes: number): ContentsHeader {
  return sizes(asFields(parse(frame), 'contents'), maxBytes)
}

/** What a worker answers. Throws `CompileCodecError` and nothing else, whatever the bytes. Fields of later versions are passed over. */
export function decodeCompileReply(frame: Uint8Array): CompileReply {
  const fields = asFields(parse(frame), 'reply')
  if (fields.get('status') === 'refused') return { status: 'refused', code: field(fields, 'code', isRefusal) }
  if (fields.get('status') === 'lacking') {
    const files = decodeNumbers(fields.get('files'))
    if (files === undefined || files.length === 0) throw bad('files')
    return { status: 'lacking', files }
  }
  if (fields.get('status') !== 'done') throw bad('status')
  const exitCode = field(fields, 'exitCode', optional(isExitCode))
  const signal = field(fields, 'signal', optional(isSignal))
  if ((exitCode === undefined) === (signal === undefined)) throw bad('exitCode') // It ended in one of the two ways.
  const outputs = field(fields, 'outputs', isOutputList).map(decodeOutput)
  if (outputs.reduce((total, { bytes }) => total + bytes, 0) > OUTPUT_MAX_BYTES) throw bad('outputs')
  return {
    status: 'done',
    exitCode,
    signal,
    stdout: field(fields, 'stdout', isPrinted),
    stderr: field(fields, 'stderr', isPrinted),
    outputs,
    usage: decodeUsage(fields.get('usage')),
    queuedMs: field(fields, 'queuedMs', isAmount),
    // Workers of earlier versions know of no cache.
    cached: field(fields, 'cached', optional(isBoolean)) ?? false,
    kept: field(fields, 'kept', optional(isBoolean)) ?? false,
  }
}

function decodeOutput(value: unknown): ReplyOutput {
  const fields = asFields(value, 'outputs')
  const output = { path: field(fields, 'path', isPath), ...sizes(fields, OUTPUT_MAX_BYTES) }
  const content = field(fields, 'content', optional(isBytesUpTo(OUTPUTS_IN_HEADER_MAX_BYTES)))
  if (content === undefined) return output
  if (content.length !== output.bytes || output.sentBytes !== 0) throw bad('content')
  return { ...output, content }
}

function decodeUsage(value: unknown): RunUsage {
  const fields = asFields(value, 'usage')
  return {
    wallMs: field(fields, 'wallMs', isAmount),
    userMs: field(fields, 'userMs', isAmount),
    systemMs: field(fields, 'systemMs', isAmount),
    maxRssBytes: field(fields, 'maxRssBytes', isAmount),
  }
}

function sizes(fields: Fields, maxBytes: number): { readonly bytes: number; readonly sentBytes: number } {
  const bytes = field(fields, 'bytes', isCountUpTo(maxBytes))
  return { bytes, sentBytes: field(fields, 'sentBytes', isCountUpTo(packedMaxBytes(bytes))) }
}

function bounded(frame: Uint8Array): Uint8Array {
  if (frame.length <= COMPILE_HEADER_MAX_BYTES) return frame
  const reason = { code: 'COMPILE_HEADER_TOO_LONG', bytes: frame.length } as const
  throw new CompileCodecError(reason, `a header of ${frame.length} bytes`)
}

function parse(frame: Uint8Array): unknown {
  try {
    return decodeCbor(bounded(frame))
  } catch (error) {
    if (error instanceof CompileCodecError) throw error
    throw new CompileCodecError({ code: 'COMPILE_HEADER_NOT_CBOR' }, `not CBOR: ${messageOf(error)}`, { cause: error })
  }
}

function bad(name: string): CompileCodecError {
  return new CompileCodecError({ code: 'COMPILE_FIELD_BAD', field: name }, `missing or out of bounds: ${name}`)
}

const { map: asFields, field } = fieldReader(bad)

const isPath: Check<string> = (value): value is string =>
  isText(value) && value !== '' && Buffer.byteLength(value) <= PATH_MAX_BYTES
const isAbsolutePath: Check<string> = (value): value is string => isPath(value) && value.startsWith('/')
const isArguments = isListOf(isText, ARGUMENTS_MAX)
const isEnvironment = isListOf(isText, ENVIRONMENT_MAX)
const isPathSet: Check<readonly string[]> = (value): value is readonly string[] =>
  isListOf(isPath, OUTPUTS_MAX)(value) && new Set(value).size === value.length
const isOutputList = isListOf((value: unknown): value is unknown => value !== undefined, OUTPUTS_MAX)
const isPrinted = isBytesUpTo(PRINTED_MAX_BYTES)
const isExitCode = isCountUpTo(255)
const isSignal: Check<number> = (value): value is number => isCountUpTo(64)(value) && value > 0
const isToolchainId: Check<ToolchainId> = (value): value is ToolchainId => isSha256(value)
const isCacheWish: Check<CacheWish> = (value): value is CacheWish => CACHE_WISHES.some((wish) => wish === value)
const isRefusal: Check<WorkerRefusal> = (value): value is WorkerRefusal =>
  WORKER_REFUSALS.some((refusal) => refusal === value)
