import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { systemClock } from '../../src/base/clock.ts'
import { sha256 } from '../../src/base/digest.ts'
import { FileView } from '../../src/compiler/includes/file-view.ts'
import { systemSyncFiles } from '../../src/compiler/includes/system-sync-files.ts'
import { LinkClosures } from '../../src/compiler/links/link-closure.ts'
import type { ToolchainId } from '../../src/compiler/toolchain.ts'
import { toolchainProcesses } from '../../src/compiler/toolchain-process.ts'
import { eventually } from '../lan/lab/eventually.ts'
import { machineEnvironment, type OracleMesh, startOracleMesh } from './oracle/oracle-mesh.ts'

const HGBUILD = join(import.meta.dirname, '../../bin/hgbuild')
const NOTED_MAX_MS = 10_000
/** Some of the compiler's own, and a library. */
const LINKED_MIN = 3
const SOURCE = '#include <stdio.h>\n#include "confdefs.h"\nint main(void) { printf("%d\\n", VALUE); return 0; }\n'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'hg-whole-')))
let mesh: OracleMesh
let folders = 0
let builds = 0
before(async () => {
  mesh = await startOracleMesh('trees')
})
after(async () => {
  await mesh?.stop()
  rmSync(root, { recursive: true, force: true })
})

const TOOLS = ['gcc', 'g++', 'clang'].filter(isThere)

/** A folder in which a configure script has just begun. */
function newFolder(): string {
  folders += 1
  const folder = join(root, String(folders))
  mkdirSync(folder)
  writeTest(folder)
  return folder
}

function writeTest(folder: string, value = 1): void {
  writeFileSync(join(folder, 'confdefs.h'), `#define VALUE ${value}\n`)
  writeFileSync(join(folder, 'conftest.c'), SOURCE)
}

/** What a call said, and the file that it wrote. */
function call(folder: string, words: readonly string[], output: string, env: Readonly<Record<string, string>> = {}) {
  rmSync(join(folder, output), { force: true })
  const [program = '', ...args] = words
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, env: { ...machineEnvironment(), ...env } })
  const stat = statSync(join(folder, output), { throwIfNoEntry: false })
  const file = stat && { mode: stat.mode, sha256: sha256(readFileSync(join(folder, output))) }
  return { status, stdout: stdout.toString(), stderr: stderr.toString(), file }
}

/** The same through the node, and where it was answered: `cache`, or the reason to stay here. */
async function callThrough(
  folder: string,
  words: readonly string[],
  output: string,
  env: Readonly<Record<string, string>> = {},
) {
  builds += 1
  const build = `whole-${builds}`
  const called = call(folder, [HGBUILD, '--quiet', ...words], output, { ...mesh.env, ...env, HG_BUILD: build })
  const jobs = await eventually('the agent noted the call', NOTED_MAX_MS, async () => {
    const noted = await mesh.jobsOf(build)
    return noted.length > 0 && noted
  })
  return { called, where: jobs.map(({ cache, reason }) => (cache === null ? reason : 'cache')).join() }
}

/** The same from the cache. What was just compiled is in it a moment after its launcher has ended. */
function callCached(folder: string, words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return eventually('it was kept', NOTED_MAX_MS, async () => {
    writeTest(folder)
    const { called, where } = await callThrough(folder, words, 'conftest', env)
    return where === 'cache' && called
  })
}

describe('a call that stays here is answered from the cache the second time, to the byte:', () => {
  const links: readonly (readonly string[])[] = [
    ['-o', 'conftest', 'conftest.c'],
    ['-o', 'conftest', '-g', '-O2', 'conftest.c', '-lm', '-lpthread'],
    ['-o', 'conftest', '-static', 'conftest.c'],
    ['-o', 'conftest', '-Wl,--gc-sections', 'conftest.c', '-lm'],
    ['-o', 'conftest', '-fPIC', '-shared', 'conftest.c'],
    ['-o', 'conftest', 'conftest.c', '-Wall', '-Wextra', '-Wunused', '-DUNUSED', '-no-pie'],
  ]
  for (const tool of TOOLS) {
    for (const args of [...links, ['-c', '-o', 'conftest', 'conftest.c'], ['-MM', '-o', 'conftest', 'conftest.c']]) {
      test([tool, ...args].join(' '), async () => {
        const folder = newFolder()
        const words = [tool, ...args]
        const plain = call(folder, words, 'conftest')
        assert.equal(plain.status, 0, plain.stderr)
        writeTest(folder)
        const first = await callThrough(folder, words, 'conftest')
        const again = await callCached(folder, words)
        assert.deepEqual([first.called, again], [plain, plain])
        assert.equal(first.where, args.includes('-MM') ? 'preprocess-only' : 'configure-test')
      })
    }
  }
})

