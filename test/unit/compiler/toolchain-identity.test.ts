import assert from 'node:assert/strict'
import { chmodSync } from 'node:fs'
import { describe, type TestContext, test } from 'node:test'
import { systemClock } from '../../../src/base/clock.ts'
import { FileDigests } from '../../../src/compiler/toolchain-files.ts'
import { identifyToolchain } from '../../../src/compiler/toolchain-identity.ts'
import { CLANG_ABOUT, type FakeCompiler, FakeMachine, GCC_ABOUT } from './fake-compilers.ts'

interface Gcc {
  readonly name?: string
  readonly folder?: string
  readonly about?: string
  readonly driver?: string
  readonly cc1?: string
  readonly as?: string
  readonly objcopy?: string
  readonly object?: string
}

/** A machine whose gcc is made of these parts; everything left out is the same on all. */
async function gccOn(context: TestContext, gcc: Gcc = {}) {
  const machine = new FakeMachine(context)
  const { folder = 'usr', name = 'gcc', about = GCC_ABOUT, object = 'object' } = gcc
  const programs = { cc1: machine.program(`${folder}/lib/cc1`, undefined, gcc.cc1 ?? 'cc1') }
  machine.program('bin/as', undefined, gcc.as ?? 'assembler')
  machine.program('bin/objcopy', undefined, gcc.objcopy ?? 'objcopy')
  const path = machine.program(`${folder}/bin/${name}`, { about, object, programs }, gcc.driver ?? 'the driver')
  return identify(machine, path)
}

async function identify(machine: FakeMachine, path: string) {
  const { processes, folder } = machine
  const digests = new FileDigests({ clock: systemClock })
  return identifyToolchain({ processes, digests, pathFolders: [machine.path('bin')], temporaryFolder: folder }, path)
}

describe('a compiler is the same', () => {
  const SAME: readonly (readonly [string, Gcc])[] = [
    ['on another machine', {}],
    ['in another folder', { folder: 'opt/gcc' }],
    ['under another name', { name: 'x86_64-linux-gnu-gcc-12' }],
    ['when only places are told otherwise', { about: GCC_ABOUT.replaceAll('/somewhere', '/elsewhere') }],
  ]
  for (const [name, gcc] of SAME) {
    test(name, async (context) => {
      const [here, there] = [await gccOn(context), await gccOn(context, gcc)]
      assert.ok(here !== undefined)
      assert.equal(there?.toolchain.id, here.toolchain.id)
    })
  }
})

describe('a compiler is another', () => {
  const OTHER: readonly (readonly [string, Gcc])[] = [
    ['by its version', { about: GCC_ABOUT.replace('12.2.0 (', '12.3.0 (') }],
    ['by the build of one version', { about: GCC_ABOUT.replace('12.2.0-14', '12.2.0-15') }],
    ['by its configuration', { about: GCC_ABOUT.replace('c,c++', 'c') }],
    ['by its target', { about: GCC_ABOUT.replace('Target: x86_64', 'Target: aarch64') }],
    ['by its driver', { driver: 'another' }],
    ['by its compiler proper', { cc1: 'patched' }],
    ['by its assembler', { as: 'newer' }],
    ['by what takes debug info out of its objects', { objcopy: 'newer' }],
    ['by what it makes of a few lines', { object: 'another object' }],
    ['by its language', { name: 'g++' }],
  ]
  for (const [name, gcc] of OTHER) {
    test(name, async (context) => {
      const [here, there] = [await gccOn(context), await gccOn(context, gcc)]
      assert.ok(here !== undefined && there !== undefined)
      assert.notEqual(there.toolchain.id, here.toolchain.id)
    })
  }
})

test('a compiler is told by family, version, target and driver', async (context) => {
  const found = await gccOn(context)
  assert.ok(found !== undefined)
  const { family, version, target, driver } = found.toolchain
  assert.deepEqual({ family, version, target }, { family: 'gcc', version: 'gcc 12.2.0', target: 'x86_64-linux-gnu' })
  assert.match(driver, /\/usr\/bin\/gcc$/)
  const parts = found.files.map(({ path }) => path.slice(path.lastIndexOf('/') + 1))
  assert.deepEqual(parts.sort(), ['as', 'cc1', 'gcc', 'objcopy'], 'it is made of these files')
})

