import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { compilerFamily, isCxxDriver } from '../../../src/compiler/compiler-names.ts'
import { isConfigureTest } from '../../../src/compiler/configure-test.ts'
import { isShippedVariable, shippedEnvironment } from '../../../src/compiler/environment.ts'
import { baseName, inFolder, isDevice, withSuffix } from '../../../src/compiler/file-name.ts'
import { localFiles } from '../../../src/compiler/local-files.ts'
import { isRefusedEnvironment } from '../../../src/compiler/refused-environment.ts'
import { wordsTravel } from '../../../src/compiler/words-travel.ts'

test('a compiler’s family and language are told by the end of its name', () => {
  const TOLD: readonly (readonly [string, ReturnType<typeof compilerFamily>, boolean])[] = [
    ['gcc', 'gcc', false],
    ['g++', 'gcc', true],
    ['/usr/bin/x86_64-linux-gnu-g++-12', 'gcc', true],
    ['arm-none-eabi-gcc-12.2.1', 'gcc', false],
    ['clang', 'clang', false],
    ['clang++-14', 'clang', true],
    ['C:\\llvm\\clang++.exe', 'clang', true],
    ['cc', undefined, false],
    ['c++', undefined, true],
    ['gcc-ar', undefined, false],
    ['clang-format', undefined, false],
    ['cl.exe', undefined, false],
  ]
  for (const [tool, family, cxx] of TOLD)
    assert.deepEqual([compilerFamily(tool), isCxxDriver(tool)], [family, cxx], tool)
})

describe('a configure script', () => {
  const ASKS = ['conftest.c', 'x/conftest1.cpp', 'tmp.conftest.1.c', 'CMakeCXXCompilerABI.cpp', 'testCXXCompiler.cxx']
  const MORE = ['sanitycheckc.c', '_configtest.c', 'feature_tests.cxx', '/dev/null', '/b/meson-private/x/testfile.c']
  for (const source of [...ASKS, ...MORE]) {
    test(`asks with ${source}`, () => assert.equal(isConfigureTest(source, '/w'), true))
  }
  for (const cwd of ['/b/CMakeFiles/CMakeScratch/TryCompile-x', '/b/meson-private', '/q/config.tests/sse2']) {
    test(`asks in ${cwd}`, () => assert.equal(isConfigureTest('src.c', cwd), true))
  }
  for (const [source, cwd] of [
    ['main.c', '/w'],
    ['conftest.d/main.c', '/w'],
    ['my-conftest.c', '/w'],
    ['testCompiler.c', '/w'],
    ['a.c', '/b/CMakeFiles/app.dir'],
    ['a.c', '/b/my-meson-private'],
  ] as const) {
    test(`does not ask with ${source} in ${cwd}`, () => assert.equal(isConfigureTest(source, cwd), false))
  }
})

