import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type TreeBench, treeBench } from '../trees/tree-bench.ts'

/** A bench on which `name` is in each of the folders, and the source has the lines. */
function bench(lines: readonly string[], folders: readonly string[], name = 'x.h'): TreeBench {
  const files = Object.fromEntries(folders.map((folder) => [`${folder}/${name}`, '']))
  return treeBench({ '/ws/src/a.c': lines.map((line) => `${line}\n`).join(''), ...files })
}

/** The folder in which the compile finds its one header; `nowhere`, or why there is no tree. */
async function found(bench: TreeBench, ...args: readonly string[]): Promise<string> {
  const built = await bench.build('-c', 'src/a.c', ...args)
  if (built.kind === 'unfit') return built.why
  const headers = built.tree.files.map(({ path }) => path).filter((path) => path !== '/ws/src/a.c')
  return headers.map((path) => path.slice(0, path.lastIndexOf('/'))).join(' and ') || 'nowhere'
}

const QUOTE = ['#include "x.h"']
const ANGLE = ['#include <x.h>']
const ALL = ['/ws/src', '/ws', '/ws/q', '/ws/i', '/ws/s', '/usr/include', '/ws/after']
const OPTIONS = ['-idirafter', 'after', '-isystem', 's', '-Ii', '-iquote', 'q']

describe('a header is looked for', () => {
  test('in quotes: beside the file that asks, then in each kind of folder in its turn', async () => {
    const order = ['/ws/src', '/ws/q', '/ws/i', '/ws/s', '/usr/include', '/ws/after']
    for (const [index, folder] of order.entries()) {
      assert.equal(await found(bench(QUOTE, order.slice(index)), ...OPTIONS), folder)
    }
    assert.equal(await found(bench(QUOTE, ['/ws']), ...OPTIONS), 'nowhere')
  })

  test('in brackets: behind the quote folders', async () => {
    const order = ['/ws/i', '/ws/s', '/usr/include', '/ws/after']
    for (const [index, folder] of order.entries()) {
      const there = [...order.slice(index), '/ws/src', '/ws/q']
      assert.equal(await found(bench(ANGLE, there), ...OPTIONS), folder)
    }
  })

  test('under its absolute path: there only', async () => {
    assert.equal(await found(bench(['#include "/ws/i/x.h"'], ALL), ...OPTIONS), '/ws/i')
    assert.equal(await found(bench(['#include </ws/none/x.h>'], ALL), ...OPTIONS), 'nowhere')
  })

  test('beside the header that asks, as that was opened', async () => {
    const files = {
      '/ws/src/a.c': '#include "../lib/outer.h"\n',
      '/ws/lib/outer.h': '#include "inner.h"\n',
      '/ws/lib/inner.h': '',
      '/ws/src/inner.h': '',
    }
    const { tree } = await treeBench(files).tree('-c', 'src/a.c')
    assert.deepEqual(
      tree.files.map(({ path }) => path),
      ['/ws/src/a.c', '/ws/lib/outer.h', '/ws/lib/inner.h'],
    )
  })

  test('on behalf of the command line: from the working directory, then as in quotes', async () => {
    const forced = ['-include', 'x.h']
    assert.equal(await found(bench([], ALL), ...forced, ...OPTIONS), '/ws')
    assert.equal(await found(bench([], ['/ws/src', '/ws/q']), ...forced, ...OPTIONS), '/ws/q')
    assert.equal(await found(bench([], ALL), '-imacros', 'x.h', ...OPTIONS), '/ws')
  })

  test('past a folder of its name', async () => {
    const files = bench(ANGLE, ['/ws/i', '/usr/include'])
    files.files.folder('/ws/first/x.h')
    assert.equal(await found(files, '-Ifirst', '-Ii'), '/ws/i')
  })

  test('by the compiler itself: stdc-predef.h', async () => {
    const { tree } = await treeBench({ '/ws/a.c': '', '/usr/include/stdc-predef.h': '' }).tree('-c', 'a.c')
    assert.deepEqual(tree.files.length, 2)
  })
})

