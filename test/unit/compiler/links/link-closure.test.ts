import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Clock } from '../../../../src/base/clock.ts'
import { sha256 } from '../../../../src/base/digest.ts'
import { FileView } from '../../../../src/compiler/includes/file-view.ts'
import { type LinkClosure, LinkClosures } from '../../../../src/compiler/links/link-closure.ts'
import type { ToolchainId } from '../../../../src/compiler/toolchain.ts'
import { MemoryFiles } from '../includes/memory-files.ts'
import { sharedObject } from './elf.ts'

const ARCHIVE = '!<arch>\n'
const OBJECT = '\x7fELF object'

/** The files of a small system: `/gcc` is the driver's own folder, `/lib` the linker's. */
const SYSTEM: Readonly<Record<string, string | Uint8Array>> = {
  '/bin/ld': '\x7fELF SEARCH_DIR("=/lib")',
  '/gcc/collect2': 'starts the linker',
  '/gcc/plugin.so': 'a plugin',
  '/lib/crt1.o': OBJECT,
  '/gcc/libgcc.a': ARCHIVE,
  '/lib/libc.so': 'GROUP ( /lib/libc.so.6 /lib/libc_nonshared.a AS_NEEDED ( /lib/ld.so.2 ) )',
  '/lib/libc.so.6': sharedObject({ soname: 'libc.so.6', needed: ['ld.so.2'] }),
  '/lib/libc_nonshared.a': ARCHIVE,
  '/lib/ld.so.2': sharedObject({ soname: 'ld.so.2', needed: [] }),
  '/lib/libm.so': sharedObject({ soname: 'libm.so.6', needed: ['libc.so.6'] }),
  '/lib/libm.a': ARCHIVE,
}
const ALWAYS = Object.keys(SYSTEM).filter((path) => !path.includes('libm'))

function bench(more: Readonly<Record<string, string | Uint8Array>> = {}) {
  const disk = new MemoryFiles()
  disk.folder('/ws')
  for (const [path, content] of Object.entries({ ...SYSTEM, ...more })) disk.write(path, content)
  disk.settle()
  const clock: Clock = { now: () => disk.now, wallTime: () => disk.now, sleep: () => Promise.resolve() }
  const questions: (readonly string[])[] = []
  /** What the driver hands on to its linker between its own files; it passes `-L` for folders that are there. */
  const ask = async (argv: readonly string[]) => {
    questions.push(argv)
    const given = argv.filter((word) => /^-(?:l|Wl,|static$)/.test(word)).map((word) => word.replace('-Wl,', ''))
    const line = [
      '/gcc/collect2',
      '-plugin',
      '/gcc/plugin.so',
      '-o',
      'x',
      '/lib/crt1.o',
      '-L/gcc',
      '/tmp/o.o',
      ...given,
    ]
    const stderr = ` as -o /tmp/o.o /tmp/s.s\n ${[...line, '-lgcc', '-lc'].join(' ')}\n`
    const stdout = argv.includes('-print-search-dirs')
      ? 'programs: =/gcc/\nlibraries: =/gcc/:/new/:/lib/\n'
      : argv.includes('--verbose')
        ? 'SEARCH_DIR("=/usr/local/lib"); SEARCH_DIR("=/lib");'
        : '/bin/ld\n'
    return { exitCode: 0, stdout, stderr }
  }
  const files = new FileView({ files: disk, clock })
  const closures = new LinkClosures({ files, disk, processes: { ask }, clock })
  let epoch = 0
  const find = async (args: readonly string[], env: ReadonlyMap<string, string> = new Map()) => {
    epoch += 1
    const toolchain = sha256('a compiler') as ToolchainId
    const invocation = { args: ['-o', 'conftest', ...args, 'conftest.c'], source: 'conftest.c' }
    return closures.find({ toolchain, compiler: '/bin/gcc', invocation, cwd: '/ws', env, epoch })
  }
  return { disk, find, questions }
}

function paths({ files }: LinkClosure): readonly string[] {
  return files.map(({ path }) => path).sort()
}

async function found(closure: Promise<LinkClosure | undefined>): Promise<LinkClosure> {
  const come = await closure
  assert.ok(come !== undefined, 'all that the link reads is known')
  return come
}