describe('of the environment', () => {
  test('what changes what a compiler writes travels, and nothing else', () => {
    const env = new Map([
      ['LC_ALL', 'C'],
      ['SOURCE_DATE_EPOCH', '1'],
      ['LANG', 'x'.repeat(5_000)],
      ['HOME', '/root'],
      ['AWS_SECRET', 'x'],
    ])
    const shipped = shippedEnvironment(env)
    assert.deepEqual([...shipped].sort(), ['LC_ALL=C', 'SOURCE_DATE_EPOCH=1'])
    assert.ok(shipped.every(isShippedVariable), 'a worker takes what is sent')
  })

  test('a worker takes nothing else from a stranger', () => {
    for (const variable of [
      'LD_PRELOAD=x',
      'PATH=/x',
      'LC_ALL',
      '=C',
      'LC_ALL=a\0b',
      `LANG=${'x'.repeat(5_000)}`,
      'lang=C',
    ]) {
      assert.equal(isShippedVariable(variable), false, variable)
    }
  })

  test('words travel to files and pipes in the plain locales, and not to terminals or in any other', () => {
    const travel = (stderrIsTerminal: boolean, ...env: readonly (readonly [string, string])[]) =>
      wordsTravel({ stderrIsTerminal, env: new Map(env) })
    assert.equal(travel(false), true)
    assert.equal(travel(true), false)
    assert.equal(travel(false, ['LANG', 'de_DE.UTF-8'], ['LC_ALL', 'C.UTF-8']), true)
    assert.equal(travel(false, ['LANG', 'C.UTF-8'], ['LC_ALL', ''], ['LC_MESSAGES', 'fr_FR']), false)
    assert.equal(travel(false, ['LANG', 'C'], ['LC_CTYPE', 'en_US.UTF-8']), false)
  })

  test('what makes a compiler do other things keeps all compiles here', () => {
    assert.equal(isRefusedEnvironment(new Map([['PATH', '/bin']])), false)
    assert.equal(isRefusedEnvironment(new Map([['CPATH', '/bin'.repeat(2_000)]])), true, 'too long to travel')
    for (const libraries of [
      '/usr/lib/libfaketime.so.1',
      'libfakeroot-0.so:./mine.so',
      'libmine.so libstdbuf.so',
      'libc.so.6',
    ]) {
      assert.equal(isRefusedEnvironment(new Map([['LD_PRELOAD', libraries]])), true, libraries)
    }
    for (const libraries of [
      '',
      ' ',
      '/usr/lib/x86_64-linux-gnu/libfakeroot/libfakeroot-sysv.so libeatmydata.so',
      'libjemalloc.so.2',
    ]) {
      assert.equal(isRefusedEnvironment(new Map([['LD_PRELOAD', libraries]])), false, libraries)
    }
    for (const name of ['DEPENDENCIES_OUTPUT', 'COMPILER_PATH', 'CCC_OVERRIDE_OPTIONS', 'SDKROOT']) {
      assert.equal(isRefusedEnvironment(new Map([[name, 'x']])), true, name)
      assert.equal(isRefusedEnvironment(new Map([[name, '']])), true, `${name}, empty`)
    }
  })
})

test('file names are taken apart as drivers do', () => {
  assert.deepEqual(['a/b.c', 'b.c', 'a/'].map(baseName), ['b.c', 'b.c', ''])
  const named = ['a.c', 'a.b.c', 'x.y/a', '.a', 'x/.a', 'a.'].map((path) => withSuffix(path, '.o'))
  assert.deepEqual(named, ['a.o', 'a.b.o', 'x.y/a.o', '.a.o', 'x/.a.o', 'a.o'])
  assert.deepEqual(
    ['a', '/a', '../a'].map((path) => inFolder('/w', path)),
    ['/w/a', '/a', '/w/../a'],
  )
  const devices = ['/dev/null', '//dev/fd/3', '/proc/self/fd/0', '/dev/shm', '/dev/shmem/x']
  const files = ['dev/x', '/devel/x', '/dev/shm/x.c', '//dev//shm/x.c']
  assert.deepEqual(devices.filter(isDevice), devices)
  assert.deepEqual(files.filter(isDevice), [])
})

test('files of this machine are read whole, plainly, and without waiting', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'local-files-'))
  context.after(() => rmSync(folder, { recursive: true }))
  const path = (name: string) => join(folder, name)
  writeFileSync(path('file'), 'text')
  mkdirSync(path('folder'))
  symlinkSync('file', path('link'))
  writeFileSync(path('twin'), '')
  linkSync(path('twin'), path('other twin'))
  execFileSync('mkfifo', [path('pipe')])
  const read = (name: string, maxBytes = 100) => localFiles.read(path(name), maxBytes)
  assert.equal(Buffer.from(read('file') ?? []).toString(), 'text')
  assert.equal(Buffer.from(read('link') ?? []).toString(), 'text')
  for (const name of ['folder', 'pipe', 'missing']) assert.equal(read(name), undefined, name)
  assert.equal(read('file', 3), undefined, 'too large')
  assert.equal(localFiles.read('/dev/null', 100), undefined)

  const plain = ['file', 'missing', 'folder', 'link', 'pipe', 'twin'].map((name) =>
    localFiles.mayBeReplaced(path(name)),
  )
  assert.deepEqual(plain, [true, true, false, false, false, false])
  assert.deepEqual(
    ['file', 'folder', 'missing'].map((name) => localFiles.exists(path(name))),
    [true, true, false],
  )
})
