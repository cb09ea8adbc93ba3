import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { systemClock } from '../../src/base/clock.ts'
import { silentLog } from '../../src/base/log.ts'
import { findInPath } from '../../src/compiler/toolchain-driver.ts'
import { ToolchainRegistry } from '../../src/compiler/toolchain-registry.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'hg-toolchains-')))
const registry = new ToolchainRegistry({ clock: systemClock, log: silentLog }, { cacheFile: join(root, 'known.json') })
after(async () => {
  await registry.saved()
  rmSync(root, { recursive: true, force: true })
})

const FOLDERS = (process.env['PATH'] ?? '').split(delimiter)
const GCC = findInPath('gcc', FOLDERS)
const NO_GCC = spawnSync('gcc', ['-v']).stderr?.includes('gcc version') ? false : 'no gcc here'

describe('a compiler is known under its name', () => {
  for (const name of ['gcc', 'g++', 'cc', 'c++', 'gcc-12', 'x86_64-linux-gnu-gcc', 'clang', 'clang++', 'clang-14']) {
    const path = findInPath(name, FOLDERS)
    test(name, { skip: path === undefined && 'not here' }, async () => {
      assert.ok(await registry.byDriver(path ?? ''))
      const link = join(root, name)
      symlinkSync(path ?? '', link)
      assert.ok(await registry.byDriver(link), 'and by a link of the user’s own')
    })
  }
})

test('a program that starts a compiler with words from the environment is none', { skip: NO_GCC }, async () => {
  const folder = join(root, 'wrapper')
  mkdirSync(folder)
  for (const compiler of ['gcc', 'clang']) {
    const real = findInPath(compiler, FOLDERS)
    if (real === undefined) continue
    const source = join(folder, `${compiler}.c`)
    writeFileSync(source, WRAPPER)
    const wrapper = join(folder, compiler)
    const made = spawnSync('gcc', [`-DCOMPILER="${real}"`, source, '-o', wrapper])
    assert.equal(made.status, 0, made.stderr.toString())
    assert.equal(spawnSync(wrapper, ['-v']).status, 0, 'it speaks as the compiler does')
    assert.equal(await registry.byDriver(wrapper), undefined)
  }
})

const WRAPPER = `
#include <stdlib.h>
#include <unistd.h>
int main(int count, char **given) {
  char *words[100] = {COMPILER, getenv("MY_CFLAGS") ? getenv("MY_CFLAGS") : "-DNONE"};
  for (int at = 1; at < count && at < 98; at += 1) words[at + 1] = given[at];
  return execv(COMPILER, words);
}
`

test('a gcc in a folder of its own is another once specs, or an assembler, have come', { skip: NO_GCC }, async () => {
  const { gcc, own, targetBin } = copyGcc()
  const plain = await registry.byDriver(gcc)
  const specs = join(own, 'specs')
  writeFileSync(specs, spawnSync(gcc, ['-dumpspecs']).stdout)
  const withSpecs = await registry.byDriver(gcc)
  rmSync(specs)
  assert.equal((await registry.byDriver(gcc))?.id, plain?.id)
  mkdirSync(targetBin, { recursive: true })
  copyFileSync(findInPath('as', FOLDERS) ?? '', join(targetBin, 'as'))
  writeFileSync(join(targetBin, 'as'), 'another', { flag: 'a' })
  const withAssembler = await registry.byDriver(gcc)
  assert.equal(new Set([plain?.id, withSpecs?.id, withAssembler?.id, undefined]).size, 4)
})

/** The machine's gcc as it were installed elsewhere, its compilers by links: they are large. */
function copyGcc() {
  const ask = (...args: readonly string[]) =>
    spawnSync(GCC ?? '', args)
      .stdout.toString()
      .trim()
  const target = ask('-dumpmachine')
  const install = /^install: (.*)$/m.exec(ask('-print-search-dirs'))?.[1] ?? ''
  const prefix = join(root, 'prefix')
  const own = join(prefix, 'lib/gcc', target, ask('-dumpversion'))
  mkdirSync(own, { recursive: true })
  mkdirSync(join(prefix, 'bin'))
  for (const name of readdirSync(install)) symlinkSync(join(install, name), join(own, name))
  const gcc = join(prefix, 'bin/gcc')
  copyFileSync(realpathSync(GCC ?? ''), gcc)
  return { gcc, own, targetBin: join(prefix, target, 'bin') }
}
