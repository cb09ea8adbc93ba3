import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, suite, test } from 'node:test'
import { systemRandom } from '../../../src/base/random.ts'
import { isCompilerName } from '../../../src/cli/compiler-names.ts'
import { CompilersFolder } from '../../../src/cli/compilers-folder.ts'

const scratch = mkdtempSync(join(tmpdir(), 'hg-compilers-'))
after(() => rmSync(scratch, { recursive: true }))

/** A folder with programs of these names. */
function folderWith(name: string, programs: readonly string[]): string {
  const folder = join(scratch, name)
  mkdirSync(folder, { recursive: true })
  for (const program of programs) {
    writeFileSync(join(folder, program), '')
    chmodSync(join(folder, program), 0o755)
  }
  return folder
}

function folder(home: string, launcher = join(folderWith('package', ['launcher']), 'launcher')): CompilersFolder {
  return new CompilersFolder(
    { random: systemRandom },
    { home: join(scratch, home), launcher: { kind: 'native', file: launcher } },
  )
}

suite('names of compilers', () => {
  for (const name of [
    'cc',
    'c++',
    'gcc-12',
    'clang++-14',
    'x86_64-linux-gnu-gcc-12',
    'arm-none-eabi-g++',
    'avr-gcc',
    '/usr/bin/cc',
  ]) {
    test(`${name} is one`, () => assert(isCompilerName(name)))
  }
  for (const name of [
    'gcc-ar',
    'gcc-ar-12',
    'clang-format',
    'clang-cpp',
    'ccache',
    'c99-gcc',
    'afl-clang',
    'distcc',
    'cpp',
    'make',
    'gcc.sh',
    '',
  ]) {
    test(`'${name}' is none`, () => assert(!isCompilerName(name)))
  }
})

suite('the folder of compilers', () => {
  test('has every compiler of PATH, and hgbuild, and leads them to the launcher', () => {
    const bin = folderWith('bin-a', ['gcc', 'gcc-12', 'cc', 'clang-format', 'make'])
    writeFileSync(join(bin, 'g++'), 'not to be run')
    const prepared = folder('home-a').prepare(bin)
    assert.deepEqual(readdirSync(prepared).sort(), ['cc', 'gcc', 'gcc-12', 'hgbuild'])
    assert.equal(readlinkSync(join(prepared, 'gcc')), join(scratch, 'package', 'launcher'))
  })

  test('does not find itself in PATH', () => {
    const bin = folderWith('bin-b', ['gcc'])
    const first = folder('home-b').prepare(bin)
    symlinkSync(join(bin, 'gcc'), join(first, 'clang'))
    assert.equal(folder('home-b').prepare([first, bin].join(delimiter)), first)
  })

  test('is one per set of names, so that builds with another PATH keep theirs', () => {
    const one = folder('home-c').prepare(folderWith('bin-c', ['gcc']))
    const other = folder('home-c').prepare(folderWith('bin-d', ['gcc', 'clang']))
    assert.notEqual(one, other)
    assert.deepEqual(readdirSync(one).sort(), ['gcc', 'hgbuild'])
  })

  test('is led anew when the package has moved, also where only old builds look', () => {
    const bin = folderWith('bin-e', ['gcc'])
    const gcc = join(bin, 'gcc')
    const before = folder('home-e')
    const paths = [join(before.prepare(bin), 'gcc'), before.standIn(gcc) ?? '']
    const moved = join(folderWith('package-moved', ['launcher']), 'launcher')
    folder('home-e', moved).prepare(folderWith('bin-f', ['clang']))
    for (const path of paths) assert.equal(readlinkSync(path), moved)
  })

  test('has a stand-in for a compiler called by its absolute path, with the real one beside it', () => {
    const gcc = join(folderWith('bin-g', ['gcc']), 'gcc')
    const compilers = folder('home-g')
    const standIn = compilers.standIn(gcc) ?? ''
    assert.match(standIn, /\/compilers\/abs-[0-9a-f]{8}\/gcc$/)
    assert.equal(readlinkSync(standIn), join(scratch, 'package', 'launcher'))
    assert.equal(readlinkSync(join(standIn, '..', '.real-gcc')), gcc)
    assert.equal(compilers.standIn(gcc), standIn)
    assert.deepEqual(readdirSync(join(standIn, '..')).sort(), ['.real-gcc', 'gcc'], 'nothing temporary is left')
  })

  test('has none for what is no compiler, not there, a mere name, or ours', () => {
    const bin = folderWith('bin-h', ['make', 'clang'])
    const compilers = folder('home-h')
    symlinkSync(join(scratch, 'package', 'launcher'), join(bin, 'gcc'))
    for (const path of [join(bin, 'make'), join(bin, 'g++'), 'clang', join(bin, 'gcc')]) {
      assert.equal(compilers.standIn(path), undefined, path)
    }
    assert.equal(compilers.standIn(compilers.standIn(join(bin, 'clang')) ?? ''), undefined)
  })

  test('where the native launcher was not built, holds scripts that call its twin by their own path', () => {
    const bin = folderWith('bin-i', ['gcc'])
    const echo = twin('home-i', "it's $HOME", 'told:')
    const paths = [join(echo.prepare(bin), 'gcc'), echo.standIn(join(bin, 'gcc')) ?? '']
    for (const path of paths) {
      const said = execFileSync(path, ['a b', '', '$x'], { encoding: 'utf8' })
      assert.equal(said, `it's $HOME|told:|--as|${path}|a b||$x|`)
    }
    assert.equal(readlinkSync(join(paths[1] ?? '', '..', '.real-gcc')), join(bin, 'gcc'))
  })

  test('turns scripts into links once the native launcher is built, and back again', () => {
    const bin = folderWith('bin-j', ['gcc'])
    const gcc = join(twin('home-j', 'x').prepare(bin), 'gcc')
    folder('home-j').prepare(bin)
    assert.equal(readlinkSync(gcc), join(scratch, 'package', 'launcher'))
    twin('home-j', 'x').prepare(bin)
    assert.ok(lstatSync(gcc).isFile())
  })
})

/** A folder whose twin prints what it is told. */
function twin(home: string, ...words: readonly string[]): CompilersFolder {
  const command = ['/usr/bin/printf', '%s|', ...words]
  return new CompilersFolder(
    { random: systemRandom },
    { home: join(scratch, home), launcher: { kind: 'twin', command } },
  )
}