describe('what a link reads', () => {
  test('is the linker, the files of the compiler’s own, and what scripts among them name', async () => {
    assert.deepEqual(paths(await found(bench().find([]))), [...ALWAYS].sort())
  })

  test('is the first of a library’s files, in the order of the folders', async () => {
    const { find } = bench({ '/ws/own/libm.a': ARCHIVE, '/usr/local/lib/libm.so': ARCHIVE })
    const own = await found(find(['-Lown', '-lm']))
    assert.ok(paths(own).includes('/ws/own/libm.a'))
    assert.ok(own.missing.some(({ path }) => path === '/ws/own/libm.so'))
    assert.ok(paths(await found(find(['-lm']))).includes('/usr/local/lib/libm.so'))
  })

  test('is an archive where the link is static, and only there', async () => {
    const { find } = bench({ '/lib/libc.a': ARCHIVE })
    assert.ok(paths(await found(find(['-static', '-lm']))).includes('/lib/libm.a'))
    assert.ok(paths(await found(find(['-static-libgcc', '-lm']))).includes('/lib/libm.so'))
  })

  test('is what libraries bring along', async () => {
    const needy = sharedObject({ soname: 'libn.so.1', needed: ['libdeep.so.1', 'libc.so.6'] })
    const deep = sharedObject({ soname: 'libdeep.so.1', needed: ['libdeeper.so.1'] })
    const more = {
      '/lib/libn.so': needy,
      '/lib/libdeep.so.1': deep,
      '/lib/libdeeper.so.1': sharedObject({ needed: [] }),
    }
    const closure = paths(await found(bench(more).find(['-ln'])))
    assert.ok(closure.includes('/lib/libdeep.so.1') && closure.includes('/lib/libdeeper.so.1'))
  })

  test('is looked for where programs of this machine look for libraries, too', async () => {
    const needy = sharedObject({ needed: ['libdeep.so.1'] })
    const { find, disk } = bench({ '/lib/libn.so': needy, '/opt/libdeep.so.1': sharedObject({ needed: [] }) })
    assert.equal(await find(['-ln']), undefined)
    const env = new Map([['LD_LIBRARY_PATH', '/none:/opt']])
    assert.ok(paths(await found(find(['-ln'], env))).includes('/opt/libdeep.so.1'))
    disk.write('/none/libdeep.so.1', sharedObject({ needed: ['libother.so'] }))
    assert.equal(await find(['-ln'], env), undefined, 'two that differ')
  })

  test('changes with a library that comes earlier on the path', async () => {
    const { find, disk } = bench()
    const before = await found(find(['-L/opt', '-lm']))
    assert.ok(before.missing.some(({ path }) => path === '/opt/libm.so'))
    disk.write('/opt/libm.so', ARCHIVE)
    assert.ok(paths(await found(find(['-L/opt', '-lm']))).includes('/opt/libm.so'))
  })

  test('is asked for once for links that differ in libraries and macros only', async () => {
    const { find, questions } = bench()
    await find(['-lm', '-DA', '-Wall', '-Iinc'])
    const { length } = questions
    await find(['-DB', '-L/opt'])
    assert.equal(questions.length, length)
    await find(['-static'])
    assert.ok(questions.length > length, 'another kind of link is another question')
  })

  test('is asked for anew when a folder comes that the driver would tell its linker of', async () => {
    const { find, questions, disk } = bench()
    assert.ok((await found(find([]))).missing.some(({ path }) => path === '/new'))
    const { length } = questions
    disk.folder('/new')
    await find([])
    assert.ok(questions.length > length)
  })
})

describe('a linker that comes where it would be taken instead', () => {
  const env = new Map([['PATH', '/opt/bin:/bin']])
  for (const path of ['/opt/bin/ld', '/gcc/ld', '/gcc/collect-ld', '/gcc/real-ld']) {
    test(`is noticed: ${path}`, async () => {
      const { find, disk } = bench()
      const { absentLinkers } = await found(find([], env))
      assert.ok(absentLinkers.some((entry) => entry.path === path))
      disk.write(path, '#!/bin/sh\n')
      assert.equal(await find([], env), undefined)
    })
  }
})

describe('what a link reads is not known', () => {
  const unknown: Readonly<
    Record<string, readonly [args: readonly string[], more?: Readonly<Record<string, string | Uint8Array>>]>
  > = {
    'when a library is missing': [['-lnowhere']],
    'when a library says more than which others it stands for': [['-ls'], { '/lib/libs.so': 'SECTIONS { }' }],
    'when an archive only names its files': [['-lt'], { '/lib/libt.a': '!<thin>\n' }],
    'when what a library needs is nowhere': [['-ln'], { '/lib/libn.so': sharedObject({ needed: ['libgone.so.1'] }) }],
    'when what a library needs is there twice': [
      ['-ln'],
      {
        '/lib/libn.so': sharedObject({ needed: ['libd.so.1'] }),
        '/lib/libd.so.1': ARCHIVE,
        '/usr/local/lib/libd.so.1': OBJECT,
      },
    ],
    'when a file of the driver’s own comes earlier than the one it took': [[], { '/gcc/crt1.o': OBJECT }],
    'when a script starts the linker': [[], { '/bin/ld': '#!/bin/sh\n# SEARCH_DIR("=/lib")\nexec ld "$@"\n' }],
    'when a program starts the linker': [[], { '/bin/ld': OBJECT }],
    'when the whole program is optimized at the end': [['-flto']],
    'when another linker is asked for': [['-fuse-ld=gold']],
    'when a library is named by its file': [['-l:libm.a']],
    'when the linker is told to read a script': [['-Wl,-Tx.ld']],
  }
  for (const [when, [args, more]] of Object.entries(unknown)) {
    test(when, async () => assert.equal(await bench(more).find(args), undefined))
  }

  for (const name of ['LD_RUN_PATH', 'GNUTARGET']) {
    test(`when the environment speaks to the linker: ${name}`, async () => {
      assert.equal(await bench().find([], new Map([[name, '/opt']])), undefined)
    })
  }

  test('when a library is too large to be hashed on the way', async () => {
    const large = Buffer.alloc(33 * 1024 * 1024)
    assert.equal(await bench({ '/lib/liblarge.so': large }).find(['-llarge']), undefined)
  })
})
