import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { objectsIn } from '../../test/lan/builds/compare-trees.ts'
import { copyTree, debianSource } from '../../test/lan/builds/debian-source.ts'
import { type CommandResult, describeResult } from '../../test/lan/lab/command.ts'
import type { Host } from '../../test/lan/lab/host.ts'
import type { Call, Deployed, Field } from '../contenders/contender.ts'
import { counted, type Expected, faultOf } from '../fault.ts'
import type { Run } from '../results.ts'

/** Longest build of a benchmark: redis on a third of a core, on a machine that others use too. */
const BUILD_MAX_MS = 1_200_000

/** A source tree that is built again and again, always in the same place and from the same state. */
export interface BuildWork {
  readonly tree: string
  /** The whole build, without a `-j`. */
  readonly command: readonly string[]
  /** Puts the tree back to where the build begins. */
  reset(): Promise<void>
}

/** Whatever comes out of one build, a run for each metric. */
export type BuildRuns = Readonly<Record<'seconds' | 'clientCpu' | 'allCpu', Run>>
export const BUILD_METRICS = ['seconds', 'clientCpu', 'allCpu'] as const

export interface ProjectSource {
  readonly name: string
  readonly version: string
  readonly command: readonly string[]
  readonly prepare?: (tree: string) => Promise<unknown>
}

/** Fetches a project from Debian, to be built in a folder that every host sees. */
export async function projectWork({ shared }: Field, project: ProjectSource): Promise<BuildWork> {
  return treeWork(shared, project.name, project.command, async (tree) => {
    await copyTree(await debianSource(project.name, project.version), tree)
    await project.prepare?.(tree)
  })
}

/** A tree that `make` fills once, and that every build begins from. */
export async function treeWork(
  shared: string,
  name: string,
  command: readonly string[],
  fill: (tree: string) => Promise<void>,
): Promise<BuildWork> {
  const tree = join(shared, 'work', name)
  const pristine = join(shared, 'pristine', name)
  for (const path of [tree, pristine]) await mkdir(dirname(path), { recursive: true })
  await fill(pristine)
  return { tree, command, reset: () => copyTree(pristine, tree) }
}

export interface BuildInit {
  readonly host: Host
  readonly hosts: readonly Host[]
  /** What is appended to the build's command: `-j8`. */
  readonly options: readonly string[]
  readonly expected: Expected
  /** CPU time counts for so long after the build, too: what a contender puts off until then. */
  readonly restMs?: number
}

/** Builds once from the beginning. */
export async function timeBuild(
  deployed: Deployed,
  work: BuildWork,
  { host, hosts, options, expected, restMs = 0 }: BuildInit,
): Promise<BuildRuns & { readonly objects: number; readonly result: CommandResult }> {
  await work.reset()
  const { argv, env } = deployed.inside([...work.command, ...options])
  const cpuBefore = hosts.map(cpuOf)
  const clientBefore = cpuOf(host)
  let cpuAfter = cpuBefore
  let clientAfter = clientBefore
  const { result, done } = await counted(deployed, async () => {
    const ended = await host.run(argv, { cwd: work.tree, env, timeoutMs: BUILD_MAX_MS })
    await setTimeout(restMs)
    clientAfter = cpuOf(host)
    cpuAfter = hosts.map(cpuOf)
    return ended
  })
  if (result.exitCode !== 0) throw new Error(describeResult(result))
  const fault = faultOf(done, expected, deployed.complaints(result))
  const remote = expected.remote === undefined ? null : done.remote
  const alongside = remote === null ? null : (done.alongside ?? 0)
  const run = (value: number): Run => ({ value, fault, remote, alongside })
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  return {
    seconds: run(result.ms / 1000),
    clientCpu: run(clientAfter - clientBefore),
    allCpu: run(sum(cpuAfter) - sum(cpuBefore)),
    objects: (await objectsIn(work.tree)).length,
    result,
  }
}

/** Builds once from the beginning, so that there is something to remember. */
export async function buildUntimed(host: Host, { argv, env }: Call, { tree, reset }: BuildWork): Promise<void> {
  await reset()
  const result = await host.run(argv, { cwd: tree, env, timeoutMs: BUILD_MAX_MS })
  if (result.exitCode !== 0) throw new Error(describeResult(result))
}

function cpuOf(host: Host): number {
  return host.cpuSeconds() ?? 0
}
