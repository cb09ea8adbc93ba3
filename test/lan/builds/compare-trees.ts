import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { mustRun } from '../lab/command.ts'

export interface TreeComparison {
  /** Objects and members of archives that both trees have. */
  readonly compared: number
  /** How many of them are equal as they are, debug information and all. */
  readonly identical: number
  /** What is missing, unexpected or different after `strip -d`: one line each, empty when the trees are equal. */
  readonly differences: readonly string[]
}

/** Objects that a tree holds, by their path in it. */
export async function objectsIn(tree: string): Promise<readonly string[]> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && /\.(o|lo|a)$/.test(entry.name))
    .map((entry) => relative(tree, join(entry.parentPath, entry.name)))
    .sort()
}

/** Compares all objects and archives of two builds; debug information (`strip -d`) may differ, nothing else. */
export async function compareTrees(expected: string, actual: string): Promise<TreeComparison> {
  const scratch = await mkdtemp(join(tmpdir(), 'hg-compare-'))
  try {
    return await comparePaths(expected, actual, await objectsIn(expected), await objectsIn(actual), scratch)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function comparePaths(
  expected: string,
  actual: string,
  expectedPaths: readonly string[],
  actualPaths: readonly string[],
  scratch: string,
): Promise<TreeComparison> {
  const differences = [
    ...expectedPaths.filter((path) => !actualPaths.includes(path)).map((path) => `missing: ${path}`),
    ...actualPaths.filter((path) => !expectedPaths.includes(path)).map((path) => `unexpected: ${path}`),
  ]
  let compared = 0
  let identical = 0
  for (const path of expectedPaths.filter((path) => actualPaths.includes(path))) {
    const pair = [join(expected, path), join(actual, path)] as const
    const same = await equalBytes(...pair)
    if (path.endsWith('.a') && !same) {
      const members = await compareArchives(...pair, scratch)
      compared += members.compared
      identical += members.identical
      differences.push(...members.differences.map((difference) => `in ${path}: ${difference}`))
      continue
    }
    compared += 1
    if (same) identical += 1
    else if (!(await equalWithoutDebug(...pair, scratch))) differences.push(`different: ${path} (${await sizes(pair)})`)
  }
  return { compared, identical, differences }
}

/** Archives hold times and owners that may differ; what counts is their members. */
async function compareArchives(expected: string, actual: string, scratch: string): Promise<TreeComparison> {
  const folder = await mkdtemp(join(scratch, `${basename(expected)}-`))
  const unpack = async (archive: string, name: string) => {
    const into = join(folder, name)
    await mkdir(into)
    await mustRun(['ar', 'x', archive], { cwd: into })
    return { into, members: await readdir(into) }
  }
  const [left, right] = [await unpack(expected, 'expected'), await unpack(actual, 'actual')]
  return comparePaths(left.into, right.into, left.members, right.members, scratch)
}

async function equalBytes(left: string, right: string): Promise<boolean> {
  return (await readFile(left)).equals(await readFile(right))
}

async function equalWithoutDebug(left: string, right: string, scratch: string): Promise<boolean> {
  const stripped = [join(scratch, 'left.o'), join(scratch, 'right.o')] as const
  await mustRun(['strip', '-d', '-o', stripped[0], left])
  await mustRun(['strip', '-d', '-o', stripped[1], right])
  return equalBytes(...stripped)
}

async function sizes(paths: readonly string[]): Promise<string> {
  const lengths = await Promise.all(paths.map(async (path) => (await readFile(path)).length))
  return `${lengths.join(' and ')} bytes`
}
