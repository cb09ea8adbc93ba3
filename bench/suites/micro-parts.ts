import { systemClock } from '../../src/base/clock.ts'
import { sha256 } from '../../src/base/digest.ts'
import { TRANSFER_CHUNK_BYTES } from '../../src/base/limits.ts'
import { systemSyncFiles } from '../../src/compiler/includes/system-sync-files.ts'
import { localFiles } from '../../src/compiler/local-files.ts'
import { parseInvocation } from '../../src/compiler/parse-invocation.ts'
import type { ToolchainId } from '../../src/compiler/toolchain.ts'
import { toolchainProcesses } from '../../src/compiler/toolchain-process.ts'
import { mayBeShown } from '../../src/compiler/trees/shown-folders.ts'
import { createTreeBuilder } from '../../src/compiler/trees/tree-builder.ts'
import { compress, decompress } from '../../src/protocols/compression.ts'
import type { Mesh } from '../../src/protocols/mesh.ts'
import { receiveBytes, sendBytes } from '../../src/protocols/transfer.ts'
import { startLoopbackPair } from '../../test/contract/mesh/loopback-pair.ts'
import { callMicros } from '../timing/loop.ts'
import type { SingleSource } from '../workloads/single-source.ts'

/** A part of the way of a compile, measured in this process: microseconds by what was done. */
export type PartTimes = Readonly<Record<string, number>>

export const COMPILER = '/usr/bin/gcc'

/** How the node takes a compile of a source apart, and what it builds its input tree with. */
export function closureOf({ cwd, args, name }: SingleSource) {
  const env = new Map<string, string>()
  const parse = () => parseInvocation({ family: 'gcc', tool: 'gcc', args, cwd, env }, localFiles)
  const invocation = parse()
  if (invocation.kind === 'local') throw new Error(`${name} may not be shipped: ${invocation.reason}`)
  const context = {
    toolchain: { id: sha256('a compiler') as ToolchainId, family: 'gcc' },
    compiler: COMPILER,
    cwd,
    env,
    outputs: [invocation.output],
  } as const
  const newBuilder = () =>
    createTreeBuilder({ files: systemSyncFiles(), clock: systemClock, processes: toolchainProcesses, mayBeShown })
  return { parse, invocation, context, newBuilder }
}

/** Reading a command line, and finding all that the source may include: cold, and with everything known. */
export async function closureTimes(source: SingleSource, calls: number): Promise<PartTimes> {
  const { name } = source
  const { parse, invocation, context, newBuilder } = closureOf(source)
  const warm = newBuilder()
  return {
    [`command line of ${name} read`]: await callMicros(calls, parse),
    [`input tree of ${name}, everything known`]: await callMicros(calls, () => warm.build(invocation, context)),
    [`input tree of ${name}, nothing known`]: await callMicros(3, () => newBuilder().build(invocation, context)),
  }
}

const TEXT_BYTES = 300 * 1024

/** Digest and compression of what a preprocessed source of middling size weighs. */
export async function byteTimes(calls: number): Promise<PartTimes> {
  const words = Array.from({ length: TEXT_BYTES / 8 }, (_, index) => `int x${(index * 7919) % 4096};`.padEnd(8))
  const text = Buffer.from(words.join('\n')).subarray(0, TEXT_BYTES)
  const packed = await compress(text)
  return {
    '300 KiB digested': await callMicros(calls, () => sha256(text)),
    '300 KiB of text packed': await callMicros(calls, () => compress(text)),
    '300 KiB of text unpacked': await callMicros(calls, () => decompress(packed, text.length)),
  }
}

const ECHO = '/hybridgrid/bench-echo/1.0.0'
const FRAME_BYTES = 64
const LARGE_BYTES = 4 * 1024 * 1024

/** Sessions between two nodes in this process: a short question and answer, 4 MiB there and back, and a new session. */
export async function sessionTimes(calls: number): Promise<PartTimes> {
  const { a, b, stop } = await startLoopbackPair()
  try {
    serveEcho(b)
    const session = await a.open(b.self, ECHO)
    const echo = async (bytes: Uint8Array) => {
      await session.write(sizeFrame(bytes.length))
      await sendBytes(session, bytes)
      await receiveBytes(session, bytes.length)
    }
    const small = new Uint8Array(FRAME_BYTES)
    const large = new Uint8Array(LARGE_BYTES)
    const times = {
      'session: question and answer of 64 bytes': await callMicros(calls, () => echo(small)),
      'session: 4 MiB there and back': await callMicros(Math.ceil(calls / 20), () => echo(large)),
      'session: opened': await callMicros(Math.ceil(calls / 4), async () => {
        const opened = await a.open(b.self, ECHO)
        await opened.close()
        opened.abort(new Error('it was only opened'))
      }),
    }
    await session.close()
    return times
  } finally {
    await stop()
  }
}

function serveEcho(mesh: Mesh): void {
  mesh.handle(ECHO, async (session) => {
    for (;;) {
      const size = await session.read(TRANSFER_CHUNK_BYTES)
      if (size === undefined) break
      const bytes = await receiveBytes(session, Buffer.from(size).readUInt32BE())
      await sendBytes(session, bytes)
    }
    await session.close()
  })
}

function sizeFrame(size: number): Uint8Array {
  const frame = Buffer.alloc(4)
  frame.writeUInt32BE(size)
  return frame
}
