import assert from 'node:assert/strict'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import { crc32 } from 'node:zlib'
import { fileView } from '../../src/base/file-view.ts'
import { LAUNCHER_FRAME_MAX_BYTES } from '../../src/base/limits.ts'
import { encodeToLauncher } from '../../src/protocols/launcher-codec.ts'
import { KEEPS_RIGHTS, KEEPS_RIGHTS_IF_EMPTY, type ToLauncher } from '../../src/protocols/launcher-messages.ts'
import { buildLauncher, type Finished, LauncherBench, type LauncherKind } from './launcher-bench.ts'
import type { AgentSide } from './launcher-fake-agent.ts'

// Native launcher and portable twin, through one table of scenarios, against an agent that each scenario plays.

const folder = mkdtempSync(join(tmpdir(), 'hg-launcher-build-'))
const native = join(folder, 'launcher')
before(() => buildLauncher('cc', native))
after(() => rmSync(folder, { recursive: true, force: true }))

const COMPILE = ['gcc', '-c', 'x.c', '-o', 'x.o']
const COMPILED: Finished = { code: 0, signal: null, stdout: '', stderr: 'a warning of the compiler\n' }

function scenario(
  name: string,
  play: (bench: LauncherBench) => Promise<void>,
  kinds: readonly LauncherKind[] = ['native', 'twin'],
  skip: string | false = false,
) {
  for (const kind of kinds) {
    test(`${kind}: ${name}`, { skip }, async () => {
      const bench = new LauncherBench(kind, native)
      try {
        await play(bench)
        assert.deepEqual(
          bench.files().filter((file) => file.startsWith('.hg-')),
          [],
          'no temporary file is left',
        )
      } finally {
        await bench.close()
      }
    })
  }
}

const text = (words: string): Uint8Array => Buffer.from(words)
const file = (path: string, contents: string, mode = 0o666): readonly ToLauncher[] => [
  { type: 'write', path, mode, size: contents.length },
  { type: 'data', bytes: text(contents) },
]
const shell = (run: number, script: string, streams: 'send' | 'inherit' | 'discard' = 'send'): ToLauncher => ({
  type: 'run',
  run,
  stdout: streams,
  stderr: streams,
  argv: ['/bin/sh', '-c', script],
  env: ['ADDED=yes', 'HOME'],
})

// --- who is called, and as what

scenario('says who calls, from where and with what', async (bench) => {
  let told: unknown
  await bench.agent(async (agent) => {
    const { env, ...hello } = await agent.heard('hello')
    told = { ...hello, marked: env.includes('MARK=a=b') }
    agent.send({ type: 'exit', code: 0 })
  })
  await bench.call(['sh', '-c', 'umask 027; exec gcc -c "" "white space.c"'], { MARK: 'a=b' })
  assert.deepEqual(told, {
    type: 'hello',
    version: 3,
    stderrIsTerminal: false,
    announcesPlace: false,
    umask: 0o027,
    fileView: fileView(),
    cwd: bench.work,
    tool: bench.kind === 'native' ? 'gcc' : join(bench.masks, 'gcc'),
    compiler: join(bench.real, 'gcc'),
    args: ['-c', '', 'white space.c'],
    marked: true,
  })
})

scenario(
  'the folder is the one that PWD names, links and all, as compilers have it; but only if it is that',
  async (bench) => {
    const told: string[] = []
    await bench.agent(async (agent) => {
      told.push((await agent.heard('hello')).cwd)
      agent.send({ type: 'exit', code: 0 })
    })
    await bench.call(['sh', '-c', 'ln -s . here; cd here && exec gcc -c x.c'])
    await bench.call(['env', 'PWD=/', 'gcc', '-c', 'x.c'])
    await bench.call(['env', 'PWD=here', 'gcc', '-c', 'x.c'])
    assert.deepEqual(told, [join(bench.work, 'here'), bench.work, bench.work])
  },
)

