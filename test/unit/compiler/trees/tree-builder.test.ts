import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mayBeShown } from '../../../../src/compiler/trees/shown-folders.ts'
import type { BuiltTree } from '../../../../src/compiler/trees/tree-builder.ts'
import { treeBench } from './tree-bench.ts'

const HELLO = {
  '/ws/hello.c': '#include <stdio.h>\n#include "own.h"\n',
  '/ws/own.h': '',
  '/usr/include/stdio.h': '',
}

describe('an input tree', () => {
  test('holds the source first, then what it may include', async () => {
    const { tree } = await treeBench(HELLO).tree('-c', 'hello.c')
    assert.deepEqual(paths(tree.files), ['/ws/hello.c', '/usr/include/stdio.h', '/ws/own.h'])
    assert.deepEqual(tree.links, [])
  })

  test('tells what the files are', async () => {
    const bench = treeBench(HELLO)
    bench.files.touch('/ws/own.h', 1_234_567_890_987)
    bench.files.settle()
    const { tree } = await bench.tree('-c', 'hello.c')
    const file = tree.files.find(({ path }) => path === '/ws/own.h')
    assert.equal(file?.bytes, 0)
    assert.equal(file?.mtimeSeconds, 1_234_567_890)
    assert.equal(file?.digest, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })

  test('names the folders that are searched, worked in and written to', async () => {
    const bench = treeBench({ ...HELLO, '/ws/out/keep': '' })
    bench.files.folder('/ws/empty')
    const { tree } = await bench.tree('-c', 'hello.c', '-Iempty', '-o', 'out/hello.o', '-Iabsent')
    assert.deepEqual([...tree.folders].sort(), ['/usr/include', '/ws', '/ws/empty', '/ws/out'])
  })

  test('names what must not be there: candidates, and folders that would be searched', async () => {
    const bench = treeBench(HELLO)
    bench.files.folder('/ws/first')
    const { tree } = await bench.tree('-c', 'hello.c', '-Ifirst', '-Iabsent')
    for (const path of ['/ws/first/stdio.h', '/ws/absent', '/usr/local/include']) {
      assert.ok(tree.absent.includes(path), path)
    }
    assert.ok(!tree.absent.includes('/ws/absent/stdio.h'))
  })

  test('does not name what must not be there where no worker has anything of its own', async () => {
    const bench = treeBench({ ...HELLO, '/usr/lib/own/keep': '' })
    bench.files.folder('/ws/first')
    bench.world.mayBeShown = mayBeShown
    const { tree } = await bench.tree(
      '-c',
      'hello.c',
      '-Ifirst',
      '-Iabsent',
      '-I/usr/lib/own',
      '-I/usr/lib/none',
      '-I/opt/none',
    )
    for (const path of ['/usr/lib/none', '/usr/lib/own/stdio.h', '/usr/local/include', '/opt/none']) {
      assert.ok(tree.absent.includes(path), path)
    }
    const elsewhere = tree.absent.filter((path) => path.startsWith('/ws'))
    assert.deepEqual(elsewhere, [])
  })

  test('names what options have the compiler read, there or not, and notices when it comes', async () => {
    const bench = treeBench(HELLO)
    const words = ['-fprofile-use=prof', '-c', 'hello.c'] as const
    const before = await bench.tree(...words)
    assert.ok(before.tree.absent.includes('/ws/prof/#ws#hello.gcda'))
    bench.files.write('/ws/prof/#ws#hello.gcda', 'counts')
    const after = await bench.tree(...words)
    assert.ok(paths(after.tree.files).includes('/ws/prof/#ws#hello.gcda'))
    assert.ok(!after.tree.absent.includes('/ws/prof'))
  })

  test('does not call a folder absent that a search passed over', async () => {
    const bench = treeBench({ ...HELLO, '/ws/first/stdio.h/inner.h': '' })
    const { tree } = await bench.tree('-c', 'hello.c', '-Ifirst')
    assert.ok(!tree.absent.includes('/ws/first/stdio.h'))
    assert.ok(paths(tree.files).includes('/usr/include/stdio.h'))
  })

  test('gives bytes only as long as they are what the digest says', async () => {
    const bench = treeBench(HELLO)
    const built = await bench.tree('-c', 'hello.c')
    assert.equal(text(built, 0), HELLO['/ws/hello.c'])
    assert.equal(built.bytes(99), undefined)
    bench.files.write('/ws/hello.c', '#include <stdio.h>\n#include "own.x"\n')
    assert.equal(built.bytes(0), undefined)
    bench.files.remove('/ws/hello.c')
    assert.equal(built.bytes(0), undefined)
  })

  test('says when it uses the time', async () => {
    const bench = treeBench({ '/ws/a.c': '#include "b.h"\n', '/ws/b.h': 'char *built = __DATE__;\n' })
    const { usesDate, usesTime, usesTimestamp } = await bench.tree('-c', 'a.c')
    assert.deepEqual({ usesDate, usesTime, usesTimestamp }, { usesDate: true, usesTime: false, usesTimestamp: false })
  })
})

describe('links and dots on the way', () => {
  test('a link to a folder stands in the tree, and files stand where they are', async () => {
    const bench = treeBench({ '/ws/a.c': '#include <b.h>\n', '/real/include/b.h': '' })
    bench.files.link('/ws/include', '../real/include')
    const { tree } = await bench.tree('-c', 'a.c', '-Iinclude')
    assert.deepEqual(paths(tree.files), ['/ws/a.c', '/real/include/b.h'])
    assert.deepEqual(tree.links, [{ path: '/ws/include', target: '../real/include' }])
    assert.ok(tree.folders.includes('/real/include'))
  })

  test('so do a link that is a file, and links to links', async () => {
    const bench = treeBench({ '/ws/a.c': '#include "b.h"\n', '/real/v1/b-1.h': '' })
    bench.files.link('/real/current', 'v1')
    bench.files.link('/ws/b.h', 'b-1.h')
    bench.files.link('/ws/b-1.h', '/real/current/b-1.h')
    const { tree } = await bench.tree('-c', 'a.c')
    assert.deepEqual(paths(tree.files), ['/ws/a.c', '/real/v1/b-1.h'])
    assert.deepEqual(
      [...tree.links].sort((a, b) => (a.path < b.path ? -1 : 1)),
      [
        { path: '/real/current', target: 'v1' },
        { path: '/ws/b-1.h', target: '/real/current/b-1.h' },
        { path: '/ws/b.h', target: 'b-1.h' },
      ],
    )
  })

  test('one file by two paths stands once', async () => {
    const bench = treeBench({
      '/ws/a.c': '#include "b.h"\n#include "./c/../b.h"\n#include "l/b.h"\n',
      '/ws/b.h': '',
    })
    bench.files.folder('/ws/c')
    bench.files.link('/ws/l', '.')
    const { tree } = await bench.tree('-c', 'a.c')
    assert.deepEqual(paths(tree.files), ['/ws/a.c', '/ws/b.h'])
    assert.ok(tree.folders.includes('/ws/c'), 'what `..` climbs out of has to be there')
  })

  test('`..` behind a link leads to where the link leads', async () => {
    const bench = treeBench({ '/ws/a.c': '#include "l/../b.h"\n', '/real/b.h': '', '/ws/b.h': '' })
    bench.files.folder('/real/deep')
    bench.files.link('/ws/l', '/real/deep')
    const { tree } = await bench.tree('-c', 'a.c')
    assert.deepEqual(paths(tree.files), ['/ws/a.c', '/real/b.h'])
    assert.ok(tree.folders.includes('/real/deep'))
    assert.deepEqual(tree.links, [{ path: '/ws/l', target: '/real/deep' }])
  })

  test('`..` behind what is absent needs that to stay absent', async () => {
    const bench = treeBench({ '/ws/a.c': '#include "none/../b.h"\n', '/ws/i/b.h': '', '/ws/none.h': '' })
    bench.files.folder('/ws/i/none')
    const { tree } = await bench.tree('-c', 'a.c', '-Ii')
    assert.deepEqual(paths(tree.files), ['/ws/a.c', '/ws/i/b.h'])
    assert.ok(tree.absent.includes('/ws/none'))
    assert.ok(tree.folders.includes('/ws/i/none'))
  })

  test('the working directory itself may be behind a link', async () => {
    const bench = treeBench({ '/real/a.c': '#include "b.h"\n', '/real/b.h': '' })
    bench.files.link('/home', 'real')
    bench.world.cwd = '/home'
    const { tree } = await bench.tree('-c', 'a.c')
    assert.deepEqual(paths(tree.files), ['/real/a.c', '/real/b.h'])
    assert.deepEqual(tree.links, [{ path: '/home', target: 'real' }])
    assert.ok(tree.folders.includes('/real'))
  })

  test('absent candidates are named where they would be', async () => {
    const bench = treeBench({ '/ws/a.c': '#include <b.h>\n', '/usr/include/b.h': '' })
    bench.files.folder('/real')
    bench.files.link('/ws/l', '/real')
    const { tree } = await bench.tree('-c', 'a.c', '-Il')
    assert.ok(tree.absent.includes('/real/b.h'))
  })

  test('a loop of links is left to the compiler', async () => {
    const bench = treeBench({ '/ws/a.c': '#include "b.h"\n' })
    bench.files.link('/ws/b.h', 'c.h')
    bench.files.link('/ws/c.h', 'b.h')
    assert.deepEqual(await bench.build('-c', 'a.c'), { kind: 'unfit', why: 'unreadable' })
  })
})

describe('the next tree sees an edit', () => {
  test('files that did not change are the very same objects', async () => {
    const bench = treeBench(HELLO)
    const before = await bench.tree('-c', 'hello.c')
    bench.files.write('/ws/own.h', 'int changed;\n')
    const after = await bench.tree('-c', 'hello.c')
    assert.equal(after.tree.files[0], before.tree.files[0])
    assert.equal(after.tree.files[1], before.tree.files[1])
    assert.notEqual(after.tree.files[2]?.digest, before.tree.files[2]?.digest)
  })

  test('of the same size within the same tick', async () => {
    const bench = treeBench({ '/ws/a.c': 'int one;\n' })
    bench.files.write('/ws/a.c', 'int two;\n')
    const before = await bench.tree('-c', 'a.c')
    bench.files.write('/ws/a.c', 'int six;\n')
    const after = await bench.tree('-c', 'a.c')
    assert.equal(text(before, 0), undefined)
    assert.equal(text(after, 0), 'int six;\n')
  })

  test('that leads a link elsewhere', async () => {
    const bench = treeBench({ '/ws/a.c': '#include <b.h>\n', '/v1/b.h': 'int one;\n', '/v2/b.h': 'int two;\n' })
    bench.files.link('/current', 'v1')
    bench.files.settle()
    assert.deepEqual(paths((await bench.tree('-c', 'a.c', '-I/current')).tree.files), ['/ws/a.c', '/v1/b.h'])
    bench.files.remove('/current')
    bench.files.link('/current', 'v2')
    const { tree } = await bench.tree('-c', 'a.c', '-I/current')
    assert.deepEqual(paths(tree.files), ['/ws/a.c', '/v2/b.h'])
    assert.deepEqual(tree.links, [{ path: '/current', target: 'v2' }])
  })

  test('that puts a link in place of a folder, leading to that very folder', async () => {
    const bench = treeBench({ '/ws/a.c': '#include "deep/down/b.h"\n', '/ws/deep/down/b.h': '' })
    assert.deepEqual((await bench.tree('-c', 'a.c')).tree.links, [])
    bench.files.rename('/ws/deep', '/ws/moved')
    bench.files.link('/ws/deep', 'moved')
    bench.files.settle()
    const { tree } = await bench.tree('-c', 'a.c')
    assert.deepEqual(paths(tree.files), ['/ws/a.c', '/ws/moved/down/b.h'])
    assert.deepEqual(tree.links, [{ path: '/ws/deep', target: 'moved' }])
  })

  test('that puts a link in place of a file, leading to that very file', async () => {
    const bench = treeBench({ '/ws/a.c': '#include "b.h"\n', '/ws/b.h': '' })
    await bench.tree('-c', 'a.c')
    bench.files.rename('/ws/b.h', '/ws/c.h')
    bench.files.link('/ws/b.h', 'c.h')
    const { tree } = await bench.tree('-c', 'a.c')
    assert.deepEqual(paths(tree.files), ['/ws/a.c', '/ws/c.h'])
    assert.deepEqual(tree.links, [{ path: '/ws/b.h', target: 'c.h' }])
  })

  test('that makes a search folder appear', async () => {
    const bench = treeBench({ '/ws/a.c': '#include <b.h>\n', '/usr/include/b.h': '' })
    assert.ok((await bench.tree('-c', 'a.c', '-Igen')).tree.absent.includes('/ws/gen'))
    bench.files.write('/ws/gen/b.h', '')
    const { tree } = await bench.tree('-c', 'a.c', '-Igen')
    assert.deepEqual(paths(tree.files), ['/ws/a.c', '/ws/gen/b.h'])
    assert.ok(!tree.absent.includes('/ws/gen'))
  })
})

describe('the question where a compiler looks', () => {
  test('is put once, however many ask at once, and answered at once from then on', async () => {
    const bench = treeBench(HELLO)
    const builds = await Promise.all([bench.tree('-c', 'hello.c'), bench.tree('-c', 'hello.c', '-Iother')])
    assert.equal(builds.length, 2)
    await bench.tree('-c', 'hello.c', '-DX')
    assert.equal(bench.questions.length, 1)
  })

  test('is put again for another target', async () => {
    const bench = treeBench(HELLO)
    await bench.tree('-c', 'hello.c')
    await bench.tree('-c', 'hello.c', '-m32')
    assert.equal(bench.questions.length, 2)
  })

  test('is not put again at every compile when there is no answer, but after a while', async () => {
    const bench = treeBench(HELLO)
    const { answer } = bench.world
    bench.world.answer = undefined
    assert.deepEqual(await bench.build('-c', 'hello.c'), { kind: 'unfit', why: 'search-path' })
    assert.deepEqual(await bench.build('-c', 'hello.c'), { kind: 'unfit', why: 'search-path' })
    assert.equal(bench.questions.length, 1)
    bench.world.answer = answer
    bench.files.now += 120_000
    await bench.tree('-c', 'hello.c')
  })
})

describe('no tree', () => {
  test('where a header cannot be told', async () => {
    const bench = treeBench({ '/ws/a.c': '#define F(x) <x>\n#include F(stdio.h)\n' })
    assert.deepEqual(await bench.build('-c', 'a.c'), { kind: 'unfit', why: 'computed-include' })
  })

  test('where a search folder is none, for the compiler says so', async () => {
    const bench = treeBench({ ...HELLO, '/ws/file': '' })
    assert.deepEqual(await bench.build('-c', 'hello.c', '-Ifile'), { kind: 'unfit', why: 'unreadable' })
  })

  test('where modules are imported', async () => {
    const bench = treeBench({ '/ws/a.cc': 'import std;\n' })
    assert.deepEqual(await bench.build('-c', 'a.cc'), { kind: 'unfit', why: 'modules' })
  })
})

function paths(files: readonly { readonly path: string }[]): readonly string[] {
  return files.map(({ path }) => path)
}

function text(built: Extract<BuiltTree, { kind: 'tree' }>, index: number): string | undefined {
  const bytes = built.bytes(index)
  return bytes === undefined ? undefined : Buffer.from(bytes).toString()
}
