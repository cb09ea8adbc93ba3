import { HybridgridError } from '../base/errors.ts'
import { COMPILE_HEADER_MAX_BYTES, OUTPUT_MAX_BYTES } from '../base/limits.ts'
import type { RunUsage } from '../compiler/runner.ts'
import type { CompileEnd, CompileReply, WorkerRefusal } from '../protocols/compile.ts'
import { decodeCompileReply } from '../protocols/compile-codec.ts'
import { decompress } from '../protocols/compression.ts'
import type { MeshSession } from '../protocols/mesh.ts'
import { receiveBytes } from '../protocols/transfer.ts'

export type RemoteFailure =
  | { readonly code: 'REMOTE_REFUSED'; readonly refusal: WorkerRefusal }
  | { readonly code: 'REMOTE_MALFORMED' }
  /** A file of the tree is no longer what it was when the tree was built. */
  | { readonly code: 'REMOTE_INPUT_CHANGED'; readonly path: string }

/** A peer did not do what it was asked; another may. Or an input changed: then no peer can. */
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
  /** Whether the worker knew it, and compiled nothing. */
  readonly cached: boolean
  /** Whether it can be found at the worker, which is a home of it. */
  readonly kept: boolean
}

/** The worker's next word. */
export async function nextReply(session: MeshSession, signal: AbortSignal): Promise<CompileReply> {
  const frame = await session.read(COMPILE_HEADER_MAX_BYTES, signal)
  if (frame === undefined) throw malformed('the peer ended the session without a reply')
  return decodeCompileReply(frame)
}

/** What follows a compile's end. Rejects with `RemoteError` when it is not what was asked for. */
export async function receiveResult(
  session: MeshSession,
  wanted: readonly string[],
  reply: Extract<CompileEnd, { status: 'done' }>,
  signal: AbortSignal,
): Promise<RemoteResult> {
  const outputs = new Map<string, Uint8Array>()
  let total = 0
  for (const { path, bytes, sentBytes, content } of reply.outputs) {
    total += bytes
    if (!wanted.includes(path) || outputs.has(path)) throw malformed('the peer sent a file that nobody asked for')
    if (total > OUTPUT_MAX_BYTES) throw malformed('the peer sent more than the bound')
    outputs.set(path, content ?? (await decompress(await receiveBytes(session, sentBytes, signal), bytes)))
  }
  const { exitCode, signal: endedBy, stdout, stderr, usage, queuedMs, cached, kept } = reply
  return { exitCode, signal: endedBy, stdout, stderr, outputs, usage, queuedMs, cached, kept }
}

export function malformed(message: string): RemoteError {
  return new RemoteError({ code: 'REMOTE_MALFORMED' }, message)
}