scenario('as hgbuild it takes the compiler by name or path, and its options go to the environment', async (bench) => {
  const told: unknown[] = []
  await bench.agent(async (agent) => {
    const { announcesPlace, tool, compiler, args, env } = await agent.heard('hello')
    const options = env.filter((variable) => /^HG_(REMOTE|CACHE|FALLBACK|QUIET|VERBOSE)=/.test(variable)).sort()
    told.push({ announcesPlace, tool, compiler, args, options })
    agent.send({ type: 'exit', code: 0 })
  })
  const real = join(bench.real, 'gcc')
  // Only the native launcher knows by their inode that others of its kind stand in PATH.
  const PATH = bench.kind === 'native' ? `${bench.masks}:${bench.real}` : bench.real
  await bench.call([...bench.hgbuild, '--no-remote', '--quiet', '--no-fallback', 'gcc', '-v'], { PATH })
  await bench.call([...bench.hgbuild, '-v', '--no-cache', real, 'x.c'], { PATH })
  await bench.call([...bench.hgbuild, join(bench.masks, 'gcc')])
  const options = ['HG_FALLBACK=off', 'HG_QUIET=1', 'HG_REMOTE=off']
  assert.deepEqual(told.slice(0, 2), [
    { announcesPlace: false, tool: 'gcc', compiler: real, args: ['-v'], options },
    { announcesPlace: true, tool: real, compiler: real, args: ['x.c'], options: ['HG_CACHE=off', 'HG_VERBOSE=1'] },
  ])
  if (bench.kind === 'native') {
    assert.deepEqual(told[2], {
      announcesPlace: false,
      tool: join(bench.masks, 'gcc'),
      compiler: real,
      args: [],
      options: [],
    })
  }
})

scenario(
  'it says where it compiled to who types cc, or asks; not to scripts that read what a compiler says',
  async (bench) => {
    const env = { HG_NODE_STARTED: '1' }
    const says = async (words: readonly string[], more: NodeJS.ProcessEnv = {}) => {
      const { stderr } = await bench.call([...bench.hgbuild, ...words, '-c', 'x.c', '-o', 'x.o'], { ...env, ...more })
      return stderr.startsWith('[local ')
    }
    assert.deepEqual(
      [await says(['cc']), await says(['gcc']), await says(['-v', 'gcc']), await says([join(bench.real, 'gcc')])],
      [true, false, true, false],
    )
    assert.equal(await says(['cc'], { HG_BUILD: 'b1' }), false)
  },
)

scenario('all else that hgbuild is called with is for Node', async (bench) => {
  const packageFolder = join(bench.work, 'package')
  mkdirSync(join(packageFolder, 'dist'), { recursive: true })
  mkdirSync(join(packageFolder, 'node_modules/node/bin'), { recursive: true })
  symlinkSync(process.execPath, join(packageFolder, 'node_modules/node/bin/node'))
  bench.program(
    join(packageFolder, 'dist/hgbuild.js'),
    '\nconsole.log(JSON.stringify(process.argv.slice(2)))'.replace('\n', ''),
  )
  const script = join(packageFolder, 'dist/hgbuild.js')
  writeFileSync(script, 'console.log(JSON.stringify(process.argv.slice(2)))')
  copyFileSync(native, join(packageFolder, 'dist/launcher'))
  const hgbuild = bench.kind === 'native' ? [join(packageFolder, 'dist/launcher')] : bench.hgbuild
  for (const words of [
    [],
    ['--help'],
    ['make', '-j4'],
    ['--quiet', 'make'],
    ['--trace', 'x', 'cc'],
    ['gcc-ar'],
    ['cc', 'x.c'],
  ]) {
    const { stdout, stderr } = await bench.call([...hgbuild, ...words], { PATH: bench.real })
    assert.deepEqual(stdout, `${JSON.stringify(words)}\n`, `${words.join(' ')}: ${stderr}`)
  }
})

scenario('finds the compiler behind every name of its own in PATH', async (bench) => {
  const more = join(bench.work, 'more')
  mkdirSync(more)
  bench.mask(join(more, 'gcc'))
  const PATH = `${bench.masks}:${bench.kind === 'native' ? more : ''}::nowhere:${bench.real}:/usr/bin:/bin`
  assert.deepEqual(await bench.call(COMPILE, { PATH }), COMPILED)
  assert.deepEqual(bench.compiles(), ['-c x.c -o x.o'])
})

scenario('called by its path, it takes what .real- beside it points to', async (bench) => {
  const usual = join(bench.work, 'usual')
  mkdirSync(usual)
  bench.mask(join(usual, 'gcc'))
  symlinkSync(join(bench.real, 'gcc'), join(usual, '.real-gcc'))
  const PATH = '/usr/bin:/bin'
  assert.deepEqual(await bench.call([join(usual, 'gcc'), '-c', 'x.c'], { PATH }), COMPILED)
  assert.deepEqual(await bench.call(['usual/gcc', '-c', 'y.c'], { PATH }), COMPILED)
  assert.deepEqual(bench.compiles(), ['-c x.c', '-c y.c'])
})

scenario('takes nothing in PATH for a compiler that has .real- beside it: that is a copy of it', async (bench) => {
  const copies = join(bench.work, 'copies')
  mkdirSync(copies)
  if (bench.kind === 'native') copyFileSync(native, join(copies, 'gcc'))
  else bench.mask(join(copies, 'gcc'))
  symlinkSync(join(bench.real, 'cc'), join(copies, '.real-gcc'))
  const told: string[] = []
  await bench.agent(async (agent) => {
    told.push((await agent.heard('hello')).compiler)
    agent.send({ type: 'exit', code: 0 })
  })
  const PATH = `${bench.masks}:${copies}:${bench.real}:/usr/bin:/bin`
  await bench.call(COMPILE, { PATH })
  await bench.call([...bench.hgbuild, ...COMPILE], { PATH: `${copies}:${bench.real}` })
  assert.deepEqual(told, [join(bench.real, 'gcc'), join(bench.real, 'gcc')])
})