describe('#include_next looks', () => {
  const next = (...folders: readonly string[]) =>
    Object.fromEntries(folders.map((folder) => [`${folder}/x.h`, '#include_next <x.h>\n']))

  test('behind the folder that the asking header was found in', async () => {
    const files = { '/ws/a.c': '#include <x.h>\n', ...next('/ws/i', '/ws/s'), '/usr/include/x.h': '' }
    const { tree } = await treeBench(files).tree('-c', 'a.c', '-Ii', '-isystem', 's')
    assert.deepEqual(
      tree.files.map(({ path }) => path),
      ['/ws/a.c', '/ws/i/x.h', '/ws/s/x.h', '/usr/include/x.h'],
    )
  })

  test('never before it', async () => {
    const files = {
      '/ws/a.c': '#include "s/x.h"\n#include <s/x.h>\n',
      '/ws/i/x.h': '',
      '/ws/j/s/x.h': '#include_next <s/x.h>\n',
    }
    const { tree } = await treeBench(files).tree('-c', 'a.c', '-Ii', '-Ij')
    assert.ok(!tree.files.some(({ path }) => path === '/ws/i/x.h'))
  })

  test('everywhere, on behalf of a file that no search folder led to: compilers differ in where they begin', async () => {
    const files = { '/ws/a.c': '#include_next <x.h>\n', '/ws/x.h': '', '/ws/i/x.h': '', '/usr/include/x.h': '' }
    const { tree } = await treeBench(files).tree('-c', 'a.c', '-Ii')
    assert.equal(tree.files.length, 4)
  })
})

describe('embedded and assembled files are looked for', () => {
  test('.incbin: from the working directory, and along -I', async () => {
    assert.equal(await found(bench(['asm(".incbin \\"x.h\\"");'], ['/ws/src', '/ws', '/ws/i']), '-Ii'), '/ws and /ws/i')
  })

  test('what is only embedded asks for nothing itself', async () => {
    const files = {
      '/ws/a.c': '#embed "b.bin"\nasm(".incbin \\"b.bin\\"");\n',
      '/ws/b.bin': '#include "c.h"\n',
      '/ws/c.h': '',
    }
    const { tree } = await treeBench(files).tree('-c', 'a.c')
    assert.deepEqual(
      tree.files.map(({ path }) => path),
      ['/ws/a.c', '/ws/b.bin'],
    )
  })

  test('but what is embedded and included, too, does', async () => {
    const files = { '/ws/a.c': '#embed "b.h"\n#include "b.h"\n', '/ws/b.h': '#include "c.h"\n', '/ws/c.h': '' }
    assert.equal((await treeBench(files).tree('-c', 'a.c')).tree.files.length, 3)
  })
})

