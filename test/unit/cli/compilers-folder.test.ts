import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, suite, test } from 'node:test'
import { systemClock } from '../../../src/base/clock.ts'
import { sha256 } from '../../../src/base/digest.ts'
import { systemRandom } from '../../../src/base/random.ts'
import { isCompilerName, isProgram } from '../../../src/cli/compiler-names.ts'
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

/** The folder as a build sees it that is started so many days from now. */
function folder(home: string, launcher = packageLauncher(), days = 0): CompilersFolder {
  const clock = { ...systemClock, wallTime: () => systemClock.wallTime() + days * 86_400_000 }
  return new CompilersFolder(
    { clock, random: systemRandom },
    { home: join(scratch, home), launcher: { kind: 'native', file: launcher } },
  )
}

function packageLauncher(): string {
  const launcher = join(scratch, 'package', 'launcher')
  if (existsSync(launcher)) return launcher
  folderWith('package', ['launcher'])
  writeFileSync(launcher, 'the launcher')
  return launcher
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
    assert.deepEqual(namesIn(prepared), ['cc', 'gcc', 'gcc-12', 'hgbuild'])
    for (const name of ['cc', 'gcc', 'gcc-12']) {
      assert.equal(programOf(join(prepared, name)), 'the launcher')
      assert.equal(realpathSync(join(prepared, `.real-${name}`)), realpathSync(join(bin, name)))
    }
    assert.equal(readlinkSync(join(prepared, 'hgbuild')), join(scratch, 'package', 'launcher'))
  })

  test('does not find itself in PATH, nor another state folder’s', () => {
    const bin = folderWith('bin-b', ['gcc'])
    const other = folder('home-b-other').prepare(bin)
    const first = folder('home-b').prepare(bin)
    symlinkSync(join(bin, 'gcc'), join(first, 'clang'))
    assert.equal(folder('home-b').prepare([first, other, bin].join(delimiter)), first)
    assert.equal(readlinkSync(join(first, '.real-gcc')), join(bin, 'gcc'))
  })

  test('is one per set of compilers, so that builds with another PATH keep theirs', () => {
    const [bin, more] = [folderWith('bin-c', ['gcc']), folderWith('bin-d', ['gcc', 'clang'])]
    const one = folder('home-c').prepare(bin)
    const other = folder('home-c').prepare(more)
    assert.equal(new Set([one, other, folder('home-c').prepare([bin, more].join(delimiter))]).size, 3)
    assert.deepEqual(namesIn(one), ['gcc', 'hgbuild'])
    assert.equal(readlinkSync(join(one, '.real-gcc')), join(bin, 'gcc'))
    assert.equal(readlinkSync(join(other, '.real-gcc')), join(more, 'gcc'))
  })

  test('is led anew when the package has moved, also where only old builds look', () => {
    const bin = folderWith('bin-e', ['gcc'])
    const gcc = join(bin, 'gcc')
    const before = folder('home-e')
    const paths = [join(before.prepare(bin), 'gcc'), before.standIn(gcc) ?? '']
    const moved = join(folderWith('package-moved', ['launcher']), 'launcher')
    writeFileSync(moved, 'another launcher')
    folder('home-e', moved).prepare(folderWith('bin-f', ['clang']))
    for (const path of paths) assert.equal(programOf(path), 'another launcher')
  })

  test('has a stand-in for a compiler called by its absolute path, with the real one beside it', () => {
    const gcc = join(folderWith('bin-g', ['gcc']), 'gcc')
    const compilers = folder('home-g')
    const standIn = compilers.standIn(gcc) ?? ''
    assert.match(standIn, /\/compilers\/abs-[0-9a-f]{8}\/gcc$/)
    assert.equal(programOf(standIn), 'the launcher')
    assert.equal(readlinkSync(join(standIn, '..', '.real-gcc')), gcc)
    assert.equal(compilers.standIn(gcc), standIn)
    const files = readdirSync(join(standIn, '..')).sort()
    assert.deepEqual(files, ['.compilers.json', '.real-gcc', 'gcc'], 'nothing temporary is left')
  })

  test('has none for what is no compiler, not there, a mere name, or ours', () => {
    const bin = folderWith('bin-h', ['make', 'clang'])
    const compilers = folder('home-h')
    symlinkSync(join(scratch, 'package', 'launcher'), join(bin, 'gcc'))
    for (const path of [join(bin, 'make'), join(bin, 'g++'), 'clang', join(bin, 'gcc')]) {
      assert.equal(compilers.standIn(path), undefined, path)
    }
    const standIn = compilers.standIn(join(bin, 'clang')) ?? ''
    for (const home of ['home-h', 'home-h-other']) assert.equal(folder(home).standIn(standIn), undefined)
  })

  test('where the native launcher was not built, holds scripts that call its twin by their own path', () => {
    const bin = folderWith('bin-i', ['gcc'])
    const echo = twin('home-i', "it's $HOME", 'told:')
    const paths = [join(echo.prepare(bin), 'gcc'), echo.standIn(join(bin, 'gcc')) ?? '']
    for (const path of paths) {
      const said = execFileSync(path, ['a b', '', '$x'], { encoding: 'utf8' })
      assert.equal(said, `it's $HOME|told:|--as|${path}|a b||$x|`)
      assert.equal(readlinkSync(join(path, '..', '.real-gcc')), join(bin, 'gcc'))
    }
  })

  test('turns scripts into links once the native launcher is built, and back again', () => {
    const bin = folderWith('bin-j', ['gcc'])
    const gcc = join(twin('home-j', 'x').prepare(bin), 'gcc')
    folder('home-j').prepare(bin)
    assert.equal(programOf(gcc), 'the launcher')
    twin('home-j', 'x').prepare(bin)
    assert.ok(lstatSync(gcc).isFile())
  })

  test('leads what an older version left to the launcher itself', () => {
    const old = join(scratch, 'home-k', 'compilers', 'path-01234567')
    mkdirSync(old, { recursive: true })
    symlinkSync('/gone/launcher', join(old, 'gcc'))
    folder('home-k').prepare(folderWith('bin-k', ['gcc']))
    assert.equal(readlinkSync(join(old, 'gcc')), join(scratch, 'package', 'launcher'))
  })

  test('goes when its compilers are gone, but not before a month has passed', () => {
    const bin = folderWith('bin-l', ['gcc'])
    const [kept, gone] = [folder('home-l').prepare(bin), folder('home-l').prepare(folderWith('bin-m', ['gcc']))]
    rmSync(join(scratch, 'bin-m'), { recursive: true })
    const inDays = (days: number) => folder('home-l', undefined, days).prepare(folderWith('bin-n', ['clang']))
    inDays(29)
    assert.deepEqual([kept, gone].map(existsSync), [true, true])
    inDays(31)
    assert.deepEqual([kept, gone].map(existsSync), [true, false])
    inDays(3650)
    assert.ok(existsSync(kept), 'build trees may still use it')
  })
})

