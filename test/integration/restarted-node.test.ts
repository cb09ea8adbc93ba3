import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { systemClock } from '../../src/base/clock.ts'
import { silentLog } from '../../src/base/log.ts'
import { agentOf } from '../../src/cli/agent-client.ts'
import { TIMESTAMP_GRANULE_MS } from '../../src/compiler/includes/settled.ts'
import { systemSyncFiles } from '../../src/compiler/includes/system-sync-files.ts'
import { toolchainProcesses } from '../../src/compiler/toolchain-process.ts'
import { ToolchainRegistry } from '../../src/compiler/toolchain-registry.ts'
import { MemoryKeeper, readMemory } from '../../src/compiler/trees/memory-keeper.ts'
import { mayBeShown } from '../../src/compiler/trees/shown-folders.ts'
import { createTreeBuilder } from '../../src/compiler/trees/tree-builder.ts'
import { isJobList, JOBS_LISTED_MAX } from '../../src/status/job-listing.ts'
import { isNodeStatus } from '../../src/status/snapshot.ts'
import { runCommand, startCommand } from '../lan/lab/command.ts'
import { eventually } from '../lan/lab/eventually.ts'
import { compileOf } from '../unit/compiler/trees/tree-bench.ts'
import { machineEnvironment } from './oracle/oracle-mesh.ts'
import { undo } from './undo.ts'

const ROOT = join(import.meta.dirname, '../..')
const SOURCE = '#include <stdio.h>\n#include <stdlib.h>\n#include "a.h"\nint main(void) { return puts(A); }\n'
const START_MAX_MS = 60_000
const KEPT_MAX_MS = 20_000
/** What `stdio.h` and `stdlib.h` bring along, at least. */
const HEADERS_MIN = 10

/** A small project, and a folder for a node's state. */
async function projectOf(t: TestContext): Promise<{ readonly folder: string; readonly home: string }> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hg-restart-')))
  undo(t, () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  const home = join(folder, 'home')
  mkdirSync(home)
  writeFileSync(join(folder, 'a.c'), SOURCE)
  writeFileSync(join(folder, 'a.h'), '#define A "one"\n')
  await systemClock.sleep(TIMESTAMP_GRANULE_MS + 100) // What was just written is read again in any case.
  return { folder, home }
}

/** A tree builder as a node has it, which counts what it opens and starts. */
function countingBuilder(home: string) {
  const counts = { reads: 0, processes: 0 }
  const disk = systemSyncFiles()
  const files = {
    ...disk,
    read: (path: string, maxBytes: number) => {
      counts.reads += 1
      return disk.read(path, maxBytes)
    },
  }
  const processes: typeof toolchainProcesses = {
    ask: (argv, where) => {
      counts.processes += 1
      return toolchainProcesses.ask(argv, where)
    },
  }
  const memoryFile = { file: join(home, 'files.json'), version: '0' }
  const trees = createTreeBuilder({
    files,
    clock: systemClock,
    processes,
    mayBeShown,
    saved: readMemory(memoryFile),
  })
  const keeper = new MemoryKeeper({ clock: systemClock, log: silentLog, trees }, memoryFile)
  keeper.start()
  return { counts, trees, keeper }
}

/** The tree of `gcc -c a.c` by a builder that starts with what the one before left, and what it took. */
async function treeAfterRestart(folder: string, home: string) {
  const gcc = '/usr/bin/gcc'
  const registry = new ToolchainRegistry(
    { clock: systemClock, log: silentLog },
    { cacheFile: join(home, 'tools.json') },
  )
  const toolchain = await registry.byDriver(gcc)
  await registry.saved()
  assert.ok(toolchain)
  const { counts, trees, keeper } = countingBuilder(home)
  const built = await trees.build(compileOf(['-c', 'a.c'], folder), {
    toolchain,
    compiler: gcc,
    cwd: folder,
    env: new Map(),
    outputs: ['a.o'],
  })
  await keeper.stop()
  assert.ok(built.kind === 'tree', JSON.stringify(built))
  return { tree: built.tree, ...counts }
}

test('a tree after a restart opens no file and starts no compiler, but for what was edited meanwhile', async (t) => {
  const { folder, home } = await projectOf(t)
  const first = await treeAfterRestart(folder, home)
  assert.ok(first.reads > HEADERS_MIN)
  assert.equal(first.processes, 1)
  assert.deepEqual(await treeAfterRestart(folder, home), { tree: first.tree, reads: 0, processes: 0 })
  writeFileSync(join(folder, 'a.h'), '#define A "two"\n')
  const edited = await treeAfterRestart(folder, home)
  assert.deepEqual([edited.reads, edited.processes], [1, 0])
  assert.notDeepEqual(edited.tree, first.tree)
})

/** A node alone, over a state folder that may be another's. */
async function startNode(t: TestContext, home: string) {
  const node = startCommand(
    [process.execPath, join(ROOT, 'src/cli/hg.ts'), 'node', 'start', '--no-mdns', '--idle-exit-ms', '60000'],
    {
      env: { ...machineEnvironment(), HG_HOME: home, HG_PORT: '0', HG_HTTP_PORT: '0' },
      log: join(home, 'test.log'),
    },
  )
  const stop = async () => {
    node.kill('SIGTERM')
    await node.ended
  }
  undo(t, stop)
  const ask = agentOf(home, systemClock)
  await eventually('the node serves', START_MAX_MS, () => ask('status', isNodeStatus))
  let builds = 0
  /** Where a compile came from: `local`, when it was the cache of this node. */
  const compile = async (cwd: string) => {
    builds += 1
    const build = `restart-${builds}`
    const env = { ...machineEnvironment(), HG_HOME: home, HG_NODE_STARTED: '1', HG_BUILD: build }
    const command = [join(ROOT, 'bin/hgbuild'), 'gcc', '-c', 'a.c', '-o', 'a.o']
    const { exitCode, stderr } = await runCommand(command, { cwd, env })
    assert.equal(exitCode, 0, stderr)
    return eventually('the node noted the call', KEPT_MAX_MS, async () => {
      const jobs = (await ask('jobs', isJobList, { last: JOBS_LISTED_MAX })) ?? []
      const [job] = jobs.filter((each) => each.build === build)
      return job && (job.cache ?? 'compiled')
    })
  }
  return { stop, compile }
}

test('a node hits at once what the one before it knew, and not what was edited meanwhile', async (t) => {
  const { folder, home } = await projectOf(t)
  const first = await startNode(t, home)
  assert.equal(await first.compile(folder), 'compiled')
  await eventually('it was kept', KEPT_MAX_MS, async () => (await first.compile(folder)) === 'local')
  const object = readFileSync(join(folder, 'a.o'))
  await first.stop()
  assert.match(readFileSync(join(home, 'files.json'), 'latin1'), /"\/usr\/include\/stdio\.h"/)

  const second = await startNode(t, home)
  assert.equal(await second.compile(folder), 'local')
  assert.ok(readFileSync(join(folder, 'a.o')).equals(object))
  await second.stop()

  writeFileSync(join(folder, 'a.h'), '#define A "two"\n')
  const third = await startNode(t, home)
  assert.equal(await third.compile(folder), 'compiled')
  assert.match(readFileSync(join(folder, 'a.o'), 'latin1'), /two/)
})
