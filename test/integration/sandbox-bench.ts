import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { systemClock } from '../../src/base/clock.ts'
import { sha256 } from '../../src/base/digest.ts'
import { silentLog } from '../../src/base/log.ts'
import { systemRandom } from '../../src/base/random.ts'
import { compilerFamily } from '../../src/compiler/compiler-names.ts'
import { systemSyncFiles } from '../../src/compiler/includes/system-sync-files.ts'
import { localFiles } from '../../src/compiler/local-files.ts'
import { parseInvocation } from '../../src/compiler/parse-invocation.ts'
import type { CompilerRunner, RunRequest, RunResult, RunTree } from '../../src/compiler/runner.ts'
import { RUN_LIMITS, type RunLimits } from '../../src/compiler/sandbox/run-limits.ts'
import { createSandboxRunner } from '../../src/compiler/sandbox/sandbox-runner.ts'
import type { ToolchainId } from '../../src/compiler/toolchain.ts'
import { toolchainProcesses } from '../../src/compiler/toolchain-process.ts'
import { mayBeShown } from '../../src/compiler/trees/shown-folders.ts'
import { createTreeBuilder, type TreeBuilder } from '../../src/compiler/trees/tree-builder.ts'

const HELPER = join(import.meta.dirname, '../../dist/sandbox')

/** A runner of this machine, with a store of contents to make trees from. */
export interface SandboxBench {
  readonly runner: CompilerRunner
  /** Where all of this is; whoever is in a cell must not see it. */
  readonly folder: string
  /** Puts bytes into the store; what `from` of a tree's file is. */
  keep(bytes: string | Uint8Array): string
  /** A tree of texts by their paths. */
  treeOf(files: Readonly<Record<string, string>>): RunTree
  /** The tree of a real command line in a real folder, as a client would send it. */
  treeFor(tool: string, args: readonly string[], cwd: string): Promise<RunTree>
  run(request: Partial<RunRequest>, signal?: AbortSignal): Promise<RunResult>
  /** Runs a shell command in a cell. */
  shell(command: string, request?: Partial<RunRequest>, signal?: AbortSignal): Promise<RunResult>
  stop(): Promise<void>
}

export interface SandboxBenchInit {
  readonly limits?: Partial<RunLimits>
  readonly helper?: string
}

export async function sandboxBench({ limits, helper = HELPER }: SandboxBenchInit = {}): Promise<SandboxBench> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sandbox-')))
  const contentFolder = join(folder, 'content')
  mkdirSync(contentFolder)
  chmodSync(contentFolder, 0o755)
  const runner = await createSandboxRunner(
    { clock: systemClock, random: systemRandom, log: silentLog },
    { helper, workFolder: join(folder, 'work'), contentFolder, limits: { ...RUN_LIMITS, ...limits } },
  )
  const builder = createTreeBuilder({
    files: systemSyncFiles(),
    clock: systemClock,
    processes: toolchainProcesses,
    mayBeShown,
  })
  const keep = (bytes: string | Uint8Array) => keepIn(contentFolder, Buffer.from(bytes))
  const run = (request: Partial<RunRequest>, signal = new AbortController().signal) =>
    runner.run(
      { compiler: '/bin/sh', args: [], cwd: '/home/peer', env: [], files: [], outputs: [], ...request },
      signal,
    )
  return {
    runner,
    folder,
    keep,
    treeOf: (files) => ({
      files: Object.entries(files).map(([path, text]) => ({ path, from: keep(text), mtimeSeconds: 1_700_000_000 })),
      links: [],
      folders: [],
      view: runner.view,
    }),
    treeFor: (tool, args, cwd) => treeFor({ builder, runner, keep }, tool, args, cwd),
    run,
    shell: (command, request, signal) =>
      run({ args: ['-c', command], env: ['PATH=/usr/bin:/bin', 'LC_ALL=C'], ...request }, signal),
    stop: async () => {
      await runner.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

function keepIn(contentFolder: string, bytes: Buffer): string {
  const digest = sha256(bytes)
  const from = `${digest.slice(0, 2)}/${digest.slice(2)}`
  const path = join(contentFolder, from)
  if (existsSync(path)) return from
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 })
  writeFileSync(path, bytes, { mode: 0o444 })
  return from
}

interface TreeMakers {
  readonly builder: TreeBuilder
  readonly runner: CompilerRunner
  readonly keep: SandboxBench['keep']
}

async function treeFor(
  { builder, runner, keep }: TreeMakers,
  tool: string,
  args: readonly string[],
  cwd: string,
): Promise<RunTree> {
  const family = compilerFamily(tool)
  assert(family !== undefined)
  const invocation = parseInvocation({ family, tool, args, cwd, env: new Map() }, localFiles)
  assert(invocation.kind === 'compile', `stays at home: ${JSON.stringify(invocation)}`)
  const built = await builder.build(invocation, {
    toolchain: { id: sha256(tool) as ToolchainId, family },
    compiler: `/usr/bin/${tool}`,
    cwd,
    env: new Map(),
    outputs: [invocation.output],
  })
  assert(built.kind === 'tree', `no tree: ${JSON.stringify(built)}`)
  const { files, links, folders } = built.tree
  // What a worker does, but that its toolchain is the client's here, so that what it shows is equal.
  return {
    files: files.flatMap(({ path, mtimeSeconds }, index) => {
      const bytes = built.bytes(index)
      assert(bytes !== undefined)
      return runner.shows(path) ? [] : [{ path, from: keep(bytes), mtimeSeconds }]
    }),
    links: links.filter(({ path }) => !runner.shows(path)),
    folders: folders.filter((folder) => !runner.shows(folder)),
    view: runner.view,
  }
}