scenario('behind a wrapper that calls it by its path, it looks for the next compiler in PATH', async (bench) => {
  const wrappers = join(bench.work, 'wrappers')
  mkdirSync(wrappers)
  bench.program(join(wrappers, 'gcc'), `[ "$1" = -wrapped ] && exit 9\nexec '${bench.masks}/gcc' -wrapped "$@"`)
  symlinkSync(join(wrappers, 'gcc'), join(bench.masks, '.real-gcc'))
  const PATH = `${bench.masks}:${wrappers}:${bench.real}:/usr/bin:/bin`
  assert.deepEqual(await bench.call(COMPILE, { PATH }), COMPILED)
  assert.deepEqual(await bench.call([join(bench.masks, 'gcc'), '-c', 'y.c'], { PATH }), COMPILED)
  assert.deepEqual(bench.compiles(), ['-wrapped -c x.c -o x.o', '-wrapped -c y.c'])
})

scenario('never meets itself, even behind a wrapper that looks for the compiler in PATH again', async (bench) => {
  const wrappers = join(bench.work, 'wrappers')
  mkdirSync(wrappers)
  bench.program(join(wrappers, 'gcc'), 'exec gcc -wrapped "$@"')
  const agent = await bench.agent(async (side) => {
    const { compiler, args } = await side.heard('hello')
    side.send({ type: 'exec', argv: [compiler, ...args] })
  })
  const PATH = `${bench.masks}:${wrappers}:${bench.real}:/usr/bin:/bin`
  assert.deepEqual(await bench.call(COMPILE, { PATH }), COMPILED)
  assert.deepEqual(bench.compiles(), ['-wrapped -c x.c -o x.o'])
  assert.equal(agent.launchers(), 1, 'asked once')
})

scenario('with a compiler that does not exist it ends as a shell would', async (bench) => {
  const { code, stderr } = await bench.call([...bench.hgbuild, 'clang-99', 'x.c'])
  assert.deepEqual([code, stderr], [127, 'hgbuild: error: no compiler clang-99 in PATH\n'])
  const elsewhere = await bench.call([...bench.hgbuild, '/nowhere/gcc', '-c', 'x.c'], { HG_NODE_STARTED: '1' })
  assert.deepEqual([elsewhere.code, elsewhere.stderr], [127, 'hgbuild: error: no compiler /nowhere/gcc\n'])
})

scenario(
  'words that are not UTF-8 reach the compiler byte for byte',
  async (bench) => {
    await bench.agent(async (agent) => {
      assert.deepEqual(await agent.heard('not-utf8'), { type: 'not-utf8' })
      agent.die()
    })
    await bench.call(['sh', '-c', `gcc "$(printf 'm\\374\\n.c')" -DX='a"b$c'`])
    assert.deepEqual(readFileSync(join(bench.work, 'compiles'), 'latin1'), 'mü\n.c -DX=a"b$c\n')
  },
  ['native'],
)

// --- without an agent

for (const closed of ['1>&-', '2>&-']) {
  scenario(
    `with nowhere to print (${closed}) it is the compiler`,
    async (bench) => {
      await bench.agent(() => assert.fail('nobody is to be asked'))
      const { code } = await bench.call(['sh', '-c', `exec "$@" ${closed}`, 'sh', ...COMPILE])
      assert.equal(code, 0)
      assert.equal(bench.compiles().length, 1)
    },
    ['native'],
  )
}

scenario('without an agent it is the compiler', async (bench) => {
  assert.deepEqual(await bench.call(COMPILE, { REAL_EXIT: '3' }), { ...COMPILED, code: 3 })
  assert.deepEqual(await bench.call(COMPILE, { REAL_SIGNAL: 'TERM' }), { ...COMPILED, code: null, signal: 'SIGTERM' })
})

scenario('without an agent hgbuild says that it compiled here, unless it is to be quiet', async (bench) => {
  const env = { HG_NODE_STARTED: '1' }
  const said = await bench.call([...bench.hgbuild, '-v', ...COMPILE], env)
  assert.deepEqual(said, { ...COMPILED, stderr: '[local no-node]\na warning of the compiler\n' })
  assert.deepEqual(await bench.call([...bench.hgbuild, '--quiet', ...COMPILE], env), COMPILED)
})

