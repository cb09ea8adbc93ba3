import type { Clock } from '../base/clock.ts'
import { messageOf } from '../base/errors.ts'
import { actionKey } from '../cache/action-key.ts'
import { whyNotKept } from '../cache/cacheable.ts'
import type { KnownActions } from '../cache/known-actions.ts'
import { shippedEnvironment } from '../compiler/environment.ts'
import { inFolder } from '../compiler/file-name.ts'
import type { CompileInvocation, Invocation, LocalInvocation } from '../compiler/invocation.ts'
import type { LocalReason } from '../compiler/local-reason.ts'
import type { NativeTuning } from '../compiler/native-tuning.ts'
import { parseInvocation } from '../compiler/parse-invocation.ts'
import type { Toolchain } from '../compiler/toolchain.ts'
import type { CacheWish } from '../protocols/compile.ts'
import type { PeerId } from '../protocols/mesh.ts'
import { answerKnown } from './answer-known.ts'
import type { AskingLuck } from './asking-luck.ts'
import { callOptions, environmentOf } from './call-options.ts'
import type { CompileCache, CompileResult } from './compile-cache.ts'
import { type CompileJob, type CompileJobComponents, compileRemotely, dispatched } from './compile-job.ts'
import { type DeliveryComponents, deliver } from './delivery.ts'
import type { Dispatcher, PeerBerth } from './dispatcher.ts'
import { sizeOf } from './job-costs.ts'
import type { JobLog, JobPlace } from './job-log.ts'
import { type Call, type Done, doneAt } from './launcher-call.ts'
import type { LauncherHand } from './launcher-hand.ts'
import type { KeepableCompile } from './local-run.ts'
import type { QuietTimes } from './quiet-times.ts'
import { runHere } from './run-here.ts'
import { isSameCompiler, type SameCompilerComponents, startsOthers } from './same-compiler.ts'
import { runSevered, type SeveredCallComponents } from './severed-call.ts'
import type { Slots } from './slots.ts'
import { actionOf, keepableTree, type PackedTree, type TreeWay } from './tree-way.ts'
import { runWholeCall, type WholeCallComponents } from './whole-call.ts'

export interface AgentComponents
  extends CompileJobComponents,
    DeliveryComponents,
    SeveredCallComponents,
    WholeCallComponents,
    SameCompilerComponents {
  readonly clock: Clock
  /** That of the node; a launcher may have another. */
  readonly fileView: string
  readonly nativeTuning: Pick<NativeTuning, 'concrete'>
  readonly treeWay: Pick<TreeWay, 'pack' | 'packWhole' | 'mayGoTo' | 'refusedBy'>
  readonly cache: Pick<CompileCache, 'seek' | 'look' | 'storeLarge' | 'keep' | 'keepLater'>
  readonly dispatcher: Pick<Dispatcher, 'acquire' | 'look' | 'reserve'>
  readonly localSlots: Pick<Slots, 'acquire' | 'total'>
  /** Whether a peer is asked for a compile's result before it is asked to compile: two questions, where one would do. */
  readonly compileLuck: AskingLuck
  readonly quiet: Pick<QuietTimes, 'enter'>
  /** Tells why a compile is not in the cache. */
  readonly knownActions: Pick<KnownActions, 'remember' | 'explainMiss'>
  readonly jobs: JobLog
}

/** Serves one launcher from its first word to its end. Resolves when the launcher is gone; never rejects. */
export async function serveLauncher(components: AgentComponents, hand: LauncherHand): Promise<void> {
  const { clock, jobs, log, quiet } = components
  const leave = quiet.enter()
  const env = environmentOf(hand)
  const began = { now: clock.now(), wallTime: clock.wallTime() }
  const call: Call = { hand, env, options: callOptions(hand, env), began, times: {} }
  try {
    const understood = await understand(components, call)
    const { invocation } = understood
    const { place, miss } = await serve(components, call, understood)
    jobs.add({
      build: call.options.build,
      startedAt: began.wallTime,
      subject: invocation.kind === 'compile' ? invocation.source : hand.hello.tool,
      compile: isCompile(invocation, place),
      place,
      miss,
      phases: { ...call.times, totalMs: clock.now() - began.now },
    })
  } catch (error) {
    if (hand.closed.aborted) return // Interrupted by its user: nobody waits for an answer.
    log.warn('a launcher was sent away', { why: messageOf(error), args: hand.hello.args })
    await hand.become([hand.hello.compiler, ...hand.hello.args]).catch(() => undefined) // It notices the closed socket by itself.
  } finally {
    leave()
  }
}

