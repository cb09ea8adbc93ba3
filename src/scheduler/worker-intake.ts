import { TRANSFER_CHUNK_BYTES } from '../base/limits.ts'
import type { RunRequest } from '../compiler/runner.ts'
import type { Toolchain } from '../compiler/toolchain.ts'
import type { CompileRequest, TextInput, TreeInput } from '../protocols/compile.ts'
import { decompress } from '../protocols/compression.ts'
import type { MeshSession } from '../protocols/mesh.ts'
import { receiveBytes } from '../protocols/transfer.ts'
import type { HeardTree } from '../protocols/tree-dictionary.ts'
import type { TreeIntake } from './tree-intake.ts'
import { refused } from './worker-refusal.ts'
import { textRun, treeRun } from './worker-request.ts'

/** How the inputs of one request get here. */
export interface Intake {
  /** What the client is about to send unasked. */
  readonly unaskedBytes: number
  /** Resolves when all that the compile reads is here. */
  take(signal: AbortSignal): Promise<TakenInputs>
}

export interface TakenInputs {
  run(toolchain: Toolchain): Promise<RunRequest>
  release(): void
}

/** Preprocessed text, sent right behind the request. */
export function textIntake(session: MeshSession, request: CompileRequest, input: TextInput): Intake {
  const { path, bytes, sentBytes } = input
  return {
    unaskedBytes: sentBytes,
    take: async (signal) => {
      const packed = await receiveBytes(session, sentBytes, signal)
      return {
        // Unpacked only when there is a slot: what waits is small.
        run: async (toolchain) => {
          const text = await decompress(packed, bytes)
          if (text.length !== bytes) throw refused('malformed')
          return textRun(request, toolchain, path, text)
        },
        release: () => undefined,
      }
    },
  }
}

/** A tree, of which the client sends what it is asked for. */
export function treeIntake(
  intake: TreeIntake,
  session: MeshSession,
  request: CompileRequest,
  { compiler }: TreeInput,
  heard: HeardTree,
): Intake {
  return {
    unaskedBytes: 0,
    take: async (signal) => {
      const taken = await intake.take(session, heard, compiler, signal)
      return { run: async (toolchain) => treeRun(request, compiler, toolchain, taken), release: taken.release }
    },
  }
}

/** Reads what a refused client sends all the same, so that its next request is found behind it. */
export async function passOver(session: MeshSession, bytes: number, signal: AbortSignal): Promise<void> {
  for (let left = bytes; left > 0; ) {
    const frame = await session.read(Math.min(left, TRANSFER_CHUNK_BYTES), signal)
    if (frame === undefined || frame.length === 0) throw refused('malformed')
    left -= frame.length
  }
}
