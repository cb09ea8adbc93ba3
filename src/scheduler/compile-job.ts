import { resolve } from 'node:path'
import type { Clock } from '../base/clock.ts'
import { messageOf } from '../base/errors.ts'
import { ATTEMPTS_MAX, INPUT_MAX_BYTES } from '../base/limits.ts'
import type { Logger } from '../base/log.ts'
import type { CompileInvocation } from '../compiler/invocation.ts'
import type { FileReader } from '../compiler/local-files.ts'
import type { LocalReason } from '../compiler/local-reason.ts'
import { type PreprocessVariant, preprocessCommand, variantsFor } from '../compiler/preprocess.ts'
import { remoteArguments } from '../compiler/remote-arguments.ts'
import { type ShippableText, shippableText } from '../compiler/shippable-text.ts'
import type { Toolchain } from '../compiler/toolchain.ts'
import type { PeerId } from '../protocols/mesh.ts'
import type { Dispatcher } from './dispatcher.ts'
import type { JobPlace } from './job-log.ts'
import type { LauncherHand } from './launcher-hand.ts'
import { type PackedInput, packInput, RemoteError, type RemoteResult } from './remote-compile.ts'
import type { Slots } from './slots.ts'

export interface CompileJobComponents {
  readonly clock: Clock
  readonly log: Logger
  readonly files: FileReader
  readonly dispatcher: Pick<Dispatcher, 'acquire' | 'look'>
  /** Slots for preprocessing and other short work. */
  readonly lightSlots: Pick<Slots, 'acquire'>
  readonly compileOn: (
    peer: PeerId,
    request: RemoteRequest,
    input: PackedInput,
    signal: AbortSignal,
  ) => Promise<RemoteResult>
  readonly reputation: { succeeded(peer: PeerId): void; failed(peer: PeerId): void; busy(peer: PeerId): void }
  readonly nameOf: (peer: PeerId) => string
}

export interface RemoteRequest {
  readonly toolchain: Toolchain['id']
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: readonly string[]
  readonly inputPath: string
  readonly outputs: readonly string[]
}

/** One translation unit on its way through the mesh. */
export interface CompileJob {
  readonly hand: LauncherHand
  readonly invocation: CompileInvocation
  readonly toolchain: Toolchain
  /** Variables that change what the compiler writes, `NAME=value`. */
  readonly env: readonly string[]
}

export type RemoteOutcome =
  | { readonly kind: 'compiled'; readonly place: Extract<JobPlace, { at: 'peer' }>; readonly result: RemoteResult }
  | { readonly kind: 'local'; readonly reason: LocalReason }

/** Times that were measured on the way, in ms. */
export interface RemoteTimes {
  preprocessMs?: number
  waitMs?: number
  remoteMs?: number
}

/**
 * Way 2 of DESIGN.md section 4: preprocess here, compile on a peer. Never rejects for a fault of the mesh: then the
 * outcome is `local` with the reason. Rejects with the launcher's reason when that is gone.
 */
export async function compileRemotely(
  components: CompileJobComponents,
  job: CompileJob,
  times: RemoteTimes,
): Promise<RemoteOutcome> {
  const { clock, dispatcher } = components
  const hopeless = dispatcher.look(job.toolchain.id)
  if (hopeless.to === 'local') return { kind: 'local', reason: hopeless.reason }

  const begun = clock.now()
  const text = await preprocess(components, job)
  times.preprocessMs = clock.now() - begun
  if (text.kind === 'local') return text
  const { args, inputPath, outputs } = remoteArguments(job.invocation, text.variant)
  const request = { toolchain: job.toolchain.id, args, cwd: job.hand.hello.cwd, env: job.env, inputPath, outputs }
  return tryPeers(components, job, request, await packInput(text.bytes), times)
}

type Preprocessed =
  | { readonly kind: 'text'; readonly bytes: Uint8Array; readonly variant: PreprocessVariant }
  | { readonly kind: 'local'; readonly reason: LocalReason }