scenario('with --no-fallback it fails where it would have compiled here', async (bench) => {
  const hint = 'without --no-fallback it would have been compiled here'
  const alone = await bench.call(COMPILE, { HG_FALLBACK: 'off' })
  assert.equal(alone.code, 111)
  assert.equal(
    alone.stderr,
    `hgbuild: error: no node answers on this machine\n  hint: start one with \`hg node start\`; ${hint}\n`,
  )
  await bench.agent(async (agent) => agent.die())
  const lost = await bench.call([...bench.hgbuild, '--no-fallback', ...COMPILE])
  assert.equal(lost.code, 111)
  assert.match(lost.stderr, /^hgbuild: error: the node on this machine was lost .*\n {2}hint: /)
  assert.deepEqual(bench.compiles(), [])
})

scenario('a state folder with a long name is reached, and the working directory stays', async (bench) => {
  const home = join(bench.home, 'long'.repeat(40))
  mkdirSync(home)
  symlinkSync(home, join(bench.home, 'short'))
  const { fakeAgent } = await import('./launcher-fake-agent.ts')
  const agent = await fakeAgent(join(bench.home, 'short/agent.sock'), async (side) => {
    const { cwd } = await side.heard('hello')
    side.send({ type: 'print', stream: 'stdout', bytes: text(cwd) }, { type: 'exit', code: 0 })
  })
  try {
    assert.equal((await bench.call(COMPILE, { HG_HOME: home })).stdout, bench.work)
    assert.equal((await bench.call(COMPILE, { HG_SOCKET_DIR: home })).stdout, bench.work)
  } finally {
    await agent.stop()
  }
})

// --- the verbs

scenario('runs a child, sends what it says and tells how it ended', async (bench) => {
  let ended: unknown
  await bench.agent(async (agent) => {
    agent.send(shell(7, 'echo out $ADDED ${HOME-none} $MARK; echo err >&2; exit 3'))
    const { userMicros, systemMicros, maxRssKib, ...rest } = await agent.ended(7)
    if (bench.kind === 'native') assert.ok(userMicros + systemMicros > 0 && maxRssKib > 100)
    ended = rest
    agent.send({ type: 'exit', code: 4 })
  })
  assert.deepEqual(await bench.call(COMPILE, { MARK: 'kept' }), { code: 4, signal: null, stdout: '', stderr: '' })
  assert.deepEqual(ended, {
    type: 'exited',
    run: 7,
    exitCode: 3,
    signal: undefined,
    stdout: 'out yes none kept\n',
    stderr: 'err\n',
  })
})

scenario('a child that says much is heard to the end, several at once', async (bench) => {
  await bench.agent(async (agent) => {
    agent.send(shell(1, 'head -c 3000000 /dev/zero'), shell(2, 'echo discarded', 'discard'))
    assert.equal((await agent.ended(1)).stdout.length, 3_000_000)
    agent.send(shell(3, 'kill -SEGV $$'))
    assert.equal((await agent.ended(3)).signal, constants.signals.SIGSEGV)
    agent.send({ type: 'exit', code: 0 })
  })
  assert.deepEqual(await bench.call(COMPILE), { code: 0, signal: null, stdout: '', stderr: '' })
})

scenario('a child that was killed takes along what it had started', async (bench) => {
  await bench.agent(async (agent) => {
    agent.send(shell(1, 'trap "kill $child; echo trapped; exit 5" TERM; sleep 1000 & child=$!; echo ready; wait'))
    await agent.heard('output')
    agent.send({ type: 'kill', run: 1 }, { type: 'kill', run: 99 })
    assert.deepEqual([(await agent.ended(1)).exitCode], [5])
    agent.send({ type: 'exit', code: 0 })
  })
  assert.equal((await bench.call(COMPILE)).code, 0)
})

scenario('what a killed child left behind, deaf to the signal, does not keep the launcher waiting', async (bench) => {
  await bench.agent(async (agent) => {
    const deaf = `trap "" TERM; sleep 1000 & trap "exit 5" TERM; echo ready; while :; do sleep 0.01; done`
    agent.send(shell(1, deaf))
    await agent.heard('output')
    agent.send({ type: 'kill', run: 1 })
    assert.deepEqual([(await agent.ended(1)).exitCode], [5])
    agent.send({ type: 'exit', code: 0 })
  })
  assert.equal((await bench.call(COMPILE)).code, 0)
})

scenario('prints come out at the end, before a child that has our streams, and in their order', async (bench) => {
  await bench.agent(async (agent) => {
    agent.send(
      { type: 'print', stream: 'stdout', bytes: text('1 ') },
      { type: 'print', stream: 'stderr', bytes: text('compiled\n') },
      shell(1, 'printf "2 "; echo linked >&2; exit 6', 'inherit'),
    )
    const { exitCode } = await agent.ended(1)
    agent.send({ type: 'print', stream: 'stdout', bytes: text('3') }, { type: 'exit', code: exitCode ?? 0 })
  })
  assert.deepEqual(await bench.call(COMPILE), { code: 6, signal: null, stdout: '1 2 3', stderr: 'compiled\nlinked\n' })
})

