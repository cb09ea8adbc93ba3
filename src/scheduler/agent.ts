import type { Clock } from '../base/clock.ts'
import { messageOf } from '../base/errors.ts'
import type { Random } from '../base/random.ts'
import { shippedEnvironment } from '../compiler/environment.ts'
import type { CompileInvocation, Invocation } from '../compiler/invocation.ts'
import { linkCommand } from '../compiler/link-command.ts'
import { LOCAL_REASONS, type LocalReason } from '../compiler/local-reason.ts'
import { parseInvocation } from '../compiler/parse-invocation.ts'
import type { Toolchain } from '../compiler/toolchain.ts'
import { type CompileJobComponents, compileRemotely, type RemoteOutcome, type RemoteTimes } from './compile-job.ts'
import type { JobLog, JobPlace } from './job-log.ts'
import type { LauncherHand } from './launcher-hand.ts'
import type { Slots } from './slots.ts'

export interface AgentComponents extends CompileJobComponents {
  readonly clock: Clock
  readonly random: Random
  readonly toolchains: { byDriver(path: string): Promise<Toolchain | undefined> }
  readonly localSlots: Slots
  readonly jobs: JobLog
  readonly temporaryFolder: string
}

/** Exit code of a call that `--no-fallback` kept from running here. Mirrored in launcher.c. */
export const NO_FALLBACK_EXIT = 111

/** Reasons that stand in no one's way: there was nothing to ship, or the mesh did its part and the local compiler has the last word. */
const ALWAYS_LOCAL: ReadonlySet<LocalReason> = new Set([
  'not-a-compile',
  'preprocess-only',
  'no-source',
  'configure-test',
  'preprocess-failed',
  'remote-failed',
  'remote-printed',
])

/** What the user asked for beside the command line; set by `hgbuild` in the environment. */
interface CallOptions {
  readonly build: string | undefined
  readonly remote: boolean
  readonly fallback: boolean
  readonly announces: boolean
}

/** Serves one launcher from its first word to its end. Resolves when the launcher is gone; never rejects. */
export async function serveLauncher(components: AgentComponents, hand: LauncherHand): Promise<void> {
  const { clock, jobs, log } = components
  const begun = clock.now()
  const startedAt = clock.wallTime()
  const env = environmentOf(hand)
  const options = optionsOf(hand, env)
  const times: RemoteTimes & { localMs?: number } = {}
  try {
    const { invocation, toolchain } = await understand(components, hand, env)
    const outcome = await decide(components, hand, { invocation, toolchain, env, options, times })
    const place =
      outcome.kind === 'compiled'
        ? await deliver(components, hand, outcome, invocation, options)
        : ({ at: 'local', reason: outcome.reason } as const)
    if (place.at === 'local') {
      const localBegun = clock.now()
      await runLocally(components, hand, invocation, place.reason, options)
      times.localMs = clock.now() - localBegun
    }
    const compile = invocation.kind === 'compile' || isRefusedCompile(invocation.reason)
    const subject = invocation.kind === 'compile' ? invocation.source : hand.hello.tool
    jobs.add({
      build: options.build,
      startedAt,
      subject,
      compile,
      place,
      phases: { ...times, totalMs: clock.now() - begun },
    })
  } catch (error) {
    if (hand.closed.aborted) return // Interrupted by its user: nobody waits for an answer.
    log.warn('a launcher was sent away', { why: messageOf(error), args: hand.hello.args })
    await hand.become([hand.hello.compiler, ...hand.hello.args]).catch(() => undefined) // It notices the closed socket by itself.
  }
}

interface Understood {
  readonly invocation: Invocation
  readonly toolchain: Toolchain | undefined
}

async function understand(
  { toolchains, files }: AgentComponents,
  hand: LauncherHand,
  env: ReadonlyMap<string, string>,
): Promise<Understood> {
  const { compiler, tool, args, cwd } = hand.hello
  const toolchain = await toolchains.byDriver(compiler)
  if (toolchain === undefined)
    return { invocation: { kind: 'local', reason: 'unknown-compiler', light: false }, toolchain }
  return { invocation: parseInvocation({ family: toolchain.family, tool, args, cwd, env }, files), toolchain }
}

interface Deciding extends Understood {
  readonly env: ReadonlyMap<string, string>
  readonly options: CallOptions
  readonly times: RemoteTimes
}

