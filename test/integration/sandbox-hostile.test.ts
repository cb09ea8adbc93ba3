import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { RunnerError, type RunnerFailure, type RunTree } from '../../src/compiler/runner.ts'
import { type SandboxBench, sandboxBench } from './sandbox-bench.ts'
import { appears, descendants } from './sandbox-processes.ts'

/** Whatever a stranger's compile tries stays within its cell and its bounds, and the next compile is served. */
const MIB = 1024 * 1024

/** Small enough to be met at once. */
const LIMITS = {
  wallMs: 60_000,
  memoryBytes: 512 * MIB,
  diskBytes: 16 * MIB,
  files: 200,
  processes: 32,
  outputBytes: 1 * MIB,
  printedBytes: 64 * 1024,
}

let bench: SandboxBench
let confined = false
before(async () => {
  bench = await sandboxBench({ limits: LIMITS })
  confined = bench.runner.sandbox.kind === 'namespaces'
})
after(() => bench.stop())

/** A test of what only namespaces hold; afterwards an honest compile must still be served. */
function hostile(name: string, attempt: () => Promise<void>): void {
  test(name, async (context) => {
    if (!confined) return context.skip('no namespaces')
    await attempt()
    const { stdout } = await bench.shell('echo fine')
    assert.equal(Buffer.from(stdout).toString(), 'fine\n')
  })
}

const REFUSED_FILES: Readonly<Record<string, string>> = {
  'a library beside the machine’s': '/usr/lib/evil.so',
  'a library where another machine has them': '/usr/lib32/evil.so',
  'a header of the compiler': '/usr/lib/gcc/x86_64-linux-gnu/12/include/stddef.h',
  'a program': '/bin/as',
  'a program of a cross compiler': '/usr/x86_64-linux-gnu/bin/as',
  'a list of libraries to be loaded': '/etc/ld.so.preload',
  'a device': '/dev/mem',
  'a file of the kernel': '/proc/self/exe',
  'a path that climbs': '/home/peer/../../etc/passwd',
  'a path with an empty part': '/home//peer',
  'a path that is no file': '/home/peer/',
  'a relative path': 'home/peer/x.h',
  'a path with a NUL': '/home/peer/x\0y',
  'a path without end': `/home/${'long/'.repeat(1000)}x.h`,
}

for (const [what, path] of Object.entries(REFUSED_FILES)) {
  hostile(`a tree with ${what} is refused`, () => refused({ ...nothing, files: [fileAt(path)] }))
}

const REFUSED_TREES: Readonly<Record<string, () => Partial<RunTree>>> = {
  'a folder among the machine’s': () => ({ folders: ['/usr/lib/evil'] }),
  'a folder that climbs': () => ({ folders: ['/home/peer/..'] }),
  'a link among the machine’s': () => ({ links: [{ path: '/usr/lib/evil', target: '/home/peer' }] }),
  'a link in place of the machine’s': () => ({ links: [{ path: '/bin', target: '/home/peer' }] }),
  'a link to nothing': () => ({ links: [{ path: '/home/peer/x', target: '' }] }),
  'a file behind its own link': () => ({
    files: [fileAt('/home/peer/lib/evil.so')],
    links: [{ path: '/home/peer', target: '/usr' }],
  }),
  'a link behind its own link': () => ({
    links: [
      { path: '/home/peer/a', target: '/usr' },
      { path: '/home/peer/a/lib', target: '/' },
    ],
  }),
  'a folder behind its own link': () => ({ folders: ['/a/b'], links: [{ path: '/a', target: '/usr' }] }),
  'a file that is a link, too': () => ({ files: [fileAt('/a')], links: [{ path: '/a', target: '/usr' }] }),
  'content from beside the store': () => ({ files: [{ ...fileAt('/a'), from: '../work/secret' }] }),
  'content from anywhere': () => ({ files: [{ ...fileAt('/a'), from: '/etc/passwd' }] }),
}

for (const [what, tree] of Object.entries(REFUSED_TREES)) {
  hostile(`a tree with ${what} is refused`, () => refused({ ...nothing, ...tree() }))
}

hostile('a working folder that links lead to the machine’s is refused', async () => {
  const links = [{ path: '/home/peer', target: '../usr/lib' }]
  await fails('RUNNER_PATH_REFUSED', bench.shell('true', { cwd: '/home/peer/evil', tree: { ...nothing, links } }))
})

hostile('a file that stands twice in a tree, or below another file, is not placed', async () => {
  const twice = [fileAt('/home/peer/x'), fileAt('/home/peer/x')]
  await notStarted('copying a file of a tree', { ...nothing, files: twice })
  const below = [fileAt('/home/peer/x'), fileAt('/home/peer/x/y')]
  await notStarted('making a folder of a tree', { ...nothing, files: below })
})

hostile('content that the store has lost is told', async () => {
  await notStarted('copying a file of a tree', { ...nothing, files: [{ ...fileAt('/a'), from: 'ab/cdef' }] })
})