for (const [kind, folderOf] of [
  ['copies of the native launcher', (home: string) => folder(home)],
  ['scripts of its twin', (home: string) => twin(home, 'x')],
] as const) {
  suite(`for tools that look at compilers, ${kind}`, () => {
    test('have the time of their compiler', () => {
      const home = `times of ${kind}`
      const bin = folderWith(`bin of ${home}`, ['gcc', 'clang'])
      utimesSync(join(bin, 'clang'), 1_000_000, 1_000_000)
      const prepared = folderOf(home).prepare(bin)
      for (const name of ['gcc', 'clang']) {
        assert.equal(statSync(join(prepared, name)).mtime.getTime(), statSync(join(bin, name)).mtime.getTime())
      }
    })

    test('differ in content where compilers do, even of the same time and size', () => {
      const home = `contents of ${kind}`
      const [one, other] = ['one', 'other'].map((name) => folderWith(`${name} of ${home}`, ['cc']))
      assert.ok(one !== undefined && other !== undefined)
      writeFileSync(join(one, 'cc'), 'gcc..')
      writeFileSync(join(other, 'cc'), 'clang')
      for (const bin of [one, other]) utimesSync(join(bin, 'cc'), 1, 1)
      const looks = (path: string) => lookOf(join(folderOf(home).prepare(path), 'cc'))
      const [a, b] = [looks(one), looks(other)]
      assert.notEqual(a.digest, b.digest)
      assert.deepEqual(looks(one), a)
      // Behind a wrapper of the same name, which looks for the next one.
      const wrapper = folderWith(`wrapper of ${home}`, ['ccache'])
      symlinkSync('ccache', join(wrapper, 'cc'))
      const [c, d] = [one, other].map((bin) => looks([wrapper, bin].join(delimiter)))
      assert.notEqual(c?.digest, d?.digest)
      assert.equal(c?.mtimeMs, 1000, 'it is the compiler’s time that the wrapper looks at')
    })

    test('change with their compiler, also where only old builds look', () => {
      const home = `upgrade of ${kind}`
      const bin = folderWith(`bin of ${home}`, ['gcc'])
      const paths = [join(folderOf(home).prepare(bin), 'gcc'), folderOf(home).standIn(join(bin, 'gcc')) ?? '']
      const before = paths.map(lookOf)
      writeFileSync(join(bin, 'gcc'), 'upgraded')
      folderOf(home).prepare(folderWith('nothing', []))
      paths.map(lookOf).forEach((look, index) => {
        assert.notEqual(look.digest, before[index]?.digest)
        assert.equal(look.mtimeMs, statSync(join(bin, 'gcc')).mtime.getTime())
      })
    })
  })
}

