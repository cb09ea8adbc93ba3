import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type CommandOptions, type CommandResult, describeResult, mustRun, type Running } from '../lab/command.ts'
import { eventually } from '../lab/eventually.ts'
import type { Host } from '../lab/host.ts'
import { compareTrees, objectsIn, type TreeComparison } from './compare-trees.ts'
import { copyTree, debianSource } from './debian-source.ts'
import type { Project } from './projects.ts'

/** Longest build of a test, on two cores that others use too. */
const BUILD_MAX_MS = 600_000

/** One project on one host, built again and again in the same folder: paths are part of debug information. */
export interface Workbench {
  /** The source folder, which is also where objects appear. */
  readonly tree: string
  /** The plain build, against which the others are held. */
  readonly reference: CommandResult
  /** Starts the build from a clean tree, with `prefix` before its command. */
  start(prefix: readonly string[], options?: CommandOptions): Promise<Running>
  /** Resolves when the build that runs has made a `share` of its objects; rejects if it ends before. */
  reached(build: Running, share: number): Promise<void>
  /** Fails unless the build ended well, left the same objects as the plain one, and made something that works. */
  verify(result: CommandResult): Promise<TreeComparison>
}

/** Fetches a project, builds it plainly on `host` and keeps the objects. */
export async function workbench(host: Host, project: Project, options?: CommandOptions): Promise<Workbench> {
  const tree = join(host.folder, project.name)
  const pristine = join(host.folder, 'pristine', project.name)
  const kept = join(host.folder, 'reference', project.name)
  await mkdir(dirname(pristine), { recursive: true })
  await copyTree(await debianSource(project.name, project.version), pristine)
  await project.prepare?.(pristine)

  const start = async (prefix: readonly string[], options: CommandOptions = {}) => {
    await copyTree(pristine, tree)
    return host.spawn([...prefix, ...project.command], { cwd: tree, timeoutMs: BUILD_MAX_MS, ...options })
  }
  const reference = await (await start([], options)).ended
  assert.equal(reference.exitCode, 0, describeResult(reference))
  await keepObjects(tree, kept)
  const total = (await objectsIn(kept)).length

  return {
    tree,
    reference,
    start,
    reached: async (build, share) => {
      const what = `${Math.round(share * 100)} % of the build`
      const enough = async () => (await objectsIn(tree)).length >= total * share
      await eventually(what, BUILD_MAX_MS, async () => !build.alive() || (await enough()))
      assert.ok(build.alive(), `the build ended before ${what}`)
    },
    verify: async (result) => {
      assert.equal(result.exitCode, 0, describeResult(result))
      const comparison = await compareTrees(kept, tree)
      assert.deepEqual(comparison.differences, [], 'every object equals that of a plain build')
      assert.ok(comparison.compared > 0, 'the build made objects')
      await project.prove(host, tree)
      return comparison
    },
  }
}

/** Copies all objects and archives out of a tree, under the same paths. */
async function keepObjects(tree: string, kept: string): Promise<void> {
  await mkdir(kept, { recursive: true })
  for (const path of await objectsIn(tree)) {
    await mkdir(dirname(join(kept, path)), { recursive: true })
    await mustRun(['cp', '-a', join(tree, path), join(kept, path)])
  }
}