describe('folders', () => {
  test('of the environment come behind those of their kind', async () => {
    const world = (env: Readonly<Record<string, string>>, folders: readonly string[]) => {
      const made = bench(ANGLE, folders)
      made.world.env = new Map(Object.entries(env))
      return found(made, '-Ii', '-isystem', 's')
    }
    const folders = ['/ws/c', '/ws/s', '/ws/l', '/usr/include']
    const env = { CPATH: 'c', C_INCLUDE_PATH: 'l', CPLUS_INCLUDE_PATH: 'p' }
    assert.equal(await world(env, ['/ws/i', ...folders]), '/ws/i')
    assert.equal(await world(env, folders), '/ws/c')
    assert.equal(await world(env, folders.slice(1)), '/ws/s')
    assert.equal(await world(env, folders.slice(2)), '/ws/l')
    assert.equal(await world(env, ['/ws/p', '/usr/include']), '/usr/include')
    assert.equal(await world({ CPATH: ':none' }, ['/ws', '/usr/include']), '/ws')
    assert.equal(await world({ CPATH: '' }, ['/ws', '/usr/include']), '/usr/include')
  })

  test('given twice count once, where they stand first', async () => {
    const files = { '/ws/a.c': '#include <x.h>\n', '/ws/i/x.h': '#include_next <x.h>\n', '/ws/j/x.h': '' }
    const { tree } = await treeBench(files).tree('-c', 'a.c', '-Ii', '-I./i', '-Ij', '-Ii/')
    assert.deepEqual(
      tree.files.map(({ path }) => path),
      ['/ws/a.c', '/ws/i/x.h', '/ws/j/x.h'],
    )
  })

  test('of the system are not moved ahead by -I', async () => {
    assert.equal(await found(bench(ANGLE, ['/usr/include', '/ws/s']), '-I/usr/include', '-isystem', 's'), '/ws/s')
  })

  test('that are one folder by two paths count once', async () => {
    const made = treeBench({ '/ws/a.c': '#include <x.h>\n', '/ws/i/x.h': '#include_next <x.h>\n' })
    made.files.link('/ws/j', 'i')
    const { tree } = await made.tree('-c', 'a.c', '-Ij', '-Ii')
    assert.deepEqual(
      tree.files.map(({ path }) => path),
      ['/ws/a.c', '/ws/i/x.h'],
    )
  })

  test('below a system root are those that = stands for', async () => {
    const folders = ['/root/i', '/ws/i', '/ws/=i']
    assert.equal(await found(bench(ANGLE, folders), '--sysroot=/root', '-I=/i'), '/root/i')
    assert.equal(await found(bench(ANGLE, folders), '--sysroot=/root', '-isystem', '$SYSROOT/i'), '/root/i')
    assert.equal(await found(bench(ANGLE, folders), '-I=/i'), 'search-path')
  })

  test('of the compiler are those that it tells for the target', async () => {
    const made = bench(ANGLE, ['/usr/include', '/ws/i'])
    made.world.answer = { exitCode: 0, stdout: '', stderr: '#include <...> search starts here:\nEnd of search list.\n' }
    assert.equal(await found(made, '-nostdinc', '-Ii'), '/ws/i')
    assert.ok(made.questions[0]?.includes('-nostdinc'))
  })

  test('that are no folders are for the compiler to warn of: header maps, too', async () => {
    const made = bench(ANGLE, ['/usr/include'])
    made.files.write('/ws/map.hmap', 'pamh')
    assert.equal(await found(made, '-Imap.hmap'), 'unreadable')
  })

  test('that are behind options beyond us leave the compile to the preprocessor', async () => {
    for (const args of [['-iprefix', '/p', '-iwithprefix', 'i'], ['-finput-charset=UTF-16']]) {
      assert.equal(await found(bench(ANGLE, ['/usr/include']), ...args), 'search-path', args.join(' '))
    }
  })
})

describe('what is remembered as missing', () => {
  test('is each place before the one where it was found, and all where it was not', async () => {
    const made = treeBench({
      '/ws/src/a.c': '#include <x.h>\n#include "y.h"\n',
      '/ws/j/x.h': '',
      '/usr/include/x.h': '',
    })
    made.files.folder('/ws/i')
    const { tree } = await made.tree('-c', 'src/a.c', '-Ii', '-Ij')
    const about = tree.absent.filter((path) => /\/[xy]\.h$/.test(path))
    assert.deepEqual([...about].sort(), ['/usr/include/y.h', '/ws/i/x.h', '/ws/i/y.h', '/ws/j/y.h', '/ws/src/y.h'])
  })

  test('is what a probe looks for in vain', async () => {
    const made = treeBench({ '/ws/a.c': '#if __has_include(<x.h>) || __has_include_next("y.h")\n#endif\n' })
    const { tree } = await made.tree('-c', 'a.c')
    for (const path of ['/usr/include/x.h', '/usr/include/y.h', '/ws/y.h']) assert.ok(tree.absent.includes(path), path)
  })

  test('is the precompiled twin of each header that a source may begin with', async () => {
    const files = { '/ws/a.c': '#include "x.h"\n', '/ws/x.h': '#include "y.h"\n', '/ws/y.h': '' }
    const gcc = treeBench(files)
    assert.ok((await gcc.tree('-c', 'a.c')).tree.absent.includes('/ws/x.h.gch'))
    assert.ok(!(await gcc.tree('-c', 'a.c')).tree.absent.includes('/ws/y.h.gch'))
    const clang = treeBench(files)
    clang.world.family = 'clang'
    assert.ok(!(await clang.tree('-c', 'a.c')).tree.absent.includes('/ws/x.h.gch'))
    assert.ok((await clang.tree('-c', 'a.c', '-include', 'x.h')).tree.absent.includes('/ws/x.h.pch'))
  })

  test('is that of the source itself and of what comes before it, to gcc', async () => {
    const made = treeBench({ '/ws/a.c': '', '/usr/include/stdc-predef.h': '' })
    const { tree } = await made.tree('-c', 'a.c')
    for (const path of ['/ws/a.c.gch', '/usr/include/stdc-predef.h.gch']) assert.ok(tree.absent.includes(path), path)
  })

  test('and a precompiled header that is there goes along', async () => {
    const made = treeBench({ '/ws/a.c': '#include "x.h"\n', '/ws/x.h': '', '/ws/x.h.gch': 'gpch' })
    assert.ok((await made.tree('-c', 'a.c')).tree.files.some(({ path }) => path === '/ws/x.h.gch'))
    made.files.remove('/ws/x.h.gch')
    made.files.folder('/ws/x.h.gch')
    assert.deepEqual(await made.build('-c', 'a.c'), { kind: 'unfit', why: 'precompiled-folder' })
    const alone = treeBench({ '/ws/a.c': '#include "x.h"\n', '/ws/x.h.gch': 'gpch', '/usr/include/x.h': '' })
    assert.deepEqual(await alone.build('-c', 'a.c'), { kind: 'unfit', why: 'precompiled-alone' })
  })
})

