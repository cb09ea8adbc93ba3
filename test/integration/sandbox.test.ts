import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { RunnerError } from '../../src/compiler/runner.ts'
import { PROJECT } from './preprocessed-way-project.ts'
import { type SandboxBench, sandboxBench } from './sandbox-bench.ts'

/** What compiles see and give, where runs are confined. What hostile ones try is in sandbox-hostile.test.ts. */
const ENV = ['PATH=/usr/bin:/bin', 'LC_ALL=C.UTF-8', 'SOURCE_DATE_EPOCH=1700000000']

let bench: SandboxBench
let folder: string
let confined = false
before(async () => {
  bench = await sandboxBench()
  confined = bench.runner.sandbox.kind === 'namespaces'
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'client-')))
})
after(async () => {
  await bench.stop()
  rmSync(folder, { recursive: true })
})

/** What is compiled from a tree, and the files that come of it. */
const COMPILES: readonly { readonly tool: string; readonly args: string; readonly outputs: readonly string[] }[] = [
  { tool: 'gcc', args: '-O2 -g -c main.c', outputs: ['main.o'] },
  {
    tool: 'gcc',
    args: '-Wall -Wextra -Wconversion -g3 -MD -MF out/x.d -c sub/deep.c -o out/deep.o',
    outputs: ['out/deep.o', 'out/x.d'],
  },
  { tool: 'gcc', args: '-DNAME=1 -I include -isystem sys -MMD -MP -c include.c', outputs: ['include.o', 'include.d'] },
  { tool: 'gcc', args: '-g -gsplit-dwarf -c main.c -o out/main.o', outputs: ['out/main.o', 'out/main.dwo'] },
  { tool: 'gcc', args: '-S -O1 main.c -o main.asm', outputs: ['main.asm'] },
  { tool: 'gcc', args: '-c dated.c', outputs: ['dated.o'] },
  { tool: 'gcc', args: '-O2 -c once.c', outputs: ['once.o'] },
  { tool: 'g++', args: '-g -O2 -MD -c templates.cpp', outputs: ['templates.o', 'templates.d'] },
  { tool: 'clang', args: '-O2 -g -MD -c main.c', outputs: ['main.o', 'main.d'] },
  { tool: 'clang++', args: '-g -c templates.cpp -o out/t.o', outputs: ['out/t.o'] },
  { tool: 'gcc', args: '-Wall -c wrong.c', outputs: ['wrong.o'] },
]

const WRONG = '#include <stdio.h>\nint main(void) { int unused; printf("%s", 1); return nothing; }\n'

for (const { tool, args, outputs } of COMPILES) {
  const skip = spawnSync(tool, ['--version']).status === 0 ? false : `${tool} is not installed`
  test(`${tool} ${args} gives from a tree what it gives at home`, { skip }, async (context) => {
    if (!confined) return context.skip('no namespaces')
    const cwd = project()
    const words = args.split(' ')
    const tree = await bench.treeFor(tool, words, cwd)
    const expected = atHome(tool, words, cwd, outputs)
    const result = await bench.run({ compiler: `/usr/bin/${tool}`, args: words, cwd, env: ENV, outputs, tree })
    assert.equal(Buffer.from(result.stderr).toString(), expected.stderr)
    assert.equal(result.exitCode, expected.exitCode)
    const reached = new Map(result.outputs.map(({ path, bytes }) => [path, Buffer.from(bytes)]))
    assert.deepEqual([...reached.keys()], [...expected.outputs.keys()], 'the same files')
    for (const [path, bytes] of expected.outputs)
      assert(reached.get(path)?.equals(bytes), `${path} is equal to the byte`)
  })
}

test('a working folder behind a link is the client’s, and outputs come back from there', async (context) => {
  if (!confined) return context.skip('no namespaces')
  const real = project()
  const cwd = `${real}-link`
  symlinkSync(real, cwd)
  const words = '-g -c main.c -o out/main.o'.split(' ')
  const tree = await bench.treeFor('gcc', words, cwd)
  assert.deepEqual(tree.links, [{ path: cwd, target: real }])
  const outputs = ['out/main.o']
  const expected = atHome('gcc', words, cwd, outputs)
  const env = [...ENV, `PWD=${cwd}`]
  const { outputs: reached } = await bench.run({ compiler: '/usr/bin/gcc', args: words, cwd, env, outputs, tree })
  assert(Buffer.from(reached[0]?.bytes ?? []).equals(expected.outputs.get('out/main.o') ?? Buffer.alloc(1)))
})