scenario('what it becomes holds the socket until it has ended', async (bench) => {
  const agent = await bench.agent(async (side) => {
    side.send({
      type: 'exec',
      argv: ['/bin/sh', '-c', 'touch begun; while [ ! -e go ]; do sleep 0.01; done; echo "$*"', 'sh', 'a b', ''],
    })
    while (!existsSync(join(bench.work, 'begun'))) await new Promise((resolve) => setImmediate(resolve))
    assert.equal(side.isClosed(), false)
    bench.program(join(bench.work, 'go'), '')
    await side.closed
  })
  assert.deepEqual(await bench.call(COMPILE), { code: 0, signal: null, stdout: 'a b \n', stderr: '' })
  assert.equal(agent.launchers(), 1)
})

scenario('writes files with the mode that was asked for, less the umask, in place of what was there', async (bench) => {
  symlinkSync('elsewhere', join(bench.work, 'x.o'))
  bench.program(join(bench.work, 'program'), 'old')
  await bench.agent(async (agent) => {
    const large = 'x'.repeat(400_000)
    agent.send(...file('x.o', large), ...file('program', 'new', 0o777), ...file('empty.d', ''))
    agent.send({ type: 'print', stream: 'stderr', bytes: text('done\n') }, { type: 'exit', code: 0 })
  })
  const finished = await bench.call(['sh', '-c', 'umask 027; exec gcc -c x.c'])
  assert.deepEqual(finished, { code: 0, signal: null, stdout: '', stderr: 'done\n' })
  assert.deepEqual(bench.files(), ['empty.d', 'program', 'x.o'])
  const modes = bench.files().map((name) => (statSync(join(bench.work, name)).mode & 0o7777).toString(8))
  assert.deepEqual(modes, ['640', '750', '640'])
  assert.equal(readFileSync(join(bench.work, 'x.o')).length, 400_000)
  assert.equal(readFileSync(join(bench.work, 'program'), 'utf8'), 'new')
})

scenario(
  'a file that compilers write into keeps its rights, and one that is new has those of others',
  async (bench) => {
    writeFileSync(join(bench.work, 'old.d'), 'old')
    chmodSync(join(bench.work, 'old.d'), 0o604)
    const mode = 0o666 | KEEPS_RIGHTS
    await bench.agent(async (agent) => {
      agent.send(...file('old.d', 'new', mode), ...file('new.d', 'new', mode), { type: 'exit', code: 0 })
    })
    assert.equal((await bench.call(['sh', '-c', 'umask 027; exec gcc -c x.c'])).code, 0)
    const modes = ['old.d', 'new.d'].map((name) => statSync(join(bench.work, name)).mode & 0o7777)
    assert.deepEqual(modes, [0o604, 0o640])
    assert.equal(readFileSync(join(bench.work, 'old.d'), 'utf8'), 'new')
  },
)

scenario('a file that compilers write into only if it is empty keeps its rights then', async (bench) => {
  for (const [name, contents] of [
    ['empty.o', ''],
    ['full.o', 'old'],
  ] as const) {
    writeFileSync(join(bench.work, name), contents)
    chmodSync(join(bench.work, name), 0o604)
  }
  const mode = 0o666 | KEEPS_RIGHTS_IF_EMPTY
  await bench.agent(async (agent) => {
    agent.send(...file('empty.o', 'new', mode), ...file('full.o', 'new', mode), { type: 'exit', code: 0 })
  })
  assert.equal((await bench.call(['sh', '-c', 'umask 027; exec gcc -c x.c'])).code, 0)
  const modes = ['empty.o', 'full.o'].map((name) => statSync(join(bench.work, name)).mode & 0o7777)
  assert.deepEqual(modes, [0o604, 0o640])
})

scenario(
  'a file of another owner is left to the compiler, which would write into it',
  async (bench) => {
    writeFileSync(join(bench.work, 'old.d'), 'old')
    chownSync(join(bench.work, 'old.d'), 1, 1)
    await bench.agent(async (agent) => {
      const { compiler, args } = await agent.heard('hello')
      agent.send(...file('old.d', 'new', 0o666 | KEEPS_RIGHTS), { type: 'exit', code: 0 })
      const { operation, errno } = await agent.heard('failed')
      assert.deepEqual([operation, errno], ['write', constants.errno.EPERM])
      agent.send({ type: 'exec', argv: [compiler, ...args] })
    })
    assert.deepEqual(await bench.call(COMPILE), COMPILED)
    assert.equal(readFileSync(join(bench.work, 'old.d'), 'utf8'), 'old')
  },
  ['native', 'twin'],
  process.getuid?.() === 0 ? false : 'only root can give a file to another user',
)

