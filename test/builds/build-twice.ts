import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isJobList, JOBS_LISTED_MAX, type JobStatus } from '../../src/status/job-listing.ts'
import { copyTree, debianSource } from '../lan/builds/debian-source.ts'
import { type CommandResult, describeResult } from '../lan/lab/command.ts'
import type { Host } from '../lan/lab/host.ts'
import { createLab } from '../lan/lab/lab.ts'
import { startMesh } from '../lan/lab/mesh.ts'
import { compareFiles, type FileComparison } from './compare-files.ts'
import type { FullBuild } from './full-builds.ts'

export interface BuildTwiceInit {
  readonly hosts: number
  /** Where the two trees go when they are to be looked at afterwards. */
  readonly keepIn?: string | undefined
}

/** What two builds of one project, plain and over a mesh, left and said. */
export interface TwoBuilds {
  readonly files: FileComparison
  /** How many lines the plain build wrote to stderr: warnings, and what configure and make have to say. */
  readonly linesSaid: number
  /** Those that only one of the builds wrote: `- plain`, `+ mesh`. */
  readonly linesUnlike: readonly string[]
  /** All calls of compilers that the client's node served. */
  readonly jobs: readonly JobStatus[]
  /** The last words of hgbuild about each step. */
  readonly summaries: readonly string[]
  readonly plainMs: number
  readonly meshMs: number
}

/** Longest step: CPython's make on two cores that others use too. */
const STEP_MAX_MS = 2_400_000
/** One day for `__DATE__` and `__TIME__` of both builds: gcc heeds it, and it travels with a compile. */
const EPOCH = { SOURCE_DATE_EPOCH: '1700000000' }

/** Builds a project plainly and then over a mesh, in the same folder of one host: paths are part of debug information. */
export async function buildTwice(project: FullBuild, { hosts, keepIn }: BuildTwiceInit): Promise<TwoBuilds> {
  const [name, version] = project.source
  const source = await debianSource(name, version)
  const lab = createLab({ hosts })
  try {
    const client = lab.host(1)
    const [pristine, plain, tree] = ['pristine', 'plain', name].map((folder) => join(client.folder, folder)) as [
      string,
      string,
      string,
    ]
    await copyTree(source, pristine)
    await project.prepare?.(pristine)
    await copyTree(pristine, tree)
    const before = await runSteps(client, tree, project, [])
    await rename(tree, plain)
    await startMesh(lab.hosts)
    await copyTree(pristine, tree)
    const after = await runSteps(client, tree, project, ['hgbuild'])
    const jobs = await jobsOf(client)
    const files = await compareFiles(plain, tree)
    await mustEndWell(client, tree, project.prove)
    if (keepIn !== undefined) await keep(keepIn, { plain, mesh: tree, node: join(client.folder, 'node.log') })
    return {
      files,
      linesSaid: before.reduce((sum, { stderr }) => sum + linesOf(stderr).length, 0),
      linesUnlike: before.flatMap((result, step) => unlikeLines(result, after[step])),
      jobs,
      summaries: after.flatMap(({ stderr }) => stderr.split('\n').filter(isOurs)),
      plainMs: total(before),
      meshMs: total(after),
    }
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
  const result = await host.run(argv, { cwd: tree, timeoutMs: STEP_MAX_MS, env: EPOCH })
  if (result.exitCode !== 0) throw new Error(describeResult(result))
  return result
}

/** The lines that one of two steps said more often on stderr. Commands that run at once say theirs in any order. */
function unlikeLines(plain: CommandResult, mesh: CommandResult | undefined): readonly string[] {
  const balance = new Map<string, number>()
  const count = (text: string, by: number) => {
    for (const line of linesOf(text)) balance.set(line, (balance.get(line) ?? 0) + by)
  }
  count(plain.stderr, -1)
  count(mesh?.stderr ?? '', 1)
  return [...balance].flatMap(([line, times]) =>
    Array.from({ length: Math.abs(times) }, () => `${times < 0 ? '-' : '+'} ${line}`),
  )
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '' && !isOurs(line))
}

function isOurs(line: string): boolean {
  return line.startsWith('hybridgrid: ')
}

async function jobsOf(host: Host): Promise<readonly JobStatus[]> {
  const result = await host.run(['hg', 'jobs', '--last', String(JOBS_LISTED_MAX), '--json'])
  const value: unknown = JSON.parse(result.stdout)
  const jobs = typeof value === 'object' && value !== null && 'jobs' in value ? value.jobs : value
  if (!isJobList(jobs)) throw new Error(`an answer of another shape: ${describeResult(result)}`)
  if (jobs.length >= JOBS_LISTED_MAX * 0.9) throw new Error('a build of more calls than the node remembers')
  return jobs
}

async function keep(folder: string, kept: Readonly<Record<string, string>>): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const [name, path] of Object.entries(kept)) await copyTree(path, join(folder, name))
}

function total(results: readonly CommandResult[]): number {
  return results.reduce((sum, { ms }) => sum + ms, 0)
}