test('preprocessed text is compiled in a folder of the client’s name', async () => {
  const files = [{ path: 'sub/text.c', bytes: Buffer.from('int answer(void) { return 42; }\n') }]
  const args = ['-fpreprocessed', '-g', '-c', 'sub/text.c', '-o', 'out/deep/text.o']
  const outputs = ['out/deep/text.o', 'out/absent.d']
  const result = await bench.run({
    compiler: '/usr/bin/gcc',
    args,
    cwd: '/home/peer/project',
    env: ENV,
    files,
    outputs,
  })
  assert.equal(result.exitCode, 0, Buffer.from(result.stderr).toString())
  const [object] = result.outputs
  assert.equal(result.outputs.length, 1)
  assert.equal(object?.path, 'out/deep/text.o')
  assert(Buffer.from(object.bytes).includes('/home/peer/project\0'))
})

test('a build in /usr/src works, one in /usr/lib is refused', async (context) => {
  if (!confined) return context.skip('no namespaces')
  const files = [{ path: 'a.txt', bytes: Buffer.from('hello') }]
  const copied = await bench.shell('cp a.txt b.txt; pwd', { cwd: '/usr/src/linux', files, outputs: ['b.txt'] })
  assert.equal(Buffer.from(copied.stdout).toString(), '/usr/src/linux\n')
  assert.equal(Buffer.from(copied.outputs[0]?.bytes ?? []).toString(), 'hello')
  await refused(bench.shell('true', { cwd: '/usr/lib/foo' }))
  await refused(bench.shell('true', { cwd: '/usr/lib/foo', tree: bench.treeOf({}) }))
})

test('a client may build in /dev/shm, and what this machine has there is out of sight', async (context) => {
  if (!confined) return context.skip('no namespaces')
  const own = existsSync('/dev/shm') ? mkdtempSync('/dev/shm/own-') : undefined
  try {
    const tree = bench.treeOf({ '/dev/shm/peer/x.h': 'x' })
    const { stdout } = await bench.shell('cd /dev/shm && echo * */*', { cwd: '/dev/shm/peer', tree })
    assert.equal(Buffer.from(stdout).toString(), 'peer peer/x.h\n')
  } finally {
    if (own !== undefined) rmSync(own, { recursive: true })
  }
})

test('a tree, text beside it and folders of outputs stand together', async (context) => {
  if (!confined) return context.skip('no namespaces')
  const tree = {
    ...bench.treeOf({
      '/home/peer/include/a.h': 'from the tree',
      '/usr/include/stdio.h': 'the client’s own',
      '/top.h': '',
    }),
    links: [{ path: '/home/peer/short', target: 'include' }],
    folders: ['/srv/empty', '/'],
  }
  const files = [
    { path: 'b.c', bytes: Buffer.from('beside it'), mtimeSeconds: -86_400 },
    { path: '/home/peer/short/c.c', bytes: Buffer.from(', and behind its link'), mtimeSeconds: 1_600_000_000 },
  ]
  const command = [
    'cat /home/peer/short/a.h b.c ../include/c.c /usr/include/stdio.h',
    'ls -d /srv/empty /top.h',
    'touch ../new/o',
    'stat -c %Y /top.h b.c ../include/c.c',
  ].join(' && ')
  const result = await bench.shell(command, { cwd: '/home/peer/work', tree, files, outputs: ['../new/o'] })
  assert.equal(Buffer.from(result.stderr).toString(), '')
  assert.equal(
    Buffer.from(result.stdout).toString(),
    'from the treebeside it, and behind its linkthe client’s own/srv/empty\n/top.h\n1700000000\n-86400\n1600000000\n',
  )
  assert.equal(result.outputs.length, 1)
})

test('a compile sees the toolchain, its own files, and nothing else of the machine', async (context) => {
  if (!confined) return context.skip('no namespaces')
  const lines = async (command: string) =>
    Buffer.from((await bench.shell(command, { tree: bench.treeOf({}) })).stdout)
      .toString()
      .split('\n')
      .filter((line) => line !== '')
  const toolchain = ['bin', 'dev', 'etc', 'home', 'lib', 'lib32', 'lib64', 'libx32', 'sbin', 'tmp', 'usr']
  assert.deepEqual(
    (await lines('ls -A /')).filter((name) => !toolchain.includes(name)),
    [],
  )
  assert.deepEqual(await lines('ls -A /home /home/peer /tmp'), ['/home:', 'peer', '/home/peer:', '/tmp:'])
  assert.deepEqual(await lines('ls -A /dev'), ['full', 'null', 'urandom', 'zero'])
  assert.deepEqual(
    (await lines('ls -A /etc')).filter((name) => !/^(alternatives|ld\.so\.cache)$/.test(name)),
    [],
  )
  assert.deepEqual(await lines('ls -dA /usr/include /usr/local/include /usr/src /usr/share/doc /proc /sys /root'), [])
  assert.deepEqual(
    (await lines('ls -A /usr/share')).filter((name) => name !== 'locale'),
    [],
  )
  assert.deepEqual(await lines(`ls -d ${bench.folder}`), [])
})

