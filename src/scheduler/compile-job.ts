import type { Clock } from '../base/clock.ts'
import { messageOf } from '../base/errors.ts'
import { ATTEMPTS_MAX } from '../base/limits.ts'
import type { Logger } from '../base/log.ts'
import type { CompileInvocation } from '../compiler/invocation.ts'
import type { LocalReason } from '../compiler/local-reason.ts'
import type { Toolchain } from '../compiler/toolchain.ts'
import { wordsTravel } from '../compiler/words-travel.ts'
import type { PeerId } from '../protocols/mesh.ts'
import type { Dispatcher, DispatchJob, PeerBerth } from './dispatcher.ts'
import type { CompileSize, JobCosts } from './job-costs.ts'
import type { JobPlace } from './job-log.ts'
import type { LauncherHand } from './launcher-hand.ts'
import type { Paces } from './paces.ts'
import type { RemoteCompile } from './remote-compile.ts'
import { RemoteError, type RemoteResult } from './remote-result.ts'
import type { Packed } from './shipment.ts'
import { packText, type TextWayComponents } from './text-way.ts'
import type { PackedTree, TreeWay } from './tree-way.ts'

export interface CompileJobComponents extends TextWayComponents {
  readonly clock: Clock
  readonly log: Logger
  readonly dispatcher: Pick<Dispatcher, 'acquire' | 'look'>
  readonly treeWay: Pick<TreeWay, 'mayGoTo' | 'refusedBy'>
  readonly compileOn: RemoteCompile
  readonly costs: JobCosts
  readonly paces: Pick<Paces, 'noteAt' | 'noteHere'>
  readonly reputation: { succeeded(peer: PeerId): void; failed(peer: PeerId): void; busy(peer: PeerId): void }
  readonly nameOf: (peer: PeerId) => string
}

