import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Disk, memoryDisk, systemDisk } from './disks.ts'
import { type FitTree, textOf, WatchedTree } from './watched-tree.ts'

interface Edit {
  readonly name: string
  /** The change to what `PROJECT` holds. */
  readonly edit: (disk: Disk) => void
  /** What the next tree must hold, by path below the root: text, or undefined where nothing is. */
  readonly holds: Readonly<Record<string, string | undefined>>
}

const ARGS = ['-Ii', '-Ij', '-Ilink', '-Ilater']

/** Headers are found in `j`, behind the empty `i`, and through links to a file and to a folder. */
const PROJECT: Readonly<Record<string, string>> = {
  'w/a.c': '#include "own.h"\n#include <x.h>\n#include "f.h"\n#include <d.h>\n#if __has_include("p.h")\n#endif\n',
  'w/own.h': '#include <deep/y.h>\n#include NAME\n#define NAME "n1.h"\n',
  'w/n1.h': 'n1',
  'w/n2.h': 'n2',
  'w/v1.h': 'v1',
  'w/v2.h': 'v2',
  'i/other.h': '',
  'j/x.h': 'one',
  'j/deep/y.h': 'y in j',
  'd1/d.h': 'd1',
  'd2/d.h': 'd2',
  'sys/x.h': 'x in sys',
  'sys/deep/y.h': 'y in sys',
}

const EDITS: readonly Edit[] = [
  { name: 'nothing', edit: () => undefined, holds: { 'j/x.h': 'one' } },
  { name: 'a header changed', edit: (disk) => disk.write('j/x.h', 'changed'), holds: { 'j/x.h': 'changed' } },
  {
    name: 'a header asks for more',
    edit: (disk) => disk.write('j/x.h', '#include "../i/other.h"\n'),
    holds: { 'i/other.h': '' },
  },
  {
    name: 'a header was added earlier on the path',
    edit: (disk) => disk.write('i/x.h', 'earlier'),
    holds: { 'i/x.h': 'earlier', 'j/x.h': undefined },
  },
  {
    name: 'a header was added beside the one that asks',
    edit: (disk) => disk.write('w/p.h', 'probed'),
    holds: { 'w/p.h': 'probed' },
  },
  {
    name: 'a header was removed, and there is another',
    edit: (disk) => disk.remove('j/x.h'),
    holds: { 'j/x.h': undefined, 'sys/x.h': 'x in sys' },
  },
  {
    name: 'a header was removed, and there is none',
    edit: (disk) => disk.remove('d1/d.h'),
    holds: { 'd1/d.h': undefined },
  },
  {
    name: 'a link to a file leads elsewhere',
    edit: (disk) => {
      disk.remove('w/f.h')
      disk.link('w/f.h', 'v2.h')
    },
    holds: { 'w/v2.h': 'v2', 'w/v1.h': undefined },
  },
  {
    name: 'a link to a folder leads elsewhere',
    edit: (disk) => {
      disk.remove('link')
      disk.link('link', 'd2')
    },
    holds: { 'd2/d.h': 'd2', 'd1/d.h': undefined },
  },
  {
    name: 'a link became what it led to',
    edit: (disk) => {
      disk.remove('w/f.h')
      disk.write('w/f.h', 'no link')
    },
    holds: { 'w/f.h': 'no link', 'w/v1.h': undefined },
  },
  {
    name: 'a file was replaced by one of the same size and times',
    edit: (disk) => {
      const mtimeMs = disk.mtimeMs('j/x.h')
      disk.replace('j/x.h', 'two')
      disk.setMtime('j/x.h', mtimeMs)
    },
    holds: { 'j/x.h': 'two' },
  },
  {
    name: 'a file was changed in place, its size and mtime kept',
    edit: (disk) => {
      const mtimeMs = disk.mtimeMs('j/x.h')
      disk.write('j/x.h', 'two')
      disk.setMtime('j/x.h', mtimeMs)
    },
    holds: { 'j/x.h': 'two' },
  },
  {
    name: 'a folder was replaced',
    edit: (disk) => {
      disk.write('k/x.h', 'x in k')
      disk.rename('j', 'old')
      disk.rename('k', 'j')
    },
    holds: { 'j/x.h': 'x in k', 'j/deep/y.h': undefined, 'sys/deep/y.h': 'y in sys' },
  },
  {
    name: 'a folder became a link',
    edit: (disk) => {
      disk.rename('j', 'moved')
      disk.link('j', 'moved')
    },
    holds: { 'moved/x.h': 'one', 'j/x.h': undefined },
  },
  {
    name: 'a folder deep down went away',
    edit: (disk) => disk.remove('j/deep'),
    holds: { 'sys/deep/y.h': 'y in sys' },
  },
  {
    name: 'a folder of the search path appeared',
    edit: (disk) => disk.write('later/d.h', 'never found first'),
    holds: { 'd1/d.h': 'd1' },
  },
  {
    name: 'a macro names another header',
    edit: (disk) => disk.write('w/own.h', '#include NAME\n#define NAME "n2.h"\n'),
    holds: { 'w/n2.h': 'n2', 'w/n1.h': undefined },
  },
  {
    name: 'only an object file appeared',
    edit: (disk) => disk.write('w/a.o', 'object'),
    holds: { 'w/a.o': undefined },
  },
  {
    name: 'a file stands where a folder was',
    edit: (disk) => {
      disk.rename('i', 'gone')
      disk.write('i', 'no folder')
    },
    holds: {},
  },
]

