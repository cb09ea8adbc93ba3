import { existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/log.ts'
import type { Random } from '../../base/random.ts'
import { type CompilerRunner, RunnerError, type RunRequest, type RunResult } from '../runner.ts'
import type { CellEnd, Cells } from './cells.ts'
import { collectFiles, placeFiles } from './job-files.ts'
import { jobPaths, plainJobPaths, toolchainFolder } from './job-paths.ts'
import { plainArguments } from './plain-arguments.ts'
import { RUN_LIMITS, type RunLimits } from './run-limits.ts'
import { spawnedCells } from './spawned-cells.ts'
import { wardenCells } from './warden-cells.ts'

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
  { helper, workFolder, limits = RUN_LIMITS }: SandboxRunnerInit,
): Promise<CompilerRunner> {
  rmSync(workFolder, { recursive: true, force: true })
  const folder = join(workFolder, components.random.hex(4))
  mkdirSync(folder, { recursive: true })
  const plainFolder = realpathSync(folder) // As compilers will see it.
  const cells =
    (existsSync(helper)
      ? await wardenCells(components, { program: helper, folder: plainFolder, limits })
      : undefined) ??
    spawnedCells(components, { folder: plainFolder, limits, why: existsSync(helper) ? NOT_HERE : NOT_BUILT })
  return new SandboxRunner(cells, { workFolder, limits })
}

const NOT_HERE = 'this operating system has no namespaces'
const NOT_BUILT = 'the native sandbox was not built: no C compiler was found'

class SandboxRunner implements CompilerRunner {
  readonly sandbox: CompilerRunner['sandbox']
  readonly takesTrees = false
  readonly #cells: Cells
  readonly #init: { readonly workFolder: string; readonly limits: RunLimits }
  readonly #toolchainFolders = new Set<string>()
  readonly #privateFolders: readonly string[]

  constructor(cells: Cells, init: { readonly workFolder: string; readonly limits: RunLimits }) {
    this.sandbox = cells.sandbox
    this.#cells = cells
    this.#init = init
    this.#privateFolders = [homedir(), init.workFolder]
  }

  async run(request: RunRequest, signal: AbortSignal): Promise<RunResult> {
    signal.throwIfAborted()
    const { limits } = this.#init
    const inputBytes = request.files.reduce((total, { bytes }) => total + bytes.length, 0)
    if (inputBytes > limits.inputBytes) throw tooLarge('input')
    const paths = this.#paths(request)
    const cell = await this.#cells.take(paths.apart)
    try {
      const contents = request.files.map(({ bytes }) => bytes)
      await placeFiles(cell.root, paths, contents)
      const confined = this.sandbox.kind === 'namespaces'
      const argv = [request.compiler, ...(confined ? request.args : plainArguments(request.args, cell.root))]
      const end = await cell.run({ cwd: paths.cwd, argv, env: this.#environment(request) }, signal)
      return await this.#result(cell.root, request, paths.outputs, end)
    } finally {
      cell.discard()
    }
  }

  shows(path: string): boolean {
    return path === '/usr' || path.startsWith('/usr/')
  }

  async stop(): Promise<void> {
    await this.#cells.stop()
    rmSync(this.#init.workFolder, { recursive: true, force: true })
  }

  #paths(request: RunRequest) {
    if (this.sandbox.kind === 'none') return plainJobPaths(request)
    const folder = toolchainFolder(request.compiler, this.#privateFolders)
    if (folder !== undefined && !this.#toolchainFolders.has(folder)) {
      this.#toolchainFolders.add(folder)
      this.#cells.expose(folder)
    }
    return jobPaths(request, [...this.#toolchainFolders])
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

function tooLarge(what: 'input' | 'output' | 'printed'): RunnerError {
  return new RunnerError({ code: 'RUNNER_TOO_LARGE', what }, `the ${what} of a compile is over its bound`)
}