describe('a configure test is asked anew', () => {
  const link = ['gcc', '-o', 'conftest', 'conftest.c', '-Lfirst', '-Lsecond', '-lvalue'] as const
  const library = (folder: string, place: string, value: number) => {
    mkdirSync(join(folder, place), { recursive: true })
    const source = join(folder, 'value.c')
    writeFileSync(source, `int value(void) { return ${value}; }\n`)
    const path = join(folder, place, 'libvalue.so')
    const made = spawnSync('gcc', ['-shared', '-fPIC', '-Wl,-soname,libvalue.so', '-o', path, source])
    assert.equal(made.status, 0, made.stderr.toString())
  }
  const kept = async (folder: string) => {
    await callThrough(folder, link, 'conftest')
    await callCached(folder, link)
  }

  test('when a header has changed', async () => {
    const folder = newFolder()
    library(folder, 'second', 1)
    await kept(folder)
    writeTest(folder, 2)
    const { called, where } = await callThrough(folder, link, 'conftest')
    assert.deepEqual([where, called], ['configure-test', call(folder, link, 'conftest')])
  })

  test('when a library has changed', async () => {
    const folder = newFolder()
    library(folder, 'second', 1)
    await kept(folder)
    library(folder, 'second', 2)
    assert.equal((await callThrough(folder, link, 'conftest')).where, 'configure-test')
  })

  test('when a library has come that the linker finds earlier', async () => {
    const folder = newFolder()
    library(folder, 'second', 1)
    await kept(folder)
    library(folder, 'first', 2)
    assert.equal((await callThrough(folder, link, 'conftest')).where, 'configure-test')
  })

  test('when the environment leads to another library', async () => {
    const folder = newFolder()
    library(folder, 'first', 1)
    library(folder, 'second', 2)
    const words = ['gcc', '-o', 'conftest', 'conftest.c', '-lvalue']
    await callCached(folder, words, { LIBRARY_PATH: join(folder, 'first') })
    const { where } = await callThrough(folder, words, 'conftest', { LIBRARY_PATH: join(folder, 'second') })
    assert.equal(where, 'configure-test')
  })

  test('when a library has gone, and fails then', async () => {
    const folder = newFolder()
    library(folder, 'second', 1)
    await kept(folder)
    rmSync(join(folder, 'second/libvalue.so'))
    const { called, where } = await callThrough(folder, link, 'conftest')
    assert.deepEqual([where, called.status, called.file], ['configure-test', 1, undefined])
  })
})

describe('a configure test is done anew', () => {
  for (const [tool, program] of [
    ['gcc', 'as'],
    ['gcc', 'ld'],
  ] as const) {
    test(`by ${tool} where PATH leads to another ${program}`, async () => {
      const folder = newFolder()
      const words = [tool, '-o', 'conftest', 'conftest.c']
      await callThrough(folder, words, 'conftest')
      const usual = await callCached(folder, words)
      const own = join(folder, 'bin')
      mkdirSync(own)
      writeFileSync(join(own, program), `#!/bin/sh\nexec /usr/bin/${program} --defsym marker=5 "$@"\n`, { mode: 0o755 })
      const PATH = `${own}:${machineEnvironment()['PATH']}`
      const plain = call(folder, words, 'conftest', { PATH })
      assert.notDeepEqual(plain, usual)
      for (let time = 0; time < 2; time += 1) {
        const { called, where } = await callThrough(folder, words, 'conftest', { PATH })
        assert.deepEqual([where, called], ['configure-test', plain])
      }
      assert.deepEqual(await callCached(folder, words), usual, 'and nothing of it is kept')
    })
  }
})

describe('what a link reads is what its linker says that it read:', () => {
  const closures = new LinkClosures({
    files: new FileView({ files: systemSyncFiles(), clock: systemClock }),
    disk: systemSyncFiles(),
    processes: toolchainProcesses,
    clock: systemClock,
  })
  let epoch = 0
  for (const tool of TOOLS) {
    for (const words of [
      '',
      '-lm -lpthread',
      '-static',
      '-shared -fPIC',
      '-pthread -ldl',
      '-static-libgcc -lm',
      '-pg',
      '-lz',
      '-fopenmp',
    ]) {
      test(`${tool} ${words}`, async (t) => {
        const folder = newFolder()
        const args = ['-o', 'conftest', 'conftest.c', ...words.split(' ').filter((word) => word !== '')]
        const linked = call(folder, [tool, ...args, '-Wl,--dependency-file=read.d'], 'conftest')
        // Not every machine has every library.
        if (linked.status !== 0) return t.skip(`${tool} does not link with ${words} here`)
        epoch += 1
        const closure = await closures.find({
          toolchain: sha256(tool) as ToolchainId,
          compiler: `/usr/bin/${tool}`,
          invocation: { args, source: 'conftest.c' },
          cwd: folder,
          env: new Map(Object.entries(machineEnvironment())),
          epoch,
        })
        assert.ok(closure !== undefined, 'all that it reads is known')
        const known = new Set(closure.files.map(({ path }) => realpathSync(path)))
        const read = readLinked(join(folder, 'read.d'))
        assert.ok(read.length >= LINKED_MIN, 'the linker told of its files')
        for (const path of read) assert.ok(known.has(path), `${path} is known`)
        return undefined
      })
    }
  }
})

/** The files that a linker listed, but for the object that the driver made of the source and took away again. */
function readLinked(list: string): readonly string[] {
  const [rule = ''] = readFileSync(list, 'utf8').replaceAll('\\\n', ' ').split('\n\n')
  const paths = rule.slice(rule.indexOf(':') + 1).split(/\s+/)
  return paths
    .filter((path) => statSync(path, { throwIfNoEntry: false }) !== undefined)
    .map((path) => realpathSync(path))
}

function isThere(tool: string): boolean {
  return spawnSync(tool, ['--version']).status === 0
}