hostile('links lead nowhere out of a cell', async () => {
  const climbing = `${'../'.repeat(20)}etc/passwd`
  const links = [
    { path: '/home/peer/a', target: climbing },
    { path: '/home/peer/b', target: '/etc/passwd' },
    { path: '/home/peer/c', target: bench.folder },
    { path: '/home/peer/d', target: '/proc/1/root' },
  ]
  const { stdout, exitCode } = await bench.shell('cat a b; ls c/ d/', { tree: { ...nothing, links } })
  assert.equal(Buffer.from(stdout).toString(), '')
  assert.notEqual(exitCode, 0)
})

hostile('files of the machine are included by no compile', async () => {
  const source = ['#include "/etc/passwd"', 'asm(".incbin \\"/etc/hostname\\"");', `asm(".incbin \\"${secret()}\\"");`]
  for (const line of source) {
    const tree = bench.treeOf({ '/home/peer/x.c': `${line}\n` })
    const args = ['-c', 'x.c']
    const result = await bench.run({ compiler: '/usr/bin/gcc', args, env: ['PATH=/usr/bin'], outputs: ['x.o'], tree })
    assert.notEqual(result.exitCode, 0, line)
    assert.match(Buffer.from(result.stderr).toString(), /No such file|file not found/)
    assert.deepEqual(result.outputs, [])
  }
})

const OUTPUTS: Readonly<Record<string, string>> = {
  'a link out': 'ln -s /usr/bin/gcc out',
  'a link out, relative': `ln -s ${'../'.repeat(20)}etc/passwd out`,
  'a link within': 'echo x > there; ln -s there out',
  'a pipe': 'mkfifo out',
  'a folder': 'mkdir out',
  'a device': 'mknod out c 1 5',
}

for (const [what, command] of Object.entries(OUTPUTS)) {
  hostile(`an output that is ${what} is not brought back`, async () => {
    const { exitCode, outputs } = await bench.shell(command, { outputs: ['out'] })
    assert.equal(exitCode === 0, !command.startsWith('mknod'), 'only a device cannot even be made')
    assert.deepEqual(outputs, [])
  })
}

hostile('an output whose folder became a link is not brought back', async () => {
  for (const [target, name] of [
    ['/usr/bin', 'gcc'],
    [`${'../'.repeat(20)}etc`, 'passwd'],
  ]) {
    const { exitCode, outputs } = await bench.shell(`rmdir sub && ln -s ${target} sub`, { outputs: [`sub/${name}`] })
    assert.equal(exitCode, 0)
    assert.deepEqual(outputs, [])
  }
})

hostile('nothing of the machine can be written to or removed', async () => {
  const attempts = [
    'echo > /usr/bin/evil',
    'echo > /usr/lib/evil',
    'rm -f /usr/bin/gcc',
    'chmod 777 /usr/bin',
    'rm /dev/null',
  ]
  for (const attempt of attempts) assert.notEqual((await bench.shell(attempt)).exitCode, 0, attempt)
  assert.equal(existsSync('/usr/bin/evil') || existsSync('/usr/lib/evil'), false)
})

hostile('a compile gets no further rights', async () => {
  for (const attempt of ['unshare --user true', 'unshare --mount true', 'mount -t tmpfs x /tmp', 'chroot / true'])
    assert.notEqual((await bench.shell(attempt)).exitCode, 0, attempt)
  const tree = bench.treeOf({ '/home/peer/x': '#!/bin/sh\necho ran\n' })
  const { stdout, stderr } = await bench.shell('chmod +x x && echo mine; ./x', { tree })
  assert.equal(Buffer.from(stdout).toString(), 'mine\n', 'what a client sent does not run')
  assert.match(Buffer.from(stderr).toString(), /denied/)
})

hostile('there is no network', async (): Promise<void> => {
  const attempt = "command -v perl >/dev/null || exit 9; perl -e 'socket(S, 2, 1, 0) or exit 9'"
  assert.equal((await bench.shell(attempt)).exitCode, 9)
})

hostile('processes without end end with their cell', async () => {
  const { exitCode } = await bench.shell('bomb() { bomb | bomb & }; bomb; bomb; wait')
  assert.notEqual(exitCode, undefined)
  assert.deepEqual(
    commands().filter((command) => command === 'sh'),
    [],
  )
})

hostile('what a compile leaves running ends with it', async () => {
  await bench.shell('sleep 1000 & sleep 1000 & true')
  assert.deepEqual(
    commands().filter((command) => command === 'sleep'),
    [],
  )
})

hostile('memory without end is refused to a compile', async () => {
  const { exitCode } = await bench.shell('a=aaaaaaaa; while :; do a=$a$a; done')
  assert.notEqual(exitCode, 0)
})