describe('paths without end', () => {
  test('headers that include each other over `..` are two files', async () => {
    const files = {
      '/ws/a.c': '#include "x/a.h"\n',
      '/ws/x/a.h': '#include "../y/b.h"\n',
      '/ws/y/b.h': '#include "../x/a.h"\n#include "c.h"\n',
      '/ws/y/c.h': '',
    }
    const made = treeBench(files)
    const { tree } = await made.tree('-c', 'a.c')
    assert.deepEqual(
      tree.files.map(({ path }) => path),
      ['/ws/a.c', '/ws/x/a.h', '/ws/y/b.h', '/ws/y/c.h'],
    )
    assert.ok(made.files.calls.stat < 50, `${made.files.calls.stat} stats`)
  })

  test('so is a header that includes itself by way of a link to its own folder', async () => {
    const made = treeBench({ '/ws/a.c': '#include "x.h"\n', '/ws/x.h': '#include "l/x.h"\n' })
    made.files.link('/ws/l', '.')
    const { tree } = await made.tree('-c', 'a.c')
    assert.deepEqual(
      tree.files.map(({ path }) => path),
      ['/ws/a.c', '/ws/x.h'],
    )
    assert.deepEqual(tree.links, [{ path: '/ws/l', target: '.' }])
  })

  test('a header that is linked into two folders is followed in both', async () => {
    const files = {
      '/ws/a.c': '#include "x/h.h"\n#include "y/h.h"\n',
      '/ws/x/h.h': '#include "i.h"\n',
      '/ws/y/i.h': '',
      '/ws/x/i.h': '',
    }
    const made = treeBench(files)
    made.files.link('/ws/y/h.h', '../x/h.h')
    const { tree } = await made.tree('-c', 'a.c')
    assert.deepEqual(tree.files.map(({ path }) => path).sort(), ['/ws/a.c', '/ws/x/h.h', '/ws/x/i.h', '/ws/y/i.h'])
  })

  test('a file with more includes than any closure has is left to the compiler', async () => {
    const lines = Array.from({ length: 9_999 }, (_, index) => `#include <${index}.h>\n`)
    const folders = Array.from({ length: 12 }, (_, index) => `/ws/i${index}`)
    const made = treeBench({ '/ws/a.c': lines.join('') })
    for (const folder of folders) made.files.folder(folder)
    const args = folders.map((folder) => `-I${folder}`)
    assert.deepEqual(await made.build('-c', 'a.c', ...args), { kind: 'unfit', why: 'too-many-files' })
  })
})

describe('what `..` climbs out of', () => {
  test('may be a file of the tree: then nothing behind it can be there, and it stays', async () => {
    const files = { '/ws/a.c': '#include "x.h"\n#include "x.h/../y.h"\n', '/ws/x.h': '', '/ws/y.h': '' }
    const { tree } = await treeBench(files).tree('-c', 'a.c')
    assert.deepEqual(
      tree.files.map(({ path }) => path),
      ['/ws/a.c', '/ws/x.h'],
    )
    assert.ok(!tree.absent.includes('/ws/x.h'))
  })
})
