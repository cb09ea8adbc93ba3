import { existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/log.ts'
import type { Random } from '../../base/random.ts'
import { type CompilerRunner, RunnerError, type RunRequest, type RunResult } from '../runner.ts'
import type { CellEnd, Cells } from './cells.ts'
import { collectFiles, placeFiles, placeList } from './job-files.ts'
import { type JobPaths, jobPaths, pathRefused, plainJobPaths } from './job-paths.ts'
import { plainArguments } from './plain-arguments.ts'
import { RUN_LIMITS, type RunLimits } from './run-limits.ts'
import { headerFolder, holdsMore, isBelowAny, isShown, toolchainFolder } from './shown-paths.ts'
import { spawnedCells } from './spawned-cells.ts'
import { treeList } from './tree-list.ts'
import { wardenCells } from './warden-cells.ts'
import { encodeStrings } from './warden-messages.ts'

export interface SandboxRunnerComponents {
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
}

export interface SandboxRunnerInit {
  /** Path of the native program of sandbox.c; it may be absent. */
  readonly helper: string
  /** Ours alone: what an earlier node left there is removed. Used only where runs are not confined. */
  readonly workFolder: string
  /** Of the content-addressed store, from which trees are made; it exists, and stays. */
  readonly contentFolder?: string
  readonly limits?: RunLimits
}

/**
 * Runs compilers for peers, as confined as this machine allows: in namespaces, else as children with limits, else as plain
 * children. Which it is, and why, `sandbox` tells.
 */
export async function createSandboxRunner(
  components: SandboxRunnerComponents,
  { helper, workFolder, contentFolder, limits = RUN_LIMITS }: SandboxRunnerInit,
): Promise<CompilerRunner> {
  rmSync(workFolder, { recursive: true, force: true })
  const folder = join(workFolder, components.random.hex(4))
  mkdirSync(folder, { recursive: true })
  const plainFolder = realpathSync(folder) // As compilers will see it.
  const cells =
    (existsSync(helper)
      ? await wardenCells(components, { program: helper, folder: plainFolder, contentFolder, limits })
      : undefined) ??
    spawnedCells(components, { folder: plainFolder, limits, why: existsSync(helper) ? NOT_HERE : NOT_BUILT })
  return new SandboxRunner(cells, { workFolder, limits })
}

const NOT_HERE = 'this operating system has no namespaces'
const NOT_BUILT = 'the native sandbox was not built: no C compiler was found'

class SandboxRunner implements CompilerRunner {
  readonly sandbox: CompilerRunner['sandbox']
  readonly takesTrees: boolean
  readonly #cells: Cells
  readonly #init: { readonly workFolder: string; readonly limits: RunLimits }
  readonly #shown = { toolchains: new Set<string>(), ceded: new Set<string>() }
  readonly #privateFolders: readonly string[]
  /** The compiler that was asked for last, and the folder that it brings: a tree asks for thousands of paths in a row. */
  #asked: { readonly compiler: string; readonly own: readonly string[] } = { compiler: '', own: [] }

  constructor(cells: Cells, init: { readonly workFolder: string; readonly limits: RunLimits }) {
    this.sandbox = cells.sandbox
    this.takesTrees = cells.takesTrees
    this.#cells = cells
    this.#init = init
    this.#privateFolders = [homedir(), init.workFolder]
  }

  shows(path: string, compiler?: string): boolean {
    if (compiler !== undefined && compiler !== this.#asked.compiler) {
      const folder = toolchainFolder(compiler)
      const own = folder === undefined || holdsMore(folder, this.#privateFolders) ? [] : [folder]
      this.#asked = { compiler, own }
    }
    return isShown(path, this.#shown) || (compiler !== undefined && isBelowAny(path, this.#asked.own))
  }

  get view(): number {
    return this.#shown.ceded.size
  }

  cede(paths: readonly string[]): boolean {
    const { ceded } = this.#shown
    const wanted = new Set([...ceded, ...paths.flatMap((path) => headerFolder(path) ?? [])])
    if (!paths.every((path) => isBelowAny(path, wanted) || leadsToAny(path, wanted))) return false
    for (const folder of wanted) {
      if (!this.#cells.cede(folder)) return false
      ceded.add(folder)
    }
    return true
  }

  hasCeded(path: string): boolean {
    return leadsToAny(path, this.#shown.ceded)
  }

  async run(request: RunRequest, signal: AbortSignal): Promise<RunResult> {
    signal.throwIfAborted()
    const { limits } = this.#init
    const inputBytes = request.files.reduce((total, { bytes }) => total + bytes.length, 0)
    if (inputBytes > limits.inputBytes) throw tooLarge('input')
    const paths = this.#paths(request)
    const list = this.#list(request, paths)
    const cell = await this.#cells.take()
    try {
      if (request.tree !== undefined && request.tree.view !== this.view)
        throw new RunnerError({ code: 'RUNNER_VIEW_CHANGED' }, 'other folders are shown now')
      if (list === undefined || request.files.length > 0) await placeFiles(cell.root, paths, request.files)
      if (list !== undefined) await placeList(cell.root, list)
      const confined = this.sandbox.kind === 'namespaces'
      const argv = [request.compiler, ...(confined ? request.args : plainArguments(request.args, cell.root))]
      const env = this.#environment(request)
      const end = await cell.run({ cwd: paths.cwd, argv, env, placing: list !== undefined }, signal)
      return await this.#result(cell.root, request, paths.outputs, end)
    } finally {
      cell.discard()
    }
  }

  async stop(): Promise<void> {
    await this.#cells.stop()
    rmSync(this.#init.workFolder, { recursive: true, force: true })
  }

  #paths(request: RunRequest): JobPaths {
    if (this.sandbox.kind === 'none') return plainJobPaths(request)
    const folder = toolchainFolder(request.compiler)
    if (folder !== undefined && !this.#shown.toolchains.has(folder)) {
      if (holdsMore(folder, this.#privateFolders))
        throw new RunnerError({ code: 'RUNNER_COMPILER_REFUSED' }, `${folder} holds more than a compiler`)
      this.#shown.toolchains.add(folder)
      this.#cells.expose(folder)
    }
    return jobPaths(request, this.#shown)
  }

  #list({ tree }: RunRequest, { folders }: JobPaths): Uint8Array | undefined {
    if (tree === undefined) return undefined
    if (!this.takesTrees) throw pathRefused('no trees are made here')
    return encodeStrings(treeList(tree, folders, this.#shown))
  }

  /** Temporary files belong into the cell: a plain one has no /tmp of its own. */
  #environment({ env }: RunRequest): readonly string[] {
    return [...env, this.sandbox.kind === 'none' ? 'TMPDIR=.' : 'TMPDIR=/tmp']
  }

  async #result(root: string, request: RunRequest, outputs: readonly string[], end: CellEnd): Promise<RunResult> {
    const { limits } = this.#init
    if (Math.max(end.stdout.length, end.stderr.length) >= limits.printedBytes) throw tooLarge('printed')
    const contents = await collectFiles(root, outputs, limits)
    const found = request.outputs.flatMap((path, index) => {
      const bytes = contents[index]
      return bytes === undefined ? [] : [{ path, bytes }]
    })
    return { ...end, outputs: found }
  }
}

/** Whether a path is one of these folders, or above one. */
function leadsToAny(path: string, folders: ReadonlySet<string>): boolean {
  for (const folder of folders) if (isBelowAny(folder, [path])) return true
  return false
}

function tooLarge(what: 'input' | 'output' | 'printed'): RunnerError {
  return new RunnerError({ code: 'RUNNER_TOO_LARGE', what }, `the ${what} of a compile is over its bound`)
}
