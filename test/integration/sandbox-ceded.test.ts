import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { CEDED_MAX } from '../../src/base/limits.ts'
import { RunnerError } from '../../src/compiler/runner.ts'
import { eventually } from '../lan/lab/eventually.ts'
import { type SandboxBench, sandboxBench } from './sandbox-bench.ts'
import { descendants } from './sandbox-processes.ts'
import { undo } from './undo.ts'

// Folders of headers among libraries, which a machine may lack: they become the client's own in all cells.

const FOLDER = '/usr/lib/hybridgrid-test/sub-1.0/include'
const NEXT_WARDEN_MS = 10_000
const HEADER = `${FOLDER}/answer.h`

async function confinedBench(t: TestContext): Promise<SandboxBench | undefined> {
  const bench = await sandboxBench()
  undo(t, () => bench.stop())
  if (bench.runner.sandbox.kind === 'namespaces') return bench
  t.skip('no namespaces')
  return undefined
}

async function compiles(bench: SandboxBench, source: string, tree: Readonly<Record<string, string>>): Promise<string> {
  const { exitCode, stderr } = await bench.run({
    compiler: '/usr/bin/gcc',
    args: ['-c', '-I', FOLDER, '/home/peer/a.c', '-o', '/home/peer/a.o'],
    cwd: '/home/peer',
    env: ['PATH=/usr/bin:/bin', 'LC_ALL=C'],
    tree: bench.treeOf({ ...tree, '/home/peer/a.c': source }),
    outputs: ['/home/peer/a.o'],
  })
  return exitCode === 0 ? 'compiled' : Buffer.from(stderr).toString()
}

async function told(bench: SandboxBench, command: string): Promise<string> {
  const { stdout, stderr } = await bench.shell(command, { tree: bench.treeOf({ [HEADER]: 'int answer;\n' }) })
  return Buffer.concat([stdout, stderr]).toString()
}

test('a folder of headers that this machine lacks is the client’s, and what is around it stays the machine’s', async (t) => {
  const bench = await confinedBench(t)
  if (bench === undefined) return
  assert.equal(bench.runner.shows(HEADER), true)
  assert.equal(bench.runner.cede([HEADER]), true)
  assert.equal(bench.runner.shows(HEADER), false)
  assert.equal(bench.runner.shows('/usr/lib/hybridgrid-test/sub-1.0/x.so'), true)
  assert.equal(
    await compiles(bench, '#include <answer.h>\nint a = ANSWER;\n', { [HEADER]: '#define ANSWER 42\n' }),
    'compiled',
  )
  assert.equal(
    await told(bench, `cat ${HEADER}; cd /usr/lib/hybridgrid-test; find . | sort`),
    'int answer;\n.\n./sub-1.0\n./sub-1.0/include\n./sub-1.0/include/answer.h\n',
  )
  assert.equal(existsSync('/usr/lib/hybridgrid-test'), false, 'this machine has no part in it')
})

test('what this machine has in a ceded folder is out of sight', async (t) => {
  const bench = await confinedBench(t)
  if (bench === undefined) return
  const own = Buffer.from((await bench.shell('dirname $(gcc -print-file-name=include/stddef.h)')).stdout)
    .toString()
    .trim()
  assert.match(own, /^\/usr\/lib\/gcc\/.*\/include$/)
  const source = '#include <stddef.h>\n#if __has_include(<stdarg.h>) || !defined MINE\n#error\n#endif\n'
  assert.notEqual(await compiles(bench, source, {}), 'compiled')
  assert.equal(bench.runner.cede([`${own}/stddef.h`]), true)
  assert.equal(await compiles(bench, source, { [`${own}/stddef.h`]: '#define MINE\n' }), 'compiled')
})

test('several are ceded one after the other, and the next warden knows them', async (t) => {
  const bench = await confinedBench(t)
  if (bench === undefined) return
  const another = '/usr/lib/hybridgrid-test/other/include'
  assert.equal(bench.runner.cede([HEADER]), true)
  assert.equal(await told(bench, `cat ${HEADER}`), 'int answer;\n')
  assert.equal(bench.runner.cede([`${another}/b.h`, '/usr/lib/hybridgrid-test/other']), true)
  const files = { [HEADER]: 'one\n', [`${another}/b.h`]: 'two\n' }
  const both = async () => {
    const { stdout } = await bench.shell(`cat ${HEADER} ${another}/b.h`, { tree: bench.treeOf(files) })
    return Buffer.from(stdout).toString()
  }
  assert.equal(await both(), 'one\ntwo\n')
  for (const { pid, command } of descendants()) if (command === 'sandbox') process.kill(pid, 'SIGKILL')
  // Cells that were made before are lost with the warden.
  assert.equal(await eventually('the next warden is there', NEXT_WARDEN_MS, both), 'one\ntwo\n')
})

test('nothing in a ceded folder can be run, and nothing is written around it', async (t) => {
  const bench = await confinedBench(t)
  if (bench === undefined) return
  assert.equal(bench.runner.cede([HEADER]), true)
  const script = `cp /bin/true ${FOLDER}/run && chmod 755 ${FOLDER}/run && ${FOLDER}/run`
  assert.match(await told(bench, script), /run: Permission denied/)
  assert.match(await told(bench, 'touch /usr/lib/hybridgrid-test/x.so'), /Read-only file system/)
  assert.match(await told(bench, 'touch /usr/lib/x.so'), /Read-only file system/)
})

test('what is no folder of headers among libraries stays the machine’s', async (t) => {
  const bench = await confinedBench(t)
  if (bench === undefined) return
  for (const path of [
    '/usr/lib/x.so',
    '/usr/bin/include/a.h',
    '/etc/alternatives/include/a.h',
    '/lib/include/a.h',
    '/usr/lib/gcc/includes/a.h',
  ]) {
    assert.equal(bench.runner.cede([HEADER, path]), false, path)
  }
  assert.equal(bench.runner.view, 0)
  assert.equal(bench.runner.shows(HEADER), true)
})

test('so many are ceded and no more', async (t) => {
  const bench = await confinedBench(t)
  if (bench === undefined) return
  const folders = Array.from({ length: CEDED_MAX }, (_, index) => `/usr/lib/hybridgrid-test/${index}/include/a.h`)
  assert.equal(bench.runner.cede(folders), true)
  assert.equal(bench.runner.cede([HEADER]), false)
  assert.equal(bench.runner.shows(HEADER), true)
  const [first = '', last = ''] = [folders[0], folders.at(-1)]
  const { stdout } = await bench.shell(`cat ${first} ${last}`, {
    tree: bench.treeOf({ [first]: 'one\n', [last]: 'two\n' }),
  })
  assert.equal(Buffer.from(stdout).toString(), 'one\ntwo\n')
})

test('a tree that was held against another view is not run', async (t) => {
  const bench = await confinedBench(t)
  if (bench === undefined) return
  const tree = bench.treeOf({ '/home/peer/a.c': 'int a;\n' })
  assert.equal(bench.runner.cede([HEADER]), true)
  await assert.rejects(
    bench.shell('true', { tree }),
    (error) => error instanceof RunnerError && error.reason.code === 'RUNNER_VIEW_CHANGED',
  )
})
