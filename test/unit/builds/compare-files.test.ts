import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { compareFiles } from '../../builds/compare-files.ts'

const ELF = '\x7fELF'

test('trees are compared to the byte, each kind of file by itself', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'hg-compare-files-'))
  t.after(() => rm(folder, { recursive: true }))
  const [plain, mesh] = [join(folder, 'plain'), join(folder, 'mesh')]
  await grow(plain, {
    'a.o': '1',
    'lib/.libs/b.o': '2',
    gone: ELF,
    'deps/a.Plo': 'a.o: a.c',
    'config.h': '',
    program: ELF,
  })
  await grow(mesh, {
    'a.o': '1',
    'lib/.libs/b.o': '3',
    new: '',
    'deps/a.Plo': 'a.o: b.c',
    'config.h': '',
    program: ELF,
  })
  await symlink('program', join(plain, 'link'))
  await symlink('a.o', join(mesh, 'link'))
  assert.deepEqual(await compareFiles(plain, mesh), {
    compared: { object: 2, linked: 1, dependencies: 1, other: 2 },
    different: [
      { path: 'deps/a.Plo', kind: 'dependencies', how: '8 and 8 bytes' },
      { path: 'gone', kind: 'linked', how: 'missing' },
      { path: 'lib/.libs/b.o', kind: 'object', how: '1 and 1 bytes' },
      { path: 'link', kind: 'other', how: '7 and 3 bytes' },
      { path: 'new', kind: 'other', how: 'unexpected' },
    ],
  })
})

async function grow(tree: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(tree, path)), { recursive: true })
    await writeFile(join(tree, path), text, 'latin1')
  }
}