async function decide(
  components: AgentComponents,
  hand: LauncherHand,
  { invocation, toolchain, env, options, times }: Deciding,
): Promise<RemoteOutcome> {
  if (invocation.kind === 'local') return { kind: 'local', reason: invocation.reason }
  if (toolchain === undefined) return { kind: 'local', reason: 'unknown-compiler' }
  if (!options.remote) return { kind: 'local', reason: 'remote-off' }
  return compileRemotely(components, { hand, invocation, toolchain, env, shippedEnv: shippedEnvironment(env) }, times)
}

type Compiled = Extract<RemoteOutcome, { kind: 'compiled' }>

/** Has the launcher write what a peer compiled. `local` when it could not: the compiler then says why in its own words. */
async function deliver(
  components: AgentComponents,
  hand: LauncherHand,
  { place, result }: Compiled,
  invocation: Invocation,
  options: CallOptions,
): Promise<JobPlace> {
  if (invocation.kind === 'compile' && invocation.mode === 'link') {
    return link(components, hand, invocation, { place, result }, options)
  }
  for (const [path, bytes] of result.outputs) await hand.write(path, 0o666, bytes)
  printAll(hand, result)
  if (options.announces) hand.print('stderr', `[remote ${place.name}]\n`)
  return (await hand.exit(0)) ? place : { at: 'local', reason: 'write-failed' }
}

/** What the compiler printed, as it printed it. */
function printAll(hand: LauncherHand, { stdout, stderr }: Compiled['result']): void {
  if (stdout.length > 0) hand.print('stdout', stdout)
  if (stderr.length > 0) hand.print('stderr', stderr)
}

/** The compile was done elsewhere; the link is done here, by the user's own compiler driver. */
async function link(
  { random, localSlots, temporaryFolder }: AgentComponents,
  hand: LauncherHand,
  invocation: CompileInvocation,
  { place, result }: Pick<Compiled, 'place' | 'result'>,
  options: CallOptions,
): Promise<JobPlace> {
  const [object] = result.outputs.values()
  if (object === undefined) return { at: 'local', reason: 'remote-failed' }
  const path = `${temporaryFolder}/hg-${random.hex(8)}.o`
  hand.temporary(path)
  await hand.write(path, 0o600, object)
  hand.commit()
  printAll(hand, result)
  const slot = await localSlots.acquire(hand.closed)
  try {
    const argv = [hand.hello.compiler, ...linkCommand(invocation, path)]
    const child = await hand.run({ argv, stdout: 'inherit', stderr: 'inherit', maxBytes: 0 })
    if (child === undefined) return { at: 'local', reason: 'write-failed' }
    if (options.announces) hand.print('stderr', `[remote ${place.name}]\n`)
    await hand.exit(child.exitCode ?? 128 + (child.signal ?? 0))
    return place
  } finally {
    slot.release()
  }
}

async function runLocally(
  { localSlots, lightSlots }: AgentComponents,
  hand: LauncherHand,
  invocation: Invocation,
  reason: LocalReason,
  options: CallOptions,
): Promise<void> {
  if (!options.fallback && !ALWAYS_LOCAL.has(reason)) {
    hand.print('stderr', `hgbuild: error: not compiled in the mesh: ${LOCAL_REASONS[reason]} (${reason})\n`)
    hand.print('stderr', '  hint: without --no-fallback it would have been compiled here\n')
    await hand.exit(NO_FALLBACK_EXIT)
    return
  }
  const light = invocation.kind === 'local' && invocation.light
  const slot = await (light ? lightSlots : localSlots).acquire(hand.closed)
  try {
    if (options.announces) hand.print('stderr', `[local ${reason}]\n`)
    await hand.become([hand.hello.compiler, ...hand.hello.args])
  } finally {
    slot.release()
  }
}

/** Calls that name one source to compile but were refused by the tables: they count as compiles that stayed here. */
function isRefusedCompile(reason: LocalReason): boolean {
  return !(
    reason === 'not-a-compile' ||
    reason === 'preprocess-only' ||
    reason === 'no-source' ||
    reason === 'configure-test' ||
    reason === 'several-sources'
  )
}

function environmentOf({ hello }: LauncherHand): ReadonlyMap<string, string> {
  const env = new Map<string, string>()
  for (const variable of hello.env) {
    const equals = variable.indexOf('=')
    if (equals > 0) env.set(variable.slice(0, equals), variable.slice(equals + 1))
  }
  return env
}

function optionsOf({ hello }: LauncherHand, env: ReadonlyMap<string, string>): CallOptions {
  return {
    build: env.get('HG_BUILD'),
    remote: env.get('HG_REMOTE') !== 'off',
    fallback: env.get('HG_FALLBACK') !== 'off',
    announces: hello.announcesPlace && env.get('HG_QUIET') === undefined,
  }
}