/** One translation unit on its way through the mesh. */
export interface CompileJob {
  readonly hand: LauncherHand
  readonly invocation: CompileInvocation
  readonly toolchain: Toolchain
  /** The launcher's environment. */
  readonly env: ReadonlyMap<string, string>
  /** Variables of it that change what the compiler writes, `NAME=value`. */
  readonly shippedEnv: readonly string[]
  readonly size: CompileSize
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
 * Has a peer compile: with its tree, if there is one and both sides can, else with preprocessed text. Never rejects for a fault of the
 * mesh: then the outcome is `local` with the reason. Rejects with the launcher's reason when that is gone. `held`: the place
 * to begin with, if one is held already.
 */
export async function compileRemotely(
  components: CompileJobComponents,
  job: CompileJob,
  packed: PackedTree | undefined,
  times: RemoteTimes,
  held?: PeerBerth,
): Promise<RemoteOutcome> {
  const hopeless = held ?? components.dispatcher.look(dispatched(components, job))
  if (hopeless.to === 'local') return { kind: 'local', reason: hopeless.reason }

  if (packed?.travels === false) return { kind: 'local', reason: 'tells-time' }
  // Without a tree the text is made before a place is taken: a preprocessor would keep a peer waiting.
  const text = packed === undefined ? await timedText(components, job, times) : undefined
  if (text !== undefined && 'kind' in text) return text
  return tryPeers(components, job, { tree: packed, text }, times, held)
}

/** What placement is to know of a job. */
export function dispatched(
  { costs }: Pick<CompileJobComponents, 'costs'>,
  { toolchain, size }: Pick<CompileJob, 'toolchain' | 'size'>,
): DispatchJob {
  return { toolchain: toolchain.id, costMs: costs.estimate(size) }
}

/** The forms in which the inputs can travel, as far as they were made; there is one of them. */
interface Forms {
  readonly tree: Packed | undefined
  readonly text: Packed | undefined
}

async function timedText(components: CompileJobComponents, job: CompileJob, times: RemoteTimes) {
  const begun = components.clock.now()
  const text = await packText(components, job)
  times.preprocessMs = components.clock.now() - begun
  return text
}

async function tryPeers(
  components: CompileJobComponents,
  job: CompileJob,
  { tree, text: madeText }: Forms,
  times: RemoteTimes,
  held: PeerBerth | undefined,
): Promise<RemoteOutcome> {
  const { clock, dispatcher, treeWay, nameOf } = components
  const { toolchain } = job
  const { closed } = job.hand
  const tried = new Set<PeerId>()
  let text: Awaited<ReturnType<typeof packText>> | undefined = madeText
  let next = held
  while (tried.size < ATTEMPTS_MAX) {
    const asked = clock.now()
    const berth = next ?? (await dispatcher.acquire(dispatched(components, job), tried, closed))
    next = undefined
    const placed = clock.now()
    times.waitMs = (times.waitMs ?? 0) + placed - asked
    if (berth.to === 'local') return { kind: 'local', reason: tried.size > 0 ? 'peers-lost' : berth.reason }
    const { peer } = berth
    try {
      const asTree = tree !== undefined && treeWay.mayGoTo(peer, toolchain)
      if (!asTree) text ??= await timedText(components, job, times)
      const packed = asTree ? tree : text
      if (packed === undefined || 'kind' in packed) return packed ?? { kind: 'local', reason: 'internal' }
      const end = await attempt(components, peer, packed, closed)
      if (end === 'other-way') treeWay.refusedBy(peer, toolchain)
      else if (end === 'lost') tried.add(peer)
      else if (end === 'inputs-changed') return { kind: 'local', reason: end }
      else {
        times.remoteMs = clock.now() - placed
        learn(components, job, peer, end, times.remoteMs)
        const reason = objection(end, packed, job)
        if (reason !== undefined) return { kind: 'local', reason }
        return {
          kind: 'compiled',
          place: { at: 'peer', peer, name: nameOf(peer), way: packed.shipment.kind },
          result: end,
        }
      }
    } finally {
      berth.release()
    }
  }
  return { kind: 'local', reason: 'peers-lost' }
}

/** `tookMs` is this node's own word, and bounds the peer's. */
function learn(
  { costs, paces }: CompileJobComponents,
  { size }: CompileJob,
  peer: PeerId,
  { usage, cached, exitCode }: RemoteResult,
  tookMs: number,
): void {
  if (cached || exitCode !== 0) return // That took somebody else some time, or was not all of it.
  const { userMs, systemMs, wallMs } = usage
  costs.learn(size, Math.min(userMs + systemMs, tookMs))
  // A worker without the native sandbox knows only how long it waited.
  if (systemMs > 0) paces.noteAt(peer, userMs + systemMs, wallMs)
}

/** What became of one try: a result; another peer should be tried; or this one, with text. */
async function attempt(
  { compileOn, reputation, log, nameOf }: CompileJobComponents,
  peer: PeerId,
  { request, shipment }: Packed,
  signal: AbortSignal,
): Promise<RemoteResult | 'lost' | 'other-way' | 'inputs-changed'> {
  try {
    const result = await compileOn(peer, request, shipment, signal)
    reputation.succeeded(peer)
    return result
  } catch (error) {
    signal.throwIfAborted()
    const reason = error instanceof RemoteError ? error.reason : undefined
    const refusal = reason?.code === 'REMOTE_REFUSED' ? reason.refusal : undefined
    log.info('a peer did not compile', { peer: nameOf(peer), why: messageOf(error) })
    if (reason?.code === 'REMOTE_INPUT_CHANGED') return 'inputs-changed'
    if (refusal === 'tree-refused' && shipment.kind === 'tree') return 'other-way'
    if (refusal === 'busy') reputation.busy(peer)
    else reputation.failed(peer)
    return 'lost'
  }
}

/**
 * Why a result is not shown to the user as it is: the local compiler has the last word on errors, and on warnings about
 * a text that the user never wrote, or for eyes that the peer does not know.
 */
function objection(
  result: RemoteResult,
  { request, shipment }: Packed,
  { hand, env }: CompileJob,
): LocalReason | undefined {
  if (result.exitCode !== 0) return 'remote-failed'
  const { stderrIsTerminal } = hand.hello
  const asHere = shipment.kind === 'tree' && wordsTravel({ stderrIsTerminal, env })
  if (printed(result) && !asHere) return 'remote-printed'
  const main = request.outputs[0]
  return main === undefined || !result.outputs.has(main) ? 'remote-failed' : undefined
}

/** Whether a compile said anything. */
export function printed({ stdout, stderr }: Pick<RemoteResult, 'stdout' | 'stderr'>): boolean {
  return stdout.length > 0 || stderr.length > 0
}
