import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type TreeBench, treeBench } from '../trees/tree-bench.ts'

/** A bench on which `name` is in each of the folders, and the source has the lines. */
function bench(lines: readonly string[], folders: readonly string[], name = 'x.h'): TreeBench {
  const files = Object.fromEntries(folders.map((folder) => [`${folder}/${name}`, '']))
  return treeBench({ '/work/src/a.c': lines.map((line) => `${line}\n`).join(''), ...files })
}

/** The folder in which the compile finds its one header; `nowhere`, or why there is no tree. */
async function found(bench: TreeBench, ...args: readonly string[]): Promise<string> {
  const built = await bench.build('-c', 'src/a.c', ...args)
  if (built.kind === 'unfit') return built.why
  const headers = built.tree.files.map(({ path }) => path).filter((path) => path !== '/work/src/a.c')
  return headers.map((path) => path.slice(0, path.lastIndexOf('/'))).join(' and ') || 'nowhere'
}

const QUOTE = ['#include "x.h"']
const ANGLE = ['#include <x.h>']
const ALL = ['/work/src', '/work', '/work/q', '/work/i', '/work/s', '/usr/include', '/work/after']
const OPTIONS = ['-idirafter', 'after', '-isystem', 's', '-Ii', '-iquote', 'q']

describe('a header is looked for', () => {
  test('in quotes: beside the file that asks, then in each kind of folder in its turn', async () => {
    const order = ['/work/src', '/work/q', '/work/i', '/work/s', '/usr/include', '/work/after']
    for (const [index, folder] of order.entries()) {
      assert.equal(await found(bench(QUOTE, order.slice(index)), ...OPTIONS), folder)
    }
    assert.equal(await found(bench(QUOTE, ['/work']), ...OPTIONS), 'nowhere')
  })

  test('in brackets: behind the quote folders', async () => {
    const order = ['/work/i', '/work/s', '/usr/include', '/work/after']
    for (const [index, folder] of order.entries()) {
      const there = [...order.slice(index), '/work/src', '/work/q']
      assert.equal(await found(bench(ANGLE, there), ...OPTIONS), folder)
    }
  })

  test('under its absolute path: there only', async () => {
    assert.equal(await found(bench(['#include "/work/i/x.h"'], ALL), ...OPTIONS), '/work/i')
    assert.equal(await found(bench(['#include </work/none/x.h>'], ALL), ...OPTIONS), 'nowhere')
  })

  test('beside the header that asks, as that was opened', async () => {
    const files = {
      '/work/src/a.c': '#include "../lib/outer.h"\n',
      '/work/lib/outer.h': '#include "inner.h"\n',
      '/work/lib/inner.h': '',
      '/work/src/inner.h': '',
    }
    const { tree } = await treeBench(files).tree('-c', 'src/a.c')
    assert.deepEqual(
      tree.files.map(({ path }) => path),
      ['/work/src/a.c', '/work/lib/outer.h', '/work/lib/inner.h'],
    )
  })

  test('on behalf of the command line: from the working directory, then as in quotes', async () => {
    const forced = ['-include', 'x.h']
    assert.equal(await found(bench([], ALL), ...forced, ...OPTIONS), '/work')
    assert.equal(await found(bench([], ['/work/src', '/work/q']), ...forced, ...OPTIONS), '/work/q')
    assert.equal(await found(bench([], ALL), '-imacros', 'x.h', ...OPTIONS), '/work')
  })

  test('past a folder of its name', async () => {
    const files = bench(ANGLE, ['/work/i', '/usr/include'])
    files.files.folder('/work/first/x.h')
    assert.equal(await found(files, '-Ifirst', '-Ii'), '/work/i')
  })

  test('by the compiler itself: stdc-predef.h', async () => {
    const { tree } = await treeBench({ '/work/a.c': '', '/usr/include/stdc-predef.h': '' }).tree('-c', 'a.c')
    assert.deepEqual(tree.files.length, 2)
  })
})

describe('#include_next looks', () => {
  const next = (...folders: readonly string[]) =>
    Object.fromEntries(folders.map((folder) => [`${folder}/x.h`, '#include_next <x.h>\n']))

  test('behind the folder that the asking header was found in', async () => {
    const files = { '/work/a.c': '#include <x.h>\n', ...next('/work/i', '/work/s'), '/usr/include/x.h': '' }
    const { tree } = await treeBench(files).tree('-c', 'a.c', '-Ii', '-isystem', 's')
    assert.deepEqual(
      tree.files.map(({ path }) => path),
      ['/work/a.c', '/work/i/x.h', '/work/s/x.h', '/usr/include/x.h'],
    )
  })

  test('never before it', async () => {
    const files = {
      '/work/a.c': '#include "s/x.h"\n#include <s/x.h>\n',
      '/work/i/x.h': '',
      '/work/j/s/x.h': '#include_next <s/x.h>\n',
    }
    const { tree } = await treeBench(files).tree('-c', 'a.c', '-Ii', '-Ij')
    assert.ok(!tree.files.some(({ path }) => path === '/work/i/x.h'))
  })

  test('everywhere, on behalf of a file that no search folder led to: compilers differ in where they begin', async () => {
    const files = { '/work/a.c': '#include_next <x.h>\n', '/work/x.h': '', '/work/i/x.h': '', '/usr/include/x.h': '' }
    const { tree } = await treeBench(files).tree('-c', 'a.c', '-Ii')
    assert.equal(tree.files.length, 4)
  })
})