type Understood =
  | { readonly invocation: Invocation; readonly toolchain: Toolchain }
  | { readonly invocation: LocalInvocation; readonly toolchain: undefined }

function serve(components: AgentComponents, call: Call, { invocation, toolchain }: Understood): Promise<Done> {
  if (toolchain === undefined) return runHere(components, call, invocation)
  if (invocation.kind === 'compile') return compile(components, call, invocation, toolchain)
  const { whole, severable } = invocation
  if (severable !== undefined) return runSevered(components, call, { ...invocation, severable })
  if (whole === undefined || !call.options.cache) return runHere(components, call, invocation)
  return runWholeCall(components, call, { ...invocation, whole }, toolchain)
}

async function understand(components: AgentComponents, call: Call): Promise<Understood> {
  const { toolchains, files, nativeTuning, fileView } = components
  const { hand, env } = call
  const { compiler, tool, args: given, cwd } = hand.hello
  // Of what its paths lead to nothing is known here, not even of the compiler.
  if (hand.hello.fileView !== fileView) return unknownHere('other-files')
  const toolchain = await toolchains.byDriver(compiler)
  if (toolchain === undefined) return unknownHere('unknown-compiler')
  const args = await nativeTuning.concrete({ toolchain, compiler, args: given, cwd })
  const invocation = parseInvocation({ family: toolchain.family, tool, args, cwd, env }, files)
  const compiled = invocation.kind === 'compile' ? invocation : invocation.whole
  const isOther = compiled !== undefined && startsOthers(components, call, compiled)
  return { invocation: isOther ? keptHere(invocation) : invocation, toolchain }
}

function unknownHere(reason: LocalReason): Understood {
  return { invocation: { kind: 'local', reason, light: false }, toolchain: undefined }
}

/** The same call, of which nothing is looked up or kept: it may do other things than the compiler does. */
function keptHere(invocation: Invocation): Invocation {
  const { reason, light } = invocation.kind === 'compile' ? OTHER_PROGRAMS : invocation
  return { kind: 'local', reason, light }
}

const OTHER_PROGRAMS = { reason: 'other-programs', light: false } as const

/** One translation unit: known already, or compiled by a peer, or here. */
async function compile(
  components: AgentComponents,
  call: Call,
  invocation: CompileInvocation,
  toolchain: Toolchain,
): Promise<Done> {
  const { clock, treeWay, cache, knownActions, compileLuck } = components
  const { hand, env, options, began, times } = call
  const shipped = { invocation, toolchain, env, shippedEnv: shippedEnvironment(env) }
  const pack = () => treeWay.pack({ ...shipped, hello: hand.hello })
  const tree = await pack()
  const source = inFolder(hand.hello.cwd, invocation.source)
  const job: CompileJob = { ...shipped, hand, size: { source, bytes: tree ? sizeOf(tree.shipment.tree) : 0 } }
  times.treeMs = clock.now() - began.now
  const action = tree === undefined || !options.cache ? undefined : actionOf(tree, began)
  if (tree === undefined || action === undefined) return compileAnew(components, call, { ...job, tree })

  const asked = clock.now()
  const key = actionKey(action)
  // Homes make the key themselves, of what they are sent; no clock is told to them.
  const cacheable = action.date === undefined && !action.usesTimestamp
  let berth: PeerBerth | undefined
  const sought = await cache.seek(key, tree.request.outputs, hand.closed, (home) => {
    if (options.remote && cacheable) berth = berthToAskAt(components, home, tree, job)
    return berth !== undefined
  })
  try {
    times.lookupMs = clock.now() - asked
    const packSame = async () => ((await isSameCompiler(components, call, shipped)) ? pack() : undefined)
    const keepable = { ...keepableTree({ key, tree, pack: packSame, began }), fleeting: false, later: false }
    const where = { cwd: hand.hello.cwd, source: invocation.source, output: invocation.output }
    if (sought.kind === 'unknown') {
      const miss = knownActions.explainMiss(where, action)
      const wish: CacheWish | undefined = berth ? 'find' : cacheable ? 'keep' : undefined
      const wishing = wish ? { ...tree, request: { ...tree.request, cache: wish } } : tree
      // Whoever waits for the same finds what was kept, or hears that there is nothing.
      const ending = compileAnew(components, call, { ...job, tree: wishing, keepable, berth })
      void ending.then(({ kept }) => kept).then(sought.end, sought.end)
      const done = await ending
      const known = done.place.at === 'cache'
      compileLuck.note(known)
      return known ? done : { ...done, miss }
    }
    if (sought.from !== undefined) compileLuck.note(true)
    knownActions.remember(where, action)
    const done = await answerKnown(components, call, sought, (result, told) =>
      deliver(components, hand, invocation, result, told),
    )
    return typeof done === 'string' ? runHere(components, call, { reason: done, light: false }) : done
  } finally {
    berth?.release()
  }
}