test('a compiler rests on what is not there, too: it would take it', async (context) => {
  const machine = new FakeMachine(context)
  const own = machine.path('lib/gcc/12')
  const cc1 = machine.program('lib/gcc/12/cc1')
  const as = machine.program('bin/as')
  const unfit = machine.program('lib/gcc/as', undefined, 'cannot be run')
  chmodSync(unfit, 0o644)
  const searched = `install: ${own}/\nprograms: =${own}/:${own}/../:${own}/../../../target/bin/\nlibraries: =${own}/:${own}/gone/\n`
  const path = machine.program('bin/gcc', { about: GCC_ABOUT, object: 'o', searched, programs: { cc1 } })
  const found = await identify(machine, path)
  const places = ['lib/gcc/12/as', 'lib/gcc/12/gone', 'lib/gcc/12/specs', 'lib/gcc/specs', 'target'].map((place) =>
    machine.path(place),
  )
  const { absent = [], files = [], fromPath = [] } = found ?? {}
  assert.deepEqual(absent.filter((place) => !/(?:cc1plus|objcopy)$/.test(place)).sort(), places)
  assert.ok(
    files.some((file) => file.path === `${own}/../as`),
    'what is there, and not fit to be run, may become so',
  )
  assert.deepEqual(
    fromPath.map(({ name, file }) => [name, file?.path]),
    [
      ['cc1plus', undefined],
      ['as', as],
      ['objcopy', undefined],
    ],
  )
})

test('clang rests on configuration files that are not there', async (context) => {
  const machine = new FakeMachine(context)
  const about = `${CLANG_ABOUT}System configuration file directory: ${machine.path('etc/clang')}\n`
  const found = await identify(machine, machine.program('bin/clang++', { about, object: 'o' }))
  const names = ['clang++.cfg', 'x86_64-pc-linux-gnu-clang++.cfg', 'x86_64-pc-linux-gnu.cfg']
  const places = [...names.map((name) => `bin/${name}`), 'etc'].map((place) => machine.path(place))
  assert.deepEqual([...(found?.absent ?? [])].sort(), places)
  assert.deepEqual(found?.fromPath, [], 'it starts no program of PATH')
})

test('clang that speaks of a gcc is clang', async (context) => {
  const machine = new FakeMachine(context)
  const path = machine.program('bin/clang', { about: `${CLANG_ABOUT}gcc version 12.2.0\n`, object: 'object' })
  const found = await identify(machine, path)
  assert.deepEqual([found?.toolchain.family, found?.toolchain.version], ['clang', 'clang 14.0.6'])
})

test("Apple's clang is clang", async (context) => {
  const machine = new FakeMachine(context)
  const about = 'Apple clang version 15.0.0 (clang-1500.3.9.4)\nTarget: arm64-apple-darwin23.4.0\n'
  const found = await identify(machine, machine.program('bin/clang', { about, object: 'o' }))
  assert.equal(found?.toolchain.version, 'clang 15.0.0')
})

test('specs and configuration files are part of a compiler', async (context) => {
  const withSpecs = async (specs: string) => {
    const machine = new FakeMachine(context)
    const file = machine.program('lib/specs', undefined, specs)
    const about = GCC_ABOUT.replace('Using built-in specs.', `Reading specs from ${file}`)
    return (await identify(machine, machine.program('bin/gcc', { about, object: 'o' }, 'driver')))?.toolchain.id
  }
  const [one, same, other] = [await withSpecs('one'), await withSpecs('one'), await withSpecs('other')]
  assert.ok(one !== undefined)
  assert.equal(same, one)
  assert.notEqual(other, one)
})

describe('no compiler is', () => {
  const NONE: readonly (readonly [string, FakeCompiler | undefined, string | undefined])[] = [
    ['a program that says nothing', undefined, undefined],
    ['a program that says something else', { about: 'tcc version 0.9.27', object: 'o' }, undefined],
    [
      'a compiler that does not say for what it compiles',
      { about: GCC_ABOUT.replace(/^Target.*\n/m, ''), object: 'o' },
      undefined,
    ],
    ['a compiler that cannot compile', { about: GCC_ABOUT }, undefined],
    ['a script, which may do anything', { about: GCC_ABOUT, object: 'o' }, '#!/bin/sh\nexec gcc "$@"\n'],
  ]
  for (const [name, compiler, content] of NONE) {
    test(name, async (context) => {
      const machine = new FakeMachine(context)
      assert.equal(await identify(machine, machine.program('bin/gcc', compiler, content)), undefined)
    })
  }

  for (const [name, content] of [
    ['an empty file', ''],
    ['a program that starts a compiler, with what words it likes', '\x7fELF'],
  ] as const) {
    test(name, async (context) => {
      const machine = new FakeMachine(context)
      const path = machine.program('bin/gcc', undefined, content)
      machine.speaks('bin/gcc', { about: GCC_ABOUT, object: 'o' })
      assert.equal(await identify(machine, path), undefined)
      machine.speaks('bin/gcc', { about: CLANG_ABOUT, object: 'o' })
      assert.equal(await identify(machine, path), undefined)
    })
  }

  test('one whose assembler is a script, which may do anything', async (context) => {
    assert.equal(await gccOn(context, { as: '#!/bin/sh\nexec as "$@"\n' }), undefined)
  })

  test('what is not there', async (context) => {
    const machine = new FakeMachine(context)
    assert.equal(await identify(machine, machine.path('bin/gcc')), undefined)
  })
})
