import { writeFileSync } from 'node:fs'
import type { Clock } from '../base/clock.ts'
import { messageOf } from '../base/errors.ts'
import type { Random } from '../base/random.ts'
import { isJobList, JOBS_LISTED_MAX } from '../status/job-listing.ts'
import { isBuildSummary, isNodeStatus } from '../status/snapshot.ts'
import type { AskAgent } from './agent-client.ts'
import { buildEnvironment } from './build-environment.ts'
import { summaryLine } from './build-summary.ts'
import { CommandError, tellError } from './command-error.ts'
import { isCompilerName, isOneCompile } from './compiler-names.ts'
import type { CompilersFolder } from './compilers-folder.ts'
import { type EnsuredNode, ensureNode } from './ensure-node.ts'
import { EXIT } from './exit-codes.ts'
import { hgbuildHelp, parseHgbuild } from './hgbuild-options.ts'
import { wantsJobs, withJobs } from './jobs-option.ts'
import type { LauncherProgram } from './launcher-program.ts'
import { rewriteArguments } from './rewrite-compilers.ts'
import type { CommandRun, Ending } from './run-command.ts'
import type { Terminal } from './terminal.ts'
import { counted } from './wording.ts'

export interface HgbuildComponents {
  readonly clock: Clock
  readonly random: Random
  readonly ask: AskAgent
  readonly terminal: Pick<Terminal, 'out' | 'err'>
  readonly compilers: CompilersFolder
  readonly run: (command: Omit<CommandRun, 'descriptors'>) => Promise<Ending>
}

export interface HgbuildInit {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** The state folder. */
  readonly home: string
  /** Undefined where it is not built. */
  readonly launcher: LauncherProgram | undefined
  readonly version: string
  readonly stderrIsTerminal: boolean
}

/** Runs a build, or one compile, with its compilers routed through the mesh. Ends as the command did; never rejects. */
export async function runHgbuild(components: HgbuildComponents, init: HgbuildInit): Promise<Ending> {
  const { terminal } = components
  try {
    const call = parseHgbuild(init.argv, init.cwd)
    if (call.kind === 'run' && call.command.length > 0) return await runWithMesh(components, init, call)
    if (call.kind === 'version') terminal.out(`${init.version}\n`)
    else if (call.kind === 'help') terminal.out(hgbuildHelp())
    else terminal.err(hgbuildHelp())
    return { kind: 'exited', code: call.kind === 'run' ? EXIT.usage : EXIT.ok }
  } catch (error) {
    return { kind: 'exited', code: tellError(error, terminal) }
  }
}

interface RunCall {
  readonly variables: Readonly<Record<string, string>>
  readonly command: readonly string[]
}

async function runWithMesh(components: HgbuildComponents, init: HgbuildInit, call: RunCall): Promise<Ending> {
  const { terminal } = components
  const env = { ...init.env, ...call.variables }
  const say = (line: string) =>
    speaks({ ...init, env }, call.command) ? terminal.err(`hybridgrid: ${line}\n`) : undefined
  const node: EnsuredNode =
    init.launcher === undefined
      ? { kind: 'none', why: 'the launcher is not built' }
      : await ensureNode(components, { home: init.home, env, cwd: init.cwd })
  if (node.kind === 'none') {
    if (env.HG_FALLBACK === 'off')
      throw new CommandError(EXIT.noNode, `no node could be started: ${node.why}`, 'see `hg doctor`')
    say(`compiling here only, no node could be started: ${node.why}`)
  } else if (env.HG_VERBOSE !== undefined) {
    say(
      `node ${node.status.name}, ${counted(node.status.peers, 'peer')}, ${counted(node.status.meshSlots, 'slot')} in the mesh`,
    )
  }
  const ending = await runPlaced(components, { ...init, env }, call.command, node, say)
  if (ending.kind === 'not-run') terminal.err(`hgbuild: ${call.command[0]}: ${ending.why}\n`)
  return ending
}

/** Of one compile only people want to hear: a configure script whose `CC` we are takes words on stderr for warnings. */
function speaks({ env, stderrIsTerminal }: HgbuildInit, command: readonly string[]): boolean {
  if (env.HG_QUIET !== undefined) return false
  return !isOneCompile(command) || env.HG_VERBOSE !== undefined || stderrIsTerminal
}

