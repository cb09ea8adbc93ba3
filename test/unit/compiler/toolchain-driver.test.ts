import assert from 'node:assert/strict'
import { chmodSync } from 'node:fs'
import { describe, test } from 'node:test'
import { discoverDrivers } from '../../../src/compiler/toolchain-discovery.ts'
import { findDriver, findInPath } from '../../../src/compiler/toolchain-driver.ts'
import { FakeMachine } from './fake-compilers.ts'

describe('the compiler behind a name', () => {
  test('is what a chain of links leads to', (context) => {
    const machine = new FakeMachine(context)
    const driver = machine.program('bin/x86_64-linux-gnu-gcc-12')
    machine.link('bin/gcc', 'gcc-12')
    machine.link('bin/gcc-12', 'x86_64-linux-gnu-gcc-12')
    const cc = machine.link('alternatives/cc', machine.path('bin/gcc'))
    assert.equal(findDriver(cc, []), driver)
  })

  test('is found where its folder is a link', (context) => {
    const machine = new FakeMachine(context)
    const driver = machine.program('usr/bin/gcc')
    machine.link('bin', 'usr/bin')
    assert.equal(findDriver(machine.path('bin/gcc'), []), driver)
  })

  test('keeps the name that makes clang compile C++', (context) => {
    const machine = new FakeMachine(context)
    machine.program('lib/llvm/bin/clang')
    machine.link('lib/llvm/bin/clang++', 'clang')
    const cxx = machine.link('bin/clang++', '../lib/llvm/bin/clang++')
    assert.equal(findDriver(cxx, []), machine.path('lib/llvm/bin/clang++'))
  })

  test('keeps the name that makes clang compile for another machine', (context) => {
    const machine = new FakeMachine(context)
    machine.program('lib/llvm/bin/clang')
    machine.link('bin/clang', '../lib/llvm/bin/clang')
    const cross = machine.link('bin/aarch64-linux-gnu-clang', 'clang')
    assert.equal(findDriver(cross, []), cross)
    const crossCxx = machine.link('bin/aarch64-linux-gnu-clang++', 'clang')
    assert.equal(findDriver(crossCxx, []), crossCxx)
  })

  test('is behind ccache and its kin, the next of that name in PATH', (context) => {
    for (const wrapper of ['ccache', 'distcc', 'icecc', 'sccache', 'launcher', 'hgbuild']) {
      const machine = new FakeMachine(context)
      machine.program(`bin/${wrapper}`)
      const masked = machine.link('lib/masked/g++', `../../bin/${wrapper}`)
      const driver = machine.program('bin/g++')
      assert.equal(findDriver(masked, [machine.path('lib/masked'), machine.path('bin')]), driver, wrapper)
      const cross = machine.link('lib/masked/arm-none-eabi-clang', `../../bin/${wrapper}`)
      assert.equal(findDriver(cross, [machine.path('lib/masked'), machine.path('bin')]), undefined, wrapper)
    }
  })

  test('is none behind a wrapper alone', (context) => {
    const machine = new FakeMachine(context)
    machine.program('bin/ccache')
    assert.equal(findDriver(machine.link('bin/gcc', 'ccache'), [machine.path('bin')]), undefined)
  })

  test('is none where links go in a circle, or nowhere', (context) => {
    const machine = new FakeMachine(context)
    machine.link('bin/gcc', 'cc')
    machine.link('bin/cc', 'gcc')
    assert.equal(findDriver(machine.path('bin/gcc'), []), undefined)
    assert.equal(findDriver(machine.link('bin/clang', 'missing'), []), undefined)
  })

  test('is none where a script could do anything, and where nobody may run it', (context) => {
    const machine = new FakeMachine(context)
    assert.equal(findDriver(machine.program('bin/gcc', undefined, '#!/bin/sh\n'), []), undefined)
    const locked = machine.program('bin/clang')
    chmodSync(locked, 0o644)
    assert.equal(findDriver(locked, []), undefined)
  })
})

test('a program is found in the first folder that has it', (context) => {
  const machine = new FakeMachine(context)
  const first = machine.program('a/as')
  machine.program('b/as')
  assert.equal(findInPath('as', [machine.path('missing'), machine.path('a'), machine.path('b')]), first)
  assert.equal(findInPath('ld', [machine.path('a')]), undefined)
})

test('compilers of a folder are told by their names, each once', (context) => {
  const machine = new FakeMachine(context)
  const others = ['gcc-ar', 'gcc-nm-12', 'clang-format', 'clang-14-tidy', 'cpp', 'ccache', 'c99', 'clang-cl']
  for (const name of ['gcc-12', 'x86_64-w64-mingw32-g++', 'clang', ...others]) machine.program(`bin/${name}`)
  for (const [name, target] of [
    ['gcc', 'gcc-12'],
    ['cc', 'gcc'],
    ['clang++', 'clang'],
    ['clang-14', 'clang'],
  ] as const) {
    machine.link(`bin/${name}`, target)
  }
  const found = discoverDrivers([machine.path('bin'), 'relative', machine.path('missing')])
  const own = found
    .filter((path) => path.startsWith(machine.folder))
    .map((path) => path.slice(machine.path('bin/').length))
  assert.deepEqual(own.sort(), ['clang', 'clang++', 'gcc-12', 'x86_64-w64-mingw32-g++'])
})