describe('embedded and assembled files are looked for', () => {
  test('.incbin: from the working directory, and along -I', async () => {
    assert.equal(
      await found(bench(['asm(".incbin \\"x.h\\"");'], ['/work/src', '/work', '/work/i']), '-Ii'),
      '/work and /work/i',
    )
  })

  test('what is only embedded asks for nothing itself', async () => {
    const files = {
      '/work/a.c': '#embed "b.bin"\nasm(".incbin \\"b.bin\\"");\n',
      '/work/b.bin': '#include "c.h"\n',
      '/work/c.h': '',
    }
    const { tree } = await treeBench(files).tree('-c', 'a.c')
    assert.deepEqual(
      tree.files.map(({ path }) => path),
      ['/work/a.c', '/work/b.bin'],
    )
  })

  test('but what is embedded and included, too, does', async () => {
    const files = { '/work/a.c': '#embed "b.h"\n#include "b.h"\n', '/work/b.h': '#include "c.h"\n', '/work/c.h': '' }
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
    const folders = ['/work/c', '/work/s', '/work/l', '/usr/include']
    const env = { CPATH: 'c', C_INCLUDE_PATH: 'l', CPLUS_INCLUDE_PATH: 'p' }
    assert.equal(await world(env, ['/work/i', ...folders]), '/work/i')
    assert.equal(await world(env, folders), '/work/c')
    assert.equal(await world(env, folders.slice(1)), '/work/s')
    assert.equal(await world(env, folders.slice(2)), '/work/l')
    assert.equal(await world(env, ['/work/p', '/usr/include']), '/usr/include')
    assert.equal(await world({ CPATH: ':none' }, ['/work', '/usr/include']), '/work')
    assert.equal(await world({ CPATH: '' }, ['/work', '/usr/include']), '/usr/include')
  })

  test('given twice count once, where they stand first', async () => {
    const files = { '/work/a.c': '#include <x.h>\n', '/work/i/x.h': '#include_next <x.h>\n', '/work/j/x.h': '' }
    const { tree } = await treeBench(files).tree('-c', 'a.c', '-Ii', '-I./i', '-Ij', '-Ii/')
    assert.deepEqual(
      tree.files.map(({ path }) => path),
      ['/work/a.c', '/work/i/x.h', '/work/j/x.h'],
    )
  })

  test('of the system are not moved ahead by -I', async () => {
    assert.equal(await found(bench(ANGLE, ['/usr/include', '/work/s']), '-I/usr/include', '-isystem', 's'), '/work/s')
  })

  test('that are one folder by two paths count once', async () => {
    const made = treeBench({ '/work/a.c': '#include <x.h>\n', '/work/i/x.h': '#include_next <x.h>\n' })
    made.files.link('/work/j', 'i')
    const { tree } = await made.tree('-c', 'a.c', '-Ij', '-Ii')
    assert.deepEqual(
      tree.files.map(({ path }) => path),
      ['/work/a.c', '/work/i/x.h'],
    )
  })

  test('below a system root are those that = stands for', async () => {
    const folders = ['/root/i', '/work/i', '/work/=i']
    assert.equal(await found(bench(ANGLE, folders), '--sysroot=/root', '-I=/i'), '/root/i')
    assert.equal(await found(bench(ANGLE, folders), '--sysroot=/root', '-isystem', '$SYSROOT/i'), '/root/i')
    assert.equal(await found(bench(ANGLE, folders), '-I=/i'), 'search-path')
  })

  test('of the compiler are those that it tells for the target', async () => {
    const made = bench(ANGLE, ['/usr/include', '/work/i'])
    made.world.answer = { exitCode: 0, stdout: '', stderr: '#include <...> search starts here:\nEnd of search list.\n' }
    assert.equal(await found(made, '-nostdinc', '-Ii'), '/work/i')
    assert.ok(made.questions[0]?.includes('-nostdinc'))
  })

  test('that are no folders are for the compiler to warn of: header maps, too', async () => {
    const made = bench(ANGLE, ['/usr/include'])
    made.files.write('/work/map.hmap', 'pamh')
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
      '/work/src/a.c': '#include <x.h>\n#include "y.h"\n',
      '/work/j/x.h': '',
      '/usr/include/x.h': '',
    })
    made.files.folder('/work/i')
    const { tree } = await made.tree('-c', 'src/a.c', '-Ii', '-Ij')
    const about = tree.absent.filter((path) => /\/[xy]\.h$/.test(path))
    assert.deepEqual([...about].sort(), [
      '/usr/include/y.h',
      '/work/i/x.h',
      '/work/i/y.h',
      '/work/j/y.h',
      '/work/src/y.h',
    ])
  })

  test('is what a probe looks for in vain', async () => {
    const made = treeBench({ '/work/a.c': '#if __has_include(<x.h>) || __has_include_next("y.h")\n#endif\n' })
    const { tree } = await made.tree('-c', 'a.c')
    for (const path of ['/usr/include/x.h', '/usr/include/y.h', '/work/y.h'])
      assert.ok(tree.absent.includes(path), path)
  })

  test('is the precompiled twin of each header that a source may begin with', async () => {
    const files = { '/work/a.c': '#include "x.h"\n', '/work/x.h': '#include "y.h"\n', '/work/y.h': '' }
    const gcc = treeBench(files)
    assert.ok((await gcc.tree('-c', 'a.c')).tree.absent.includes('/work/x.h.gch'))
    assert.ok(!(await gcc.tree('-c', 'a.c')).tree.absent.includes('/work/y.h.gch'))
    const clang = treeBench(files)
    clang.world.family = 'clang'
    assert.ok(!(await clang.tree('-c', 'a.c')).tree.absent.includes('/work/x.h.gch'))
    assert.ok((await clang.tree('-c', 'a.c', '-include', 'x.h')).tree.absent.includes('/work/x.h.pch'))
  })

  test('is that of the source itself and of what comes before it, to gcc', async () => {
    const made = treeBench({ '/work/a.c': '', '/usr/include/stdc-predef.h': '' })
    const { tree } = await made.tree('-c', 'a.c')
    for (const path of ['/work/a.c.gch', '/usr/include/stdc-predef.h.gch']) assert.ok(tree.absent.includes(path), path)
  })

  test('and a precompiled header that is there goes along', async () => {
    const made = treeBench({ '/work/a.c': '#include "x.h"\n', '/work/x.h': '', '/work/x.h.gch': 'gpch' })
    assert.ok((await made.tree('-c', 'a.c')).tree.files.some(({ path }) => path === '/work/x.h.gch'))
    made.files.remove('/work/x.h.gch')
    made.files.folder('/work/x.h.gch')
    assert.deepEqual(await made.build('-c', 'a.c'), { kind: 'unfit', why: 'precompiled-folder' })
  })
})

