import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { sha256 } from '../../../../src/base/digest.ts'
import { ENTRY_NAME_MAX_LENGTH } from '../../../../src/base/limits.ts'
import { entryKey } from '../../../../src/cache/entry.ts'
import { entryPath } from '../../../../src/status/gateway/entry-path.ts'

const HASH = sha256('some action')

suite('a URL of the gateway', () => {
  const entries = [
    `/ac/${HASH}`,
    `/cache/bazel/ac/${HASH}`,
    '/cache/ccache/ab/cdef0123',
    '/cache/ccache/abcdef0123',
    '/cache/sccache/.sccache_check',
    `/cache/sccache/${HASH[0]}/${HASH[1]}/${HASH[2]}/${HASH}`,
    '/cache/x/team-a/k=v,w+1:2@3~4_5',
  ]
  for (const path of entries) {
    test(`${path} names an entry`, () => {
      assert.deepEqual(entryPath(path), { kind: 'entry', name: { path, digest: undefined } })
    })
  }

  for (const path of [`/cas/${HASH}`, `/cache/bazel/cas/${HASH}`]) {
    test(`${path} names an entry, and says what it holds`, () => {
      assert.deepEqual(entryPath(path), { kind: 'entry', name: { path, digest: HASH } })
    })
  }

  for (const path of ['/cache', '/cache/', '/cache/sccache/', '/cache/sccache/a/b/', '/ac/', '/cas/']) {
    test(`${path} names a folder`, () => assert.deepEqual(entryPath(path), { kind: 'folder', path }))
  }

  const bad = [
    '/status',
    '/workers/x',
    '/ac/short',
    `/ac/${HASH.toUpperCase()}`,
    `/ac/more/${HASH}`,
    `/cas/${HASH}0`,
    '/cache/bazel/cas/short',
    '/cache/../cas/x',
    '/cache/./x',
    '/cache//x',
    '/cache/x//',
    '/cache/%2e%2e/x',
    '/cache/a%2fb',
    '/cache/x?y',
    '/cache/x#y',
    '/cache/a b',
    '/cache/ä',
    '/cache/x\0',
    'cache/x',
    '*',
    '',
    `http://localhost/cas/${HASH}`,
    `/cache/${'x'.repeat(ENTRY_NAME_MAX_LENGTH)}`,
  ]
  for (const path of bad) {
    test(`${JSON.stringify(path.slice(0, 40))} names nothing`, () => assert.equal(entryPath(path), undefined))
  }
})

test('different names have different keys', () => {
  const paths = [`/ac/${HASH}`, `/cas/${HASH}`, `/cache/a/${HASH}`, `/cache/b/${HASH}`, '/cache/a/b', '/cache/ab']
  assert.equal(new Set(paths.map(entryKey)).size, paths.length)
})

test('the key of a name stays what it is: other nodes and later versions look for it', () => {
  assert.equal(entryKey('/cache/ccache/ab/cd'), sha256('hybridgrid entry 1\0/cache/ccache/ab/cd'))
})