scenario('copies a file that lies on this machine, and replaces what is linked there, not its twin', async (bench) => {
  const stored = join(bench.real, 'stored')
  const object = `${'object'.repeat(100_000)}end` // No multiple of anything that is read at once.
  writeFileSync(stored, object)
  writeFileSync(join(bench.work, 'twin.o'), 'old')
  linkSync(join(bench.work, 'twin.o'), join(bench.work, 'x.o'))
  await bench.agent(async (agent) => {
    agent.send({ type: 'write', path: 'x.o', mode: 0o666, size: object.length })
    agent.send({ type: 'copy', path: stored, crc32: crc32(object) })
    agent.send(...file('x.d', 'x.o: x.c'), { type: 'exit', code: 0 })
  })
  assert.deepEqual(await bench.call(COMPILE), { code: 0, signal: null, stdout: '', stderr: '' })
  assert.deepEqual(bench.files(), ['twin.o', 'x.d', 'x.o'])
  const contents = bench.files().map((name) => readFileSync(join(bench.work, name), 'utf8'))
  assert.deepEqual(contents, ['old', 'x.o: x.c', object])
})

for (const [what, size, path, errno] of [
  ['is gone', 6, 'evicted', constants.errno.ENOENT],
  ['is shorter than was said', 7, 'stored', constants.errno.EIO],
  ['is longer than was said', 5, 'stored', constants.errno.EIO],
  ['is as long but another', 6, 'rotten', constants.errno.EIO],
] as const) {
  scenario(`a file to be copied that ${what} is told, and nothing is written`, async (bench) => {
    writeFileSync(join(bench.real, 'stored'), 'object')
    writeFileSync(join(bench.real, 'rotten'), 'objecu')
    await bench.agent(async (agent) => {
      agent.send({ type: 'write', path: 'x.o', mode: 0o666, size })
      agent.send({ type: 'copy', path: join(bench.real, path), crc32: crc32('object') })
      agent.send({ type: 'exit', code: 0 })
      assert.deepEqual(await agent.heard('failed'), { type: 'failed', operation: 'write', errno, run: undefined })
      agent.send({ type: 'exit', code: 3 })
    })
    assert.equal((await bench.call(COMPILE)).code, 3)
    assert.deepEqual(bench.files(), [])
  })
}

scenario('a committed file is there for the next run, and a temporary one is gone at the end', async (bench) => {
  await bench.agent(async (agent) => {
    agent.send({ type: 'temporary', path: 'middle.o' }, ...file('middle.o', 'object'), { type: 'commit' })
    agent.send(shell(1, 'cp middle.o program'))
    await agent.ended(1)
    agent.send({ type: 'exit', code: 0 })
  })
  assert.equal((await bench.call(COMPILE)).code, 0)
  assert.deepEqual(bench.files(), ['program'])
})

const UNWRITABLE: readonly (readonly [name: string, path: string, errno: number, limit?: string])[] = [
  ['its folder is missing', 'missing/x.o', constants.errno.ENOENT],
  ['a folder has its name', 'folder', constants.errno.EINVAL],
  ['it is a device', '/dev/null', constants.errno.EINVAL],
  ['it is over a limit', 'large.o', constants.errno.EFBIG, 'ulimit -f 1;'],
  ['it is over a limit that is not signalled', 'large.o', constants.errno.EFBIG, 'trap "" XFSZ; ulimit -f 1;'],
]
for (const [name, path, errno, limit = ''] of UNWRITABLE) {
  scenario(`a file that cannot be written is told, and the compiler gets its turn: ${name}`, async (bench) => {
    mkdirSync(join(bench.work, 'folder'))
    await bench.agent(async (agent) => {
      const { compiler, args } = await agent.heard('hello')
      agent.send(...file('first.o', 'whole'), ...file(path, 'y'.repeat(5000)), ...file('third.o', 'more'))
      agent.send({ type: 'print', stream: 'stderr', bytes: text('never seen\n') }, { type: 'exit', code: 0 })
      assert.deepEqual(await agent.heard('failed'), { type: 'failed', operation: 'write', errno, run: undefined })
      agent.send({ type: 'exec', argv: [compiler, ...args] })
    })
    const finished = await bench.call(['sh', '-c', `${limit} exec gcc -c x.c -o x.o`])
    assert.deepEqual(finished, COMPILED)
    assert.deepEqual(bench.files(), ['compiles', 'folder', 'x.o'])
  })
}

