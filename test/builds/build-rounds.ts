import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isJobList, JOBS_LISTED_MAX, type JobStatus } from '../../src/status/job-listing.ts'
import { fields } from '../../src/status/shape.ts'
import { copyTree, debianSource } from '../lan/builds/debian-source.ts'
import { type CommandResult, describeResult } from '../lan/lab/command.ts'
import type { Host } from '../lan/lab/host.ts'
import { createLab } from '../lan/lab/lab.ts'
import { startMesh } from '../lan/lab/mesh.ts'
import { compareFiles, type FileComparison } from './compare-files.ts'
import type { FullBuild } from './full-builds.ts'
import { linesOf, unlikeLines } from './unlike-lines.ts'

export interface BuildRoundsInit {
  readonly hosts: number
  /** Where all trees and the node's log go when they are to be looked at afterwards. */
  readonly keepIn?: string | undefined
}

/** One build under `hgbuild`, beside the plain one. */
export interface Round {
  /** Where its compiles are expected: at other hosts, or, when all was built before, in the cache. */
  readonly from: 'peers' | 'cache'
  readonly files: FileComparison
  /** How many lines the plain build wrote to stderr: warnings, and what configure and make have to say. */
  readonly linesSaid: number
  /** Those that only one of the builds wrote: `- plain`, `+ mesh`. */
  readonly linesUnlike: readonly string[]
  /** All calls of compilers that the client's node served. */
  readonly jobs: readonly JobStatus[]
  /** The last words of hgbuild about each step. */
  readonly summaries: readonly string[]
  /** The time of each step by that of the plain one. */
  readonly ratios: readonly number[]
}

/** Longest step: CPython's make on two cores that others use too. */
const STEP_MAX_MS = 2_400_000
/** One day for `__DATE__` and `__TIME__` of all builds: gcc heeds it, and it travels with a compile. */
const SAME_EACH_TIME = { SOURCE_DATE_EPOCH: '1700000000' }

/** Builds a project plainly, then over a mesh, then once more: always in the same folder, as paths are part of debug information. */
export async function buildRounds(project: FullBuild, { hosts, keepIn }: BuildRoundsInit): Promise<readonly Round[]> {
  const [name, version] = project.source
  const source = await debianSource(name, version)
  const lab = createLab({ hosts })
  try {
    const client = lab.host(1)
    const inClient = (folder: string) => join(client.folder, folder)
    const [pristine, plain, tree] = [inClient('pristine'), inClient('plain'), inClient(name)]
    await copyTree(source, pristine)
    await project.prepare?.(pristine)
    await copyTree(pristine, tree)
    const before = await runSteps(client, tree, project, [])
    await rename(tree, plain)
    await startMesh(lab.hosts)
    const rounds: Round[] = []
    let known = 0
    for (const from of ['peers', 'cache'] as const) {
      await copyTree(pristine, tree)
      const after = await runSteps(client, tree, project, ['hgbuild'])
      const jobs = await jobsOf(client)
      rounds.push({ from, files: await compareFiles(plain, tree), jobs: jobs.slice(known), ...beside(before, after) })
      known = jobs.length
      await mustEndWell(client, tree, project.prove)
      if (keepIn !== undefined) await keep(join(keepIn, from), { plain, tree, 'node.log': inClient('node.log') })
    }
    return rounds
  } finally {
    lab.destroy()
  }
}

async function runSteps(
  host: Host,
  tree: string,
  { steps }: FullBuild,
  prefix: readonly string[],
): Promise<readonly CommandResult[]> {
  const results: CommandResult[] = []
  for (const step of steps) results.push(await mustEndWell(host, tree, [...prefix, ...step]))
  return results
}

async function mustEndWell(host: Host, tree: string, argv: readonly string[]): Promise<CommandResult> {
  const result = await host.run(argv, { cwd: tree, timeoutMs: STEP_MAX_MS, env: SAME_EACH_TIME })
  if (result.exitCode !== 0) throw new Error(describeResult(result))
  return result
}

/** What two builds said, and how long their steps took. */
function beside(
  plain: readonly CommandResult[],
  mesh: readonly CommandResult[],
): Pick<Round, 'linesSaid' | 'linesUnlike' | 'summaries' | 'ratios'> {
  const said = (results: readonly CommandResult[]) => results.flatMap(({ stderr }) => linesOf(stderr))
  const isOurs = (line: string) => line.startsWith('hybridgrid: ')
  const theirs = said(mesh).filter((line) => !isOurs(line))
  return {
    linesSaid: said(plain).length,
    linesUnlike: unlikeLines(said(plain), theirs),
    summaries: said(mesh).filter(isOurs),
    ratios: plain.map(({ ms }, step) => (mesh[step]?.ms ?? 0) / ms),
  }
}

const isJobsAnswer = fields({ jobs: isJobList })

async function jobsOf(host: Host): Promise<readonly JobStatus[]> {
  const result = await host.run(['hg', 'jobs', '--last', String(JOBS_LISTED_MAX), '--json'])
  const answer: unknown = JSON.parse(result.stdout)
  if (!isJobsAnswer(answer)) throw new Error(`an answer of another shape: ${describeResult(result)}`)
  // A node that has forgotten some has forgotten a tenth of them at once.
  if (answer.jobs.length >= JOBS_LISTED_MAX * 0.9) throw new Error('a build of more calls than a node remembers')
  return answer.jobs
}

async function keep(folder: string, kept: Readonly<Record<string, string>>): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const [name, path] of Object.entries(kept)) await copyTree(path, join(folder, name))
}