hostile('files without end fill the cell alone', async () => {
  const large = await bench.shell('cat /dev/zero > x')
  assert.notEqual(large.exitCode, 0)
  const many = await bench.shell('i=0; while echo > $i; do i=$((i + 1)); done; echo $i', { cwd: '/home/peer/many' })
  assert(Number(Buffer.from(many.stdout).toString()) < LIMITS.files)
})

hostile('a tree over the bounds of a cell is not placed', async () => {
  const many = Array.from({ length: LIMITS.files }, (_, index) => fileAt(`/home/peer/${index}`))
  await notStarted('copying a file of a tree', { ...nothing, files: many })
  const from = bench.keep(Buffer.alloc(LIMITS.diskBytes + 1))
  await notStarted('copying a file of a tree', { ...nothing, files: [{ ...fileAt('/home/peer/large'), from }] })
})

hostile('a flood on either stream is refused', async () => {
  const failure: RunnerFailure = { code: 'RUNNER_TOO_LARGE', what: 'printed' }
  await fails(failure, bench.shell('yes'))
  await fails(failure, bench.shell('yes >&2'))
})

hostile('an output over its bound is refused', async () => {
  const tooLarge = bench.shell(`head -c ${LIMITS.outputBytes + 1} /dev/zero > out`, { outputs: ['out'] })
  await fails({ code: 'RUNNER_TOO_LARGE', what: 'output' }, tooLarge)
})

test('a compile that sleeps past its time is ended', async () => {
  const hasty = await sandboxBench({ limits: { wallMs: 50 } })
  try {
    await fails('RUNNER_TIME_LIMIT', hasty.shell('sleep 1000'))
  } finally {
    await hasty.stop()
  }
})

test('an abort ends a compile and all that it started', async () => {
  const abort = new AbortController()
  const run = bench.shell('sleep 1000 | sleep 1000', {}, abort.signal)
  run.catch(() => undefined)
  await appears('sleep')
  abort.abort(new Error('no longer wanted'))
  await assert.rejects(run, /no longer wanted/)
  assert.deepEqual(
    commands().filter((command) => command === 'sleep'),
    [],
  )
})

test('a run that was aborted before it began is not begun', async () => {
  await assert.rejects(bench.shell('true', {}, AbortSignal.abort(new Error('too late'))), /too late/)
})

hostile('when the warden is killed its runs are lost, and others are served by the next', async () => {
  const run = bench.shell('sleep 1000')
  run.catch(() => undefined)
  await appears('sleep')
  for (const { pid, command } of descendants()) if (command === 'sandbox') process.kill(pid, 'SIGKILL')
  await fails('RUNNER_LOST', run)
  const tree = bench.treeOf({ '/home/peer/x': 'placed' })
  assert.equal(Buffer.from((await bench.shell('cat x', { tree })).stdout).toString(), 'placed')
})

test('after a stop nothing is left, whatever ran', async () => {
  const other = await sandboxBench()
  const before = new Set(descendants().map(({ pid }) => pid))
  const run = other.shell('sleep 1000')
  run.catch(() => undefined)
  await appears('sleep')
  await other.runner.stop()
  await assert.rejects(run, (error) => error instanceof RunnerError)
  await fails('RUNNER_STOPPED', other.shell('true'))
  assert.deepEqual(
    commands().filter((command) => command === 'sleep'),
    [],
  )
  assert.deepEqual(
    descendants().filter(({ pid, command }) => !before.has(pid) && command === 'sandbox'),
    [],
  )
  assert.equal(existsSync(join(other.folder, 'work')), false)
  assert.doesNotMatch(readFileSync('/proc/self/mounts', 'utf8'), /^hybridgrid /m)
  await other.stop()
})

const nothing: RunTree = { files: [], links: [], folders: [], view: 0 }

function fileAt(path: string): RunTree['files'][number] {
  return { path, from: bench.keep('some text'), mtimeSeconds: 1 }
}

async function refused(tree: RunTree): Promise<void> {
  await fails('RUNNER_PATH_REFUSED', bench.shell('true', { cwd: '/srv', tree }))
}

async function notStarted(step: string, tree: RunTree): Promise<void> {
  await assert.rejects(bench.shell('true', { tree }), (error) => {
    assert(error instanceof RunnerError && error.reason.code === 'RUNNER_NOT_STARTED', String(error))
    assert.equal(error.reason.step, step)
    return true
  })
}

async function fails(failure: RunnerFailure['code'] | RunnerFailure, run: Promise<unknown>): Promise<void> {
  await assert.rejects(run, (error) => {
    assert(error instanceof RunnerError, String(error))
    assert.deepEqual(typeof failure === 'string' ? error.reason.code : error.reason, failure)
    return true
  })
}

function commands(): readonly string[] {
  return descendants().map(({ command }) => command)
}

/** A file that anyone could read, were it there. */
function secret(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'secret-')))
  mkdirSync(join(folder, 'open'))
  writeFileSync(join(folder, 'open', 'file'), 'a secret')
  after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'open', 'file')
}