scenario('a run that cannot be started is told, also because of a file before it', async (bench) => {
  await bench.agent(async (agent) => {
    agent.send({ type: 'run', run: 1, stdout: 'send', stderr: 'send', argv: ['/no/such/program'], env: [] })
    const missing = { type: 'failed', operation: 'run', errno: constants.errno.ENOENT }
    assert.deepEqual(await agent.heard('failed'), { ...missing, run: 1 })
    agent.send(...file('missing/x.o', 'object'), { type: 'commit' }, shell(2, 'echo linked', 'inherit'))
    assert.deepEqual(await agent.heard('failed'), { ...missing, run: 2 })
    agent.send({ type: 'print', stream: 'stdout', bytes: text('given up') }, { type: 'exit', code: 1 })
  })
  assert.deepEqual(await bench.call(COMPILE), { code: 1, signal: null, stdout: 'given up', stderr: '' })
})

// --- an agent that fails

const PRINT: ToLauncher = { type: 'print', stream: 'stderr', bytes: text('said by the agent\n') }
const DEATHS: readonly (readonly [when: string, play: (agent: AgentSide) => Promise<void>])[] = [
  ['at once', async () => undefined],
  ['after the hello', async (agent) => void (await agent.heard('hello'))],
  ['after a print', async (agent) => agent.send(PRINT)],
  [
    'while a child preprocesses',
    async (agent) => {
      agent.send(shell(1, 'echo text; sleep 1000'))
      await agent.heard('output')
    },
  ],
  [
    'in the middle of a file',
    async (agent) =>
      agent.send(PRINT, { type: 'write', path: 'x.o', mode: 0o666, size: 99 }, { type: 'data', bytes: text('x') }),
  ],
  ['before the last word', async (agent) => agent.send(...file('x.o', 'by the agent'), PRINT)],
  [
    'after a commit',
    async (agent) => {
      agent.send(
        { type: 'temporary', path: 'y.o' },
        ...file('y.o', 'by the agent'),
        ...file('x.o', 'by the agent'),
        PRINT,
      )
      agent.send({ type: 'commit' })
    },
  ],
]
for (const [when, play] of DEATHS) {
  scenario(`an agent that dies ${when} costs nothing but time`, async (bench) => {
    await bench.agent(async (agent) => {
      await play(agent)
      await new Promise((resolve) => setImmediate(resolve)) // What was said goes out.
      agent.die()
    })
    assert.deepEqual(await bench.call(COMPILE), COMPILED)
    assert.deepEqual(bench.compiles(), ['-c x.c -o x.o'])
    assert.equal(readFileSync(join(bench.work, 'x.o'), 'utf8'), 'by the compiler')
    assert.deepEqual(bench.files(), ['compiles', 'x.o'])
  })
}

scenario('what an agent said last counts, even if it died right after', async (bench) => {
  await bench.agent(async (agent) => {
    await agent.heard('hello')
    agent.send(...file('x.o', 'by the agent'), PRINT, { type: 'exit', code: 0 })
    await agent.closed
  })
  assert.deepEqual(await bench.call(COMPILE), { code: 0, signal: null, stdout: '', stderr: 'said by the agent\n' })
  assert.deepEqual(bench.compiles(), [])
})

scenario('the last step of a call stands when the agent dies during it', async (bench) => {
  await bench.agent(async (agent) => {
    agent.send({ type: 'temporary', path: 'y.o' }, ...file('y.o', 'object'), { type: 'commit' }, PRINT)
    agent.send(shell(1, 'touch begun; while [ ! -e go ]; do sleep 0.01; done; echo linked; exit 9', 'inherit'))
    while (!existsSync(join(bench.work, 'begun'))) await new Promise((resolve) => setImmediate(resolve))
    agent.die()
    bench.program(join(bench.work, 'go'), '')
  })
  const finished = await bench.call(COMPILE)
  assert.deepEqual(finished, { code: 9, signal: null, stdout: 'linked\n', stderr: 'said by the agent\n' })
  assert.deepEqual(bench.files(), ['begun', 'go'])
})