/** One compile goes to the launcher at once; a build gets a world in which its compilers lead to the launcher. */
async function runPlaced(
  components: HgbuildComponents,
  init: HgbuildInit,
  command: readonly string[],
  node: EnsuredNode,
  say: (line: string) => void,
): Promise<Ending> {
  const { run } = components
  const { launcher, home, env } = init
  const [program = ''] = command
  if (launcher === undefined) return run({ words: command, env })
  if (isCompilerName(program)) {
    // The launcher sent us to start a node; HG_NODE_STARTED keeps it from doing so again.
    const started = { ...env, HG_HOME: home, HG_NODE_STARTED: '1' }
    if (launcher.kind === 'twin') return run({ words: [...launcher.command, ...command], env: started })
    return run({ words: [launcher.file, ...command], env: started, calledAs: 'hgbuild' })
  }
  return runBuild(components, init, command, node, say)
}

async function runBuild(
  components: HgbuildComponents,
  init: HgbuildInit,
  command: readonly string[],
  node: EnsuredNode,
  say: (line: string) => void,
): Promise<Ending> {
  const { clock, random, compilers, run } = components
  const { home, env } = init
  const outer = env.HG_BUILD
  const build = outer ?? random.hex(BUILD_ID_BYTES)
  const jobs = wantsJobs(command, env.MAKEFLAGS ?? '') ? await slotsOfMesh(components, node) : undefined
  const sized = jobs === undefined ? command : withJobs(command, jobs)
  const routed = attempt(
    () => ({
      words: rewriteArguments(sized, (compiler) => compilers.standIn(compiler)),
      env: buildEnvironment(compilers, env, { home, build }),
    }),
    (why) => {
      if (node.kind !== 'none') say(`compiling here only, the compilers could not be replaced: ${why}`)
    },
  )
  const begun = clock.now()
  const ending = await run(routed ?? { words: command, env })
  if (outer !== undefined || routed === undefined || node.kind === 'none' || ending.kind === 'not-run') return ending // An outer hgbuild tells of it.
  if (env.HG_TRACE !== undefined) await writeTrace(components, build, env.HG_TRACE, say)
  if (speaks(init, command)) say(await summary(components, build, clock.now() - begun))
  return ending
}

function attempt<T>(work: () => T, tell: (why: string) => void): T | undefined {
  try {
    return work()
  } catch (error) {
    tell(messageOf(error)) // A full disk or a foreign folder must not keep the build from running.
    return undefined
  }
}

/** Bytes that tell the builds of a node apart. */
const BUILD_ID_BYTES = 8
/** A node that was just started finds its peers within this; looked for only where a `-j` depends on it. */
const DISCOVERY_MS = 1_000
const LOOK_MS = 50

async function slotsOfMesh({ ask, clock }: HgbuildComponents, node: EnsuredNode): Promise<number | undefined> {
  if (node.kind === 'none') return undefined
  const until = clock.now() + (node.startedByUs ? DISCOVERY_MS : 0)
  let { status } = node
  while (status.peers === 0 && clock.now() < until) {
    await clock.sleep(LOOK_MS)
    status = (await ask('status', isNodeStatus).catch(() => undefined)) ?? status
  }
  return status.meshSlots
}

async function summary({ ask }: HgbuildComponents, build: string, ms: number): Promise<string> {
  const counts = await ask('build-summary', isBuildSummary, { build }).catch(() => undefined)
  if (counts !== undefined) return summaryLine(counts, ms)
  return 'the node ended during the build; what was left was compiled here'
}

async function writeTrace(
  { ask }: HgbuildComponents,
  build: string,
  file: string,
  say: (line: string) => void,
): Promise<void> {
  try {
    const jobs = await ask('jobs', isJobList, { last: JOBS_LISTED_MAX })
    if (jobs === undefined) return
    const { chromeTrace } = await import('./trace.ts')
    writeFileSync(file, `${JSON.stringify(chromeTrace(jobs.filter((job) => job.build === build)))}\n`)
  } catch (error) {
    say(`the trace could not be written: ${messageOf(error)}`)
  }
}