describe('paths without end', () => {
  test('headers that include each other over `..` are two files', async () => {
    const files = {
      '/work/a.c': '#include "x/a.h"\n',
      '/work/x/a.h': '#include "../y/b.h"\n',
      '/work/y/b.h': '#include "../x/a.h"\n#include "c.h"\n',
      '/work/y/c.h': '',
    }
    const made = treeBench(files)
    const { tree } = await made.tree('-c', 'a.c')
    assert.deepEqual(
      tree.files.map(({ path }) => path),
      ['/work/a.c', '/work/x/a.h', '/work/y/b.h', '/work/y/c.h'],
    )
    assert.ok(made.files.calls.stat < 50, `${made.files.calls.stat} stats`)
  })

  test('so is a header that includes itself by way of a link to its own folder', async () => {
    const made = treeBench({ '/work/a.c': '#include "x.h"\n', '/work/x.h': '#include "l/x.h"\n' })
    made.files.link('/work/l', '.')
    const { tree } = await made.tree('-c', 'a.c')
    assert.deepEqual(
      tree.files.map(({ path }) => path),
      ['/work/a.c', '/work/x.h'],
    )
    assert.deepEqual(tree.links, [{ path: '/work/l', target: '.' }])
  })

  test('a header that is linked into two folders is followed in both', async () => {
    const files = {
      '/work/a.c': '#include "x/h.h"\n#include "y/h.h"\n',
      '/work/x/h.h': '#include "i.h"\n',
      '/work/y/i.h': '',
      '/work/x/i.h': '',
    }
    const made = treeBench(files)
    made.files.link('/work/y/h.h', '../x/h.h')
    const { tree } = await made.tree('-c', 'a.c')
    assert.deepEqual(tree.files.map(({ path }) => path).sort(), [
      '/work/a.c',
      '/work/x/h.h',
      '/work/x/i.h',
      '/work/y/i.h',
    ])
  })

  test('a file with more includes than any closure has is left to the compiler', async () => {
    const lines = Array.from({ length: 9_999 }, (_, index) => `#include <${index}.h>\n`)
    const folders = Array.from({ length: 12 }, (_, index) => `/work/i${index}`)
    const made = treeBench({ '/work/a.c': lines.join('') })
    for (const folder of folders) made.files.folder(folder)
    const args = folders.map((folder) => `-I${folder}`)
    assert.deepEqual(await made.build('-c', 'a.c', ...args), { kind: 'unfit', why: 'too-many-files' })
  })
})

describe('what `..` climbs out of', () => {
  test('may be a file of the tree: then nothing behind it can be there, and it stays', async () => {
    const files = { '/work/a.c': '#include "x.h"\n#include "x.h/../y.h"\n', '/work/x.h': '', '/work/y.h': '' }
    const { tree } = await treeBench(files).tree('-c', 'a.c')
    assert.deepEqual(
      tree.files.map(({ path }) => path),
      ['/work/a.c', '/work/x.h'],
    )
    assert.ok(!tree.absent.includes('/work/x.h'))
  })
})
