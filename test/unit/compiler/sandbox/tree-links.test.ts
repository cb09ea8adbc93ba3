import assert from 'node:assert/strict'
import { test } from 'node:test'
import { followLinks } from '../../../../src/compiler/sandbox/tree-links.ts'

const LINKS: ReadonlyMap<string, string> = new Map([
  ['/a', '/real/folder'],
  ['/real/up', '../other/./place/'],
  ['/twice', 'a'],
  ['/out', '../../../../top'],
  ['/round', '/about'],
  ['/about', 'round'],
])

/** As `realpath -m` answers where these links are. */
const PATHS: Readonly<Record<string, string | undefined>> = {
  '/plain/path': '/plain/path',
  '/plain/../path/.': '/path',
  '/a': '/real/folder',
  '/a/b.c': '/real/folder/b.c',
  '/a/../up/x': '/other/place/x',
  '/twice/x': '/real/folder/x',
  '/out/x': '/top/x',
  '/aa/x': '/aa/x',
  '/round/x': undefined,
  '/': '/',
}

test('paths are followed through the links of a tree as the kernel would', () => {
  for (const [path, reached] of Object.entries(PATHS)) assert.equal(followLinks(path, LINKS), reached, path)
})

test('without links a path is only made plain', () => {
  assert.equal(followLinks('/a/./b/../c', new Map()), '/a/c')
})
