import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { JobStatus } from '../../../src/status/job-listing.ts'
import { eventually } from '../../lan/lab/eventually.ts'
import { type Called, call } from './call.ts'
import { type FolderSnapshot, folderSnapshot, PROJECT_TIME_MS, snapshotDifferences } from './folder-snapshot.ts'
import { machineEnvironment, type OracleMesh } from './oracle-mesh.ts'
import type { OracleRow, Place, Situation } from './oracle-table.ts'
import { withoutDebugInfo } from './without-debug-info.ts'

export interface CalledTwice {
  /** How the call through the mesh ended otherwise than the plain one, a sentence each. */
  readonly differences: readonly string[]
  /** What the agent noted. */
  readonly jobs: readonly JobStatus[]
  /** What the call through the mesh said, for failure messages. */
  readonly said: string
}

export interface TwiceComponents {
  readonly mesh: OracleMesh
  /** A folder with the project in it. */
  readonly project: string
  /** Folders are made here. */
  readonly root: string
}

const HGBUILD = join(import.meta.dirname, '../../../bin/hgbuild')
const JOB_NOTED_MAX_MS = 10_000
let calls = 0

/** Calls one command plainly and then through the mesh, in the same folder, which is as new both times. */
export async function calledTwice(
  { mesh, project, root }: TwiceComponents,
  row: OracleRow,
  place: Place,
): Promise<CalledTwice> {
  const { tool, situation } = row
  calls += 1
  const build = `oracle-${calls}`
  const home = join(root, String(calls))
  const pristine = `${home}.pristine`
  const cwd = join(home, situation.folder)
  const script = `${home}.sh`
  const args = row.args.map((arg) => inFolder(arg, cwd))
  const variables = Object.entries(situation.env).map(([name, value]) => [name, inFolder(value, cwd)])
  const env = { ...machineEnvironment(), PWD: cwd, ...Object.fromEntries(variables) }
  try {
    await prepare(project, home, pristine, cwd, env, situation.before)
    const stdin = 'stdin.c'
    const inPlace = { cwd, stdin: stdinFrom(situation.folder, stdin), script }
    const plain = await call([tool, ...args], { ...inPlace, env }, situation)
    const plainFiles = folderSnapshot(home)

    renameSync(home, `${home}.plain`)
    renameSync(pristine, home)
    const words = [HGBUILD, '--quiet', '--no-cache', ...(place.at === 'local' ? [] : ['--no-fallback']), tool, ...args]
    const ours = await call(words, { ...inPlace, env: { ...env, ...mesh.env, HG_BUILD: build } }, situation)
    const jobs = await jobsOf(mesh, build, place)
    const differences = [
      ...wordDifferences(plain, ours, situation),
      ...fileDifferences(plainFiles, folderSnapshot(home), place, situation),
    ]
    return { differences, jobs, said: `plainly: ${inWords(plain)}\nthrough the mesh: ${inWords(ours)}` }
  } finally {
    const made = [home, pristine, script, `${home}.plain`]
    await Promise.all(made.map((path) => rm(path, { recursive: true, force: true })))
  }
}

/** The project twice. What `before` makes must not be one file in both; what is only read may be. */
async function prepare(
  project: string,
  home: string,
  pristine: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
  before: string | undefined,
): Promise<void> {
  await execute('cp', ['-al', project, home])
  if (before !== undefined) await execute('sh', ['-ec', before], { cwd, env })
  await execute('cp', before === undefined ? ['-al', project, pristine] : ['-a', home, pristine])
}

const execute = promisify(execFile)

/** `$PWD` stands for the folder of the call. */
function inFolder(word: string, cwd: string): string {
  return word.replaceAll('$PWD', cwd)
}

function stdinFrom(folder: string, file: string): string {
  return folder === '' ? file : `${folder.replaceAll(/[^/]+/g, '..')}/${file}`
}

/** A call whose words are not UTF-8 is sent away before anybody knows what it is for. */
async function jobsOf(mesh: OracleMesh, build: string, place: Place): Promise<readonly JobStatus[]> {
  if (place.at === 'local' && place.reason === 'not-utf8') return mesh.jobsOf(build)
  return eventually('the agent noted the call', JOB_NOTED_MAX_MS, async () => {
    const noted = await mesh.jobsOf(build)
    return noted.length > 0 && noted
  })
}

function wordDifferences(plain: Called, ours: Called, { varying }: Situation): readonly string[] {
  const kinds = varying ? (['ending'] as const) : (['ending', 'stdout', 'stderr'] as const)
  return kinds.filter((kind) => plain[kind] !== ours[kind]).map((kind) => `${kind} differs`)
}

function fileDifferences(
  plain: FolderSnapshot,
  ours: FolderSnapshot,
  place: Place,
  { varying }: Situation,
): readonly string[] {
  const sparing = place.at === 'text' && place.differing === 'debug-info'
  return snapshotDifferences(plain, ours, (path, expected, found) => {
    if (varying || expected.equals(found)) return true
    return sparing && (path.endsWith('.dwo') || withoutDebugInfo(expected).equals(withoutDebugInfo(found)))
  })
}

function inWords({ ending, stdout, stderr }: Called): string {
  return `${ending}\n${(stdout + stderr).slice(0, 2_000)}`
}

/** The files of a project, all as old as each other: `__TIMESTAMP__` tells their age. */
export function writeProject(
  root: string,
  files: ReadonlyMap<string, string | Buffer>,
  links: ReadonlyMap<string, string>,
): void {
  mkdirSync(root, { recursive: true })
  for (const [name, text] of files) {
    const path = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name, 'latin1')])
    const folder = path.subarray(0, path.lastIndexOf('/'))
    mkdirSync(folder, { recursive: true })
    writeFileSync(path, text, 'latin1')
  }
  for (const [name, target] of links) symlinkSync(target, join(root, name))
  execFileSync('find', [root, '-exec', 'touch', '-h', '-d', `@${PROJECT_TIME_MS / 1000}`, '{}', '+'])
}