async function preprocess({ lightSlots, files }: CompileJobComponents, job: CompileJob): Promise<Preprocessed> {
  const { hand, invocation, toolchain } = job
  const slot = await lightSlots.acquire(hand.closed)
  try {
    for (const variant of variantsFor(invocation, toolchain.version)) {
      const text = await preprocessedText(files, job, variant)
      if (text.kind === 'local') return text
      const shippable = text.kind === 'text' ? shippableText(invocation, variant, text.bytes) : text
      if (shippable.kind === 'text') return { kind: 'text', bytes: shippable.bytes, variant }
      if (shippable.kind === 'local') return shippable
    }
    return { kind: 'local', reason: 'preprocess-failed' }
  } finally {
    slot.release()
  }
}

/** What the local preprocessor makes of the source; `unfit` when another variant may do better. */
async function preprocessedText(
  files: FileReader,
  { hand, invocation }: CompileJob,
  variant: PreprocessVariant,
): Promise<ShippableText> {
  const args = preprocessCommand(invocation, variant)
  if (args === undefined) {
    const bytes = files.read(resolve(hand.hello.cwd, invocation.source), INPUT_MAX_BYTES)
    return bytes === undefined ? { kind: 'local', reason: 'preprocess-failed' } : { kind: 'text', bytes }
  }
  const argv = [hand.hello.compiler, ...args]
  const child = await hand.run({ argv, stdout: 'send', stderr: 'send', maxBytes: INPUT_MAX_BYTES })
  if (child === undefined) return { kind: 'local', reason: 'preprocess-failed' }
  if (child.overflowed) return { kind: 'local', reason: 'input-too-large' }
  if (child.exitCode !== 0) return { kind: 'unfit' }
  if (child.stderr.length > 0) return { kind: 'local', reason: 'preprocess-failed' }
  return { kind: 'text', bytes: child.stdout }
}

async function tryPeers(
  components: CompileJobComponents,
  job: CompileJob,
  request: RemoteRequest,
  input: PackedInput,
  times: RemoteTimes,
): Promise<RemoteOutcome> {
  const { clock, dispatcher, nameOf } = components
  const { closed } = job.hand
  const tried = new Set<PeerId>()
  while (tried.size < ATTEMPTS_MAX) {
    const asked = clock.now()
    const berth = await dispatcher.acquire(job.toolchain.id, tried, closed)
    const placed = clock.now()
    times.waitMs = (times.waitMs ?? 0) + placed - asked
    if (berth.to === 'local') return { kind: 'local', reason: tried.size > 0 ? 'peers-lost' : berth.reason }
    try {
      const result = await attempt(components, berth.peer, request, input, closed)
      if (result === undefined) {
        tried.add(berth.peer)
        continue
      }
      times.remoteMs = clock.now() - placed
      const reason = objection(result, request)
      if (reason !== undefined) return { kind: 'local', reason }
      return { kind: 'compiled', place: { at: 'peer', peer: berth.peer, name: nameOf(berth.peer) }, result }
    } finally {
      berth.release()
    }
  }
  return { kind: 'local', reason: 'peers-lost' }
}

/** Undefined when the peer failed us and another should be tried. */
async function attempt(
  { compileOn, reputation, log, nameOf }: CompileJobComponents,
  peer: PeerId,
  request: RemoteRequest,
  input: PackedInput,
  signal: AbortSignal,
): Promise<RemoteResult | undefined> {
  try {
    const result = await compileOn(peer, request, input, signal)
    reputation.succeeded(peer)
    return result
  } catch (error) {
    signal.throwIfAborted()
    const busy =
      error instanceof RemoteError && error.reason.code === 'REMOTE_REFUSED' && error.reason.refusal === 'busy'
    if (busy) reputation.busy(peer)
    else reputation.failed(peer)
    log.info('a peer did not compile', { peer: nameOf(peer), why: messageOf(error) })
    return undefined
  }
}

/** Why a result is not shown to the user as it is: the local compiler has the last word on errors and warnings. */
function objection(result: RemoteResult, request: RemoteRequest): LocalReason | undefined {
  if (result.exitCode !== 0) return 'remote-failed'
  if (result.stdout.length > 0 || result.stderr.length > 0) return 'remote-printed'
  const main = request.outputs[0]
  return main === undefined || !result.outputs.has(main) ? 'remote-failed' : undefined
}