/** A place to compile at, if `home` need not be asked first: it looks by itself, and most likely in vain. */
function berthToAskAt(
  components: AgentComponents,
  home: PeerId,
  { travels }: PackedTree,
  job: CompileJob,
): PeerBerth | undefined {
  const { compileLuck, treeWay, dispatcher } = components
  if (!travels || !treeWay.mayGoTo(home, job.toolchain) || compileLuck.asks()) return undefined
  return dispatcher.reserve(dispatched(components, job), home)
}

/** A compile that nobody on this node knows the result of. */
interface NewCompile extends CompileJob {
  readonly tree: PackedTree | undefined
  readonly keepable?: KeepableCompile
  /** Where it is to be asked for first. */
  readonly berth?: PeerBerth | undefined
}

async function compileAnew(components: AgentComponents, call: Call, job: NewCompile): Promise<Done> {
  const { cache } = components
  const { hand, options, times } = call
  const { tree, keepable, berth } = job
  const outcome = options.remote
    ? await compileRemotely(components, job, tree, times, berth)
    : ({ kind: 'local', reason: 'remote-off' } as const)
  if (outcome.kind === 'local') {
    const { reason } = outcome
    // Without peers most likely nobody else asks for it soon.
    const kept = keepable && { ...keepable, later: reason === 'no-peers' }
    return runHere(components, call, { reason, light: false }, kept)
  }
  const { place } = outcome
  const { name, peer } = place
  const { cached, kept, usage } = outcome.result
  const isKept = keepable !== undefined && place.way === 'tree' && mayBeKept(components, call, keepable, outcome.result)
  const result: CompileResult = isKept ? await cache.storeLarge(outcome.result) : outcome.result
  const { stored } = result
  const told = options.announces ? `[${cached ? 'cache' : 'remote'} ${name}]\n` : undefined
  const delivered = await deliver(components, hand, job.invocation, result, told).finally(() => stored?.release())
  if (!delivered) return runHere(components, call, { reason: 'write-failed', light: false })
  const done = doneAt(cached ? { at: 'cache', name } : place)
  if (!isKept) return done
  const costMs = usage.userMs + usage.systemMs
  return { ...done, kept: cache.keep(keepable.key, result, costMs, kept ? peer : undefined) }
}

/** Whether what a peer made of copies may be given to the next who asks. */
function mayBeKept(
  { clock }: AgentComponents,
  { began }: Call,
  { clocks }: KeepableCompile,
  { stdout, stderr }: CompileResult,
): boolean {
  const ended = { now: clock.now(), wallTime: clock.wallTime() }
  const printedBytes = stdout.length + stderr.length
  const copies = { clock: clocks, exitCode: 0, printedBytes, readFrom: 'copies', began, ended, inputs: [] } as const
  return whyNotKept(copies) === undefined
}

/**
 * Calls that name one source to compile but were refused by the tables count as compiles that stayed here. Tests of configure
 * scripts are counted by themselves, unless the cache answered.
 */
function isCompile(invocation: Invocation, place: JobPlace): boolean {
  if (invocation.kind === 'compile') return true
  return !NO_COMPILES.has(invocation.reason) || (invocation.reason === 'configure-test' && place.at === 'cache')
}

const NO_COMPILES: ReadonlySet<LocalReason> = new Set([
  'not-a-compile',
  'preprocess-only',
  'no-source',
  'configure-test',
  'several-sources',
])
