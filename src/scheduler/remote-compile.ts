import type { Clock } from '../base/clock.ts'
import { withDeadline } from '../base/deadline.ts'
import { HybridgridError } from '../base/errors.ts'
import { COMPILE_HEADER_MAX_BYTES, COMPILE_WALL_MAX_MS, OUTPUT_MAX_BYTES } from '../base/limits.ts'
import type { RunUsage } from '../compiler/runner.ts'
import { COMPILE_PROTOCOL, type CompileRequest, type WorkerRefusal } from '../protocols/compile.ts'
import { decodeCompileReply, encodeCompileRequest } from '../protocols/compile-codec.ts'
import { compress, decompress } from '../protocols/compression.ts'
import type { MeshSession, PeerId } from '../protocols/mesh.ts'
import type { SessionPool } from '../protocols/session-pool.ts'
import { receiveBytes, sendBytes } from '../protocols/transfer.ts'

export type RemoteFailure =
  | { readonly code: 'REMOTE_REFUSED'; readonly refusal: WorkerRefusal }
  | { readonly code: 'REMOTE_MALFORMED' }

/** A peer did not do what it was asked; another may. */
export class RemoteError extends HybridgridError<RemoteFailure> {}

export interface RemoteResult {
  readonly exitCode: number | undefined
  readonly signal: number | undefined
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  /** By the names in the request; those that the compiler did not write are absent. */
  readonly outputs: ReadonlyMap<string, Uint8Array>
  readonly usage: RunUsage
  readonly queuedMs: number
}

/** Preprocessed text, compressed once for all peers that are tried. */
export interface PackedInput {
  readonly bytes: number
  readonly packed: Uint8Array
}

export async function packInput(text: Uint8Array): Promise<PackedInput> {
  return { bytes: text.length, packed: await compress(text) }
}

/** Waiting in a worker's queue comes on top of the compile itself. */
const REMOTE_MAX_MS = 2 * COMPILE_WALL_MAX_MS

export interface RemoteCompileComponents {
  readonly clock: Clock
  readonly sessions: Pick<SessionPool, 'use'>
}

/** Has one peer compile one translation unit. Rejects with `RemoteError` or `MeshError`; cancels the compile when `signal` is aborted. */
export async function remoteCompile(
  { clock, sessions }: RemoteCompileComponents,
  peer: PeerId,
  request: Omit<CompileRequest, 'input'> & { readonly inputPath: string },
  input: PackedInput,
  signal: AbortSignal,
): Promise<RemoteResult> {
  const { inputPath, ...rest } = request
  const header = encodeCompileRequest({
    ...rest,
    input: { path: inputPath, bytes: input.bytes, sentBytes: input.packed.length },
  })
  return withDeadline(clock, REMOTE_MAX_MS, signal, (deadline) =>
    sessions.use(
      peer,
      COMPILE_PROTOCOL,
      async (session) => {
        await session.write(header, deadline)
        await sendBytes(session, input.packed, deadline)
        return await receiveResult(session, request.outputs, deadline)
      },
      deadline,
    ),
  )
}

async function receiveResult(
  session: MeshSession,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<RemoteResult> {
  const frame = await session.read(COMPILE_HEADER_MAX_BYTES, signal)
  if (frame === undefined) throw malformed('the peer ended the session without a reply')
  const reply = decodeCompileReply(frame)
  if (reply.status === 'refused') {
    throw new RemoteError({ code: 'REMOTE_REFUSED', refusal: reply.code }, `the peer refused: ${reply.code}`)
  }
  const outputs = new Map<string, Uint8Array>()
  let total = 0
  for (const { path, bytes, sentBytes } of reply.outputs) {
    total += bytes
    if (!wanted.includes(path) || outputs.has(path)) throw malformed('the peer sent a file that nobody asked for')
    if (total > OUTPUT_MAX_BYTES) throw malformed('the peer sent more than the bound')
    outputs.set(path, await decompress(await receiveBytes(session, sentBytes, signal), bytes))
  }
  const { exitCode, signal: endedBy, stdout, stderr, usage, queuedMs } = reply
  return { exitCode, signal: endedBy, stdout, stderr, outputs, usage, queuedMs }
}

function malformed(message: string): RemoteError {
  return new RemoteError({ code: 'REMOTE_MALFORMED' }, message)
}