suite('copies of the native launcher', () => {
  test('are equal where compilers are, so that machines share what other tools keep, else not of one size', () => {
    const [here, there, elsewhere] = ['here', 'there', 'elsewhere'].map((name) => {
      const bin = folderWith(`bin ${name}`, ['gcc'])
      writeFileSync(join(bin, 'gcc'), name === 'elsewhere' ? 'clang' : 'gcc..')
      utimesSync(join(bin, 'gcc'), 1, 1)
      return lookOf(join(folder(`home ${name}`).prepare(bin), 'gcc'))
    })
    assert.deepEqual(here, there)
    assert.notEqual(here?.size, elsewhere?.size)
  })

  test('are removed a day after the last build was led to them', () => {
    const bin = folderWith('bin-o', ['gcc'])
    const copies = () =>
      readdirSync(join(scratch, 'home-o', 'compilers')).filter((name) => name.startsWith('launcher-'))
    folder('home-o').prepare(bin)
    const first = copies()
    writeFileSync(join(bin, 'gcc'), 'upgraded')
    folder('home-o').prepare(bin)
    assert.equal(copies().length, 2, 'a build that runs may have been led to the old one')
    folder('home-o', undefined, 2).prepare(bin)
    assert.equal(copies().length, 1)
    assert.notDeepEqual(copies(), first)
    assert.ok(isProgram(join(folder('home-o', undefined, 9).prepare(bin), 'gcc')), 'those in use stay')
  })
})

/** What is there to be called, without what only programs use. */
function namesIn(prepared: string): readonly string[] {
  return readdirSync(prepared)
    .filter((name) => !name.startsWith('.'))
    .sort()
}

/** The launcher's own words in one of its copies. */
function programOf(path: string): string | undefined {
  return /^[a-z ]*[a-z](?=[0-9a-f]{64}\0*$)/.exec(readFileSync(path, 'latin1'))?.[0]
}

/** All by which other tools tell compilers apart. */
function lookOf(path: string) {
  const { size, mtime } = statSync(path)
  return { size, mtimeMs: mtime.getTime(), digest: sha256(readFileSync(path)) }
}

/** A folder whose twin prints what it is told. */
function twin(home: string, ...words: readonly string[]): CompilersFolder {
  const command = ['/usr/bin/printf', '%s|', ...words]
  return new CompilersFolder(
    { clock: systemClock, random: systemRandom },
    { home: join(scratch, home), launcher: { kind: 'twin', command } },
  )
}