const head = (length: number) => {
  const bytes = Buffer.alloc(5, 0x4a)
  bytes.writeUInt32LE(length)
  return bytes
}
const NONSENSE: readonly (readonly [what: string, bytes: Uint8Array])[] = [
  ['an empty frame', head(0).subarray(0, 4)],
  ['a frame over the bound', head(LAUNCHER_FRAME_MAX_BYTES + 1)],
  ['a verb that does not exist', Buffer.from([1, 0, 0, 0, 0x7f])],
  ['a verb with too much behind it', Buffer.from([2, 0, 0, 0, 0x45, 0])],
  ['a verb cut short', Buffer.from([3, 0, 0, 0, 0x48, 0, 0])],
  ['a string longer than its frame', Buffer.from([5, 0, 0, 0, 0x46, 255, 255, 255, 255])],
  ['contents of no file', encodeToLauncher({ type: 'data', bytes: text('x') })],
  ['a copy into no file', encodeToLauncher({ type: 'copy', path: '/dev/null', crc32: 0 })],
  ['a program that is not there', encodeToLauncher({ type: 'exec', argv: ['/no/such/program'] })],
  ['an empty command', encodeToLauncher({ type: 'exec', argv: [] })],
]
for (const [what, bytes] of NONSENSE) {
  scenario(`an agent that talks nonsense is left alone: ${what}`, async (bench) => {
    await bench.agent(async (agent) => {
      agent.send(PRINT)
      agent.sendRaw(bytes)
      await agent.closed
    })
    assert.deepEqual(await bench.call(COMPILE), COMPILED)
    assert.deepEqual(bench.compiles(), ['-c x.c -o x.o'])
  })
}

scenario('an agent that falls silent is left alone', async (bench) => {
  await bench.agent(async (agent) => {
    agent.send(PRINT, { type: 'keepalive' }, ...file('x.o', 'by the agent'))
    await agent.closed
  })
  const finished = await bench.call([...bench.hgbuild, '-v', ...COMPILE])
  assert.deepEqual(finished, { ...COMPILED, stderr: '[local node-lost]\na warning of the compiler\n' })
})

// --- signals

scenario('what it runs and becomes ends by files that are too large', async (bench) => {
  await bench.agent(async (agent) => {
    agent.send(shell(1, 'kill -s XFSZ $$'))
    assert.equal((await agent.ended(1)).signal, constants.signals.SIGXFSZ)
    agent.send({ type: 'exec', argv: ['/bin/sh', '-c', 'kill -s XFSZ $$'] })
  })
  const { code, signal } = await bench.call(COMPILE)
  // Node.js itself cannot end by it.
  if (bench.kind === 'native') assert.equal(signal, 'SIGXFSZ')
  else assert.equal(code, 128 + constants.signals.SIGXFSZ)
})

for (const signal of ['HUP', 'INT', 'TERM', 'QUIT', 'PIPE', 'XFSZ']) {
  scenario(
    `SIG${signal} that was ignored stays so: here, in a child and in what it becomes`,
    async (bench) => {
      let call: ReturnType<LauncherBench['start']> | undefined
      const survive = `kill -s ${signal} $$; echo survived`
      await bench.agent(async (agent) => {
        await agent.heard('hello')
        call?.child.kill(`SIG${signal}` as NodeJS.Signals)
        agent.send(shell(1, survive))
        assert.equal((await agent.ended(1)).stdout, 'survived\n')
        agent.send({ type: 'exec', argv: ['/bin/sh', '-c', survive] })
      })
      call = bench.start(['sh', '-c', `trap '' ${signal}; exec gcc -c x.c`])
      assert.deepEqual(await call.finished, { code: 0, signal: null, stdout: 'survived\n', stderr: '' })
    },
    ['native'], // Node.js takes all signals back before the twin can ask.
  )
}

scenario(
  'Node is told what is ignored, and only then',
  async (bench) => {
    const { copyFileSync } = await import('node:fs')
    mkdirSync(join(bench.work, 'package/dist'), { recursive: true })
    copyFileSync(native, join(bench.work, 'package/dist/launcher'))
    const print = 'process.stdout.write(String(process.env.HG_IGNORED_SIGNALS))'
    writeFileSync(join(bench.work, 'package/dist/hgbuild.js'), print)
    symlinkSync(process.execPath, join(bench.real, 'node'))
    const told = async (trap: string) =>
      (await bench.call(['sh', '-c', `${trap} exec package/dist/launcher make`])).stdout
    const { SIGHUP, SIGPIPE } = constants.signals
    assert.deepEqual([await told("trap '' HUP PIPE;"), await told('')], [`${SIGHUP} ${SIGPIPE}`, 'undefined'])
  },
  ['native'],
)

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  scenario(`${signal} leaves no file and no child behind`, async (bench) => {
    let call: ReturnType<LauncherBench['start']> | undefined
    await bench.agent(async (agent) => {
      agent.send({ type: 'temporary', path: 'y.o' }, ...file('y.o', 'object'), { type: 'commit' })
      agent.send(
        ...file('x.o', 'object'),
        { type: 'write', path: 'z.o', mode: 0o666, size: 9 },
        shell(1, 'echo ready; exec sleep 1000'),
      )
      await agent.heard('output')
      call?.child.kill(signal)
      await agent.closed
    })
    call = bench.start(COMPILE)
    assert.deepEqual(await call.finished, { code: null, signal, stdout: '', stderr: '' })
    assert.deepEqual(bench.files(), [])
  })
}