for (const [kind, disk] of [
  ['in memory', memoryDisk],
  ['on the disk', systemDisk],
] as const) {
  describe(`after an edit ${kind} the next tree is right:`, () => {
    for (const edit of EDITS) {
      test(edit.name, () => withProject(disk(), (made) => edited(made, edit, { atRest: true })))
      test(`${edit.name}, at once`, () => withProject(disk(), (made) => edited(made, edit, { atRest: false })))
    }

    test('while a tree is shipped: it gives no bytes that it does not promise', () =>
      withProject(disk(), async (made) => {
        const watched = new WatchedTree(made)
        const before = await watched.tree(ARGS)
        made.write('j/x.h', 'two')
        assert.equal(textOf(before, `${made.root}/j/x.h`), undefined)
        assert.equal(textOf(await watched.tree(ARGS), `${made.root}/j/x.h`), 'two')
      }))
  })

  describe(`what did not change ${kind} is the very same object:`, () => {
    test('the whole tree, if all is at rest', () =>
      withProject(disk(), async (made) => {
        made.settle()
        const watched = new WatchedTree(made)
        const { tree } = await watched.tree(ARGS)
        assert.equal((await watched.tree(ARGS)).tree, tree)
        made.write('w/a.o', 'object')
        assert.equal((await watched.tree(ARGS)).tree, tree)
      }))

    test('each file but the one that was edited', () =>
      withProject(disk(), async (made) => {
        made.settle()
        const watched = new WatchedTree(made)
        const before = new Set((await watched.tree(ARGS)).tree.files)
        made.write('j/x.h', 'changed')
        const changed = (await watched.tree(ARGS)).tree.files.filter((file) => !before.has(file))
        assert.deepEqual(
          changed.map(({ path }) => path),
          [`${made.root}/j/x.h`],
        )
      }))

    test('a file that was written again as it was, within the second', () =>
      withProject(disk(), async (made) => {
        made.settle()
        const watched = new WatchedTree(made)
        const mtimeMs = made.mtimeMs('j/x.h')
        const before = fileAt(await watched.tree(ARGS), `${made.root}/j/x.h`)
        made.replace('j/x.h', 'one')
        made.setMtime('j/x.h', mtimeMs)
        assert.equal(fileAt(await watched.tree(ARGS), `${made.root}/j/x.h`), before)
      }))
  })
}

async function edited(disk: Disk, { edit, holds }: Edit, { atRest }: { readonly atRest: boolean }): Promise<void> {
  if (atRest) disk.settle()
  const watched = new WatchedTree(disk)
  // Often enough for folders to be listed: then absences are no longer asked for one by one.
  for (let looks = 0; looks < 20; looks += 1) await watched.tree(ARGS)
  edit(disk)
  const built = await watched.look(ARGS)
  if (built.kind !== 'tree') {
    assert.deepEqual(holds, {}, `no tree: ${built.why}`)
    return
  }
  for (const [path, text] of Object.entries(holds)) assert.equal(textOf(built, `${disk.root}/${path}`), text, path)
  await watched.look(ARGS)
}

async function withProject(disk: Disk, run: (disk: Disk) => Promise<void>): Promise<void> {
  try {
    for (const [path, text] of Object.entries(PROJECT)) disk.write(path, text)
    disk.link('w/f.h', 'v1.h')
    disk.link('link', 'd1')
    await run(disk)
  } finally {
    disk.dispose()
  }
}

function fileAt({ tree }: FitTree, path: string) {
  const file = tree.files.find((file) => file.path === path)
  assert.ok(file !== undefined, path)
  return file
}