test('what is shown is told apart from what a client brings', () => {
  const shown = [
    '/usr/bin/gcc',
    '/usr/lib/gcc/x86_64-linux-gnu/12/include/stddef.h',
    '/bin',
    '/lib/x',
    '/usr/local/lib/x.h',
  ]
  const more = [
    '/usr/share/locale/de',
    '/usr/aarch64-linux-gnu/lib/crt1.o',
    '/usr/local/libexec/x',
    '/etc/alternatives/cc',
  ]
  const brought = [
    '/usr',
    '/usr/include/stdio.h',
    '/usr/local',
    '/usr/local/include/a.h',
    '/usr/src/x',
    '/home/a',
    '/etc',
  ]
  const bring = [
    '/usr/aarch64-linux-gnu/include/stdio.h',
    '/usr/aarch64-linux-gnu',
    '/usr/share/x',
    '/usr/local/cuda-13.0/x.h',
  ]
  for (const path of [...shown, ...more]) assert.equal(bench.runner.shows(path), true, path)
  for (const path of [...brought, ...bring]) assert.equal(bench.runner.shows(path), false, path)
  assert.equal(bench.runner.shows('/opt/gcc/lib/x.h', '/opt/gcc/bin/gcc'), true, 'a compiler brings its own')
  assert.equal(bench.runner.shows('/opt/gcc/lib/x.h', '/usr/bin/gcc'), false)
  assert.equal(bench.runner.shows('/home/me/x.h', '/home/me/bin/gcc'), false, 'a home is shown for no compiler')
})

test('all that is called shown is there, and only that', async (context) => {
  if (!confined) return context.skip('no namespaces')
  const command = 'for f in /usr/* /usr/local/* /usr/share/* /usr/*-*-*/* /*; do echo "$f"; done'
  const here = spawnSync('/bin/sh', ['-c', command]).stdout.toString().split('\n')
  const there = Buffer.from((await bench.shell(command)).stdout)
    .toString()
    .split('\n')
  const expected = here.filter((path) => bench.runner.shows(path) && existsSync(path))
  assert.deepEqual(there.filter((path) => bench.runner.shows(path) && !path.includes('*')).sort(), expected.sort())
})

test('a tree of as many files as a closure may have is placed', async (context) => {
  if (!confined) return context.skip('no namespaces')
  const from = bench.keep('x')
  const tree = {
    files: Array.from({ length: 20_000 }, (_, index) => ({
      path: `/home/peer/${index % 50}/${'n'.repeat(100)}${index}`,
      from,
      mtimeSeconds: 1,
    })),
    links: [],
    folders: [],
    view: 0,
  }
  const { stdout } = await bench.shell('for folder in /home/peer/*; do cat $folder/*; done | wc -c', { tree })
  assert.equal(Buffer.from(stdout).toString().trim(), '20000')
})

test('runs side by side do not see each other', async (context) => {
  if (!confined) return context.skip('no namespaces')
  const runs = Array.from({ length: 8 }, (_, index) =>
    bench.shell('cat /own/*', { tree: bench.treeOf({ [`/own/${index}`]: `${index}` }) }),
  )
  const printed = (await Promise.all(runs)).map(({ stdout }) => Buffer.from(stdout).toString())
  assert.deepEqual(printed, ['0', '1', '2', '3', '4', '5', '6', '7'])
})

async function refused(run: Promise<unknown>): Promise<void> {
  await assert.rejects(run, (error) => error instanceof RunnerError && error.reason.code === 'RUNNER_PATH_REFUSED')
}

let projects = 0
function project(): string {
  projects += 1
  const cwd = join(folder, `${projects}`, 'project')
  for (const [name, text] of Object.entries({ ...PROJECT, 'wrong.c': WRONG })) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true })
    writeFileSync(join(cwd, name), text)
  }
  return cwd
}

function atHome(tool: string, args: readonly string[], cwd: string, outputs: readonly string[]) {
  const env = Object.fromEntries([...ENV, `PWD=${cwd}`].map((variable) => variable.split('=')))
  const { status, stderr } = spawnSync(`/usr/bin/${tool}`, args, { cwd, env })
  const made = outputs.filter((path) => existsSync(join(cwd, path)))
  return {
    exitCode: status ?? undefined,
    stderr: stderr.toString(),
    outputs: new Map(made.map((path) => [path, readFileSync(join(cwd, path))])),
  }
}
