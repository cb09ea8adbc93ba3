import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Action, actionKey } from '../../../src/cache/action-key.ts'
import { SimRandom } from '../../sim/random.ts'
import { ACTION, treeFile, withFiles } from './actions.ts'

const [main, a, b] = [treeFile('/p/main.c'), treeFile('/p/a.h'), treeFile('/p/b.h')]

/** One change of everything that a compile depends on. */
const CHANGES: Readonly<Record<string, Action>> = {
  toolchain: { ...ACTION, toolchain: `${ACTION.toolchain.slice(1)}0` as Action['toolchain'] },
  compiler: { ...ACTION, compiler: '/usr/bin/g++' },
  'working directory': { ...ACTION, cwd: '/q' },
  'an argument': { ...ACTION, args: ['-O3', '-c', 'main.c', '-o', 'main.o'] },
  'order of arguments': { ...ACTION, args: ['-c', '-O2', 'main.c', '-o', 'main.o'] },
  'where an argument ends': { ...ACTION, args: ['-O2-c', '', 'main.c', '-o', 'main.o'] },
  'an argument that moves to the environment': { ...ACTION, args: ACTION.args.slice(1), env: [...ACTION.env, '-O2'] },
  'a variable': { ...ACTION, env: ['LANG=C', 'LC_ALL=de_DE'] },
  'a variable more': { ...ACTION, env: [...ACTION.env, 'LC_CTYPE=C'] },
  'content of the source': withFiles(treeFile('/p/main.c', 'other'), a, b),
  'content of a header': withFiles(main, a, treeFile('/p/b.h', 'other')),
  'path of a header': withFiles(main, a, treeFile('/p/c.h', '/p/b.h')),
  'contents exchanged': withFiles(main, treeFile('/p/a.h', '/p/b.h'), treeFile('/p/b.h', '/p/a.h')),
  'a header less': withFiles(main, a),
  'a header more': withFiles(main, a, b, treeFile('/p/c.h')),
  'target of a link': {
    ...ACTION,
    tree: { ...ACTION.tree, links: ACTION.tree.links.map(({ path }) => ({ path, target: 'other' })) },
  },
  'a link less': { ...ACTION, tree: { ...ACTION.tree, links: ACTION.tree.links.slice(1) } },
  'a folder more': { ...ACTION, tree: { ...ACTION.tree, folders: [...ACTION.tree.folders, '/p/new'] } },
  'a folder that is a link': { ...ACTION, tree: { ...ACTION.tree, folders: ['/p'], links: [] } },
  date: { ...ACTION, date: '2030-01-01' },
  'another date': { ...ACTION, date: '2030-01-02' },
  'whether it tells times': { ...ACTION, usesTimestamp: true },
}

test('every change gives another key', () => {
  const keys = new Map([['none', actionKey(ACTION)]])
  for (const [name, action] of Object.entries(CHANGES)) keys.set(name, actionKey(action))
  const names = new Map([...keys].map(([name, key]) => [key, name]))
  const lost = [...keys].filter(([name, key]) => names.get(key) !== name).map(([name, key]) => [name, names.get(key)])
  assert.deepEqual(lost, [])
})

test('the order of files, links, folders and variables does not matter', () => {
  const random = new SimRandom(7)
  const shuffled = <T>(list: readonly T[]): readonly T[] =>
    list
      .map((item) => ({ item, at: random.float() }))
      .sort((x, y) => x.at - y.at)
      .map(({ item }) => item)
  const files = Array.from({ length: 50 }, (_, at) => treeFile(`/p/${at}.h`, `content ${at % 9}`, at % 5))
  const action = withFiles(...files)
  for (let round = 0; round < 20; round += 1) {
    const { tree, env } = action
    const { links, folders } = tree
    const other = {
      ...action,
      env: shuffled(env),
      tree: { files: shuffled(tree.files), links: shuffled(links), folders: shuffled(folders) },
    }
    assert.equal(actionKey(other), actionKey(action), `round ${round}`)
  }
})

test('equal files have equal keys, whichever objects tell of them', () => {
  assert.equal(actionKey(withFiles({ ...main }, { ...a }, { ...b })), actionKey(withFiles(main, a, b)))
})

describe('when files were changed', () => {
  const key = (...times: readonly (readonly [content: string, mtimeSeconds: number])[]) =>
    actionKey(withFiles(...times.map(([content, time], at) => treeFile(`/p/${at}.h`, content, time))))

  test('does not matter', () => {
    assert.equal(key(['x', 1], ['y', 2]), key(['x', 3], ['y', 4]))
  })

  test('matters for what tells it', () => {
    const timed = (time: number) => actionKey({ ...withFiles(treeFile('/p/main.c', 'x', time)), usesTimestamp: true })
    assert.notEqual(timed(1), timed(2))
  })

  test('matters among files of equal content: with #pragma once they are one, if of one time', () => {
    assert.notEqual(key(['x', 1], ['x', 1]), key(['x', 1], ['x', 2]))
    assert.notEqual(key(['x', 1], ['x', 1], ['x', 2]), key(['x', 1], ['x', 2], ['x', 2]))
    assert.equal(key(['x', 1], ['x', 2]), key(['x', 5], ['x', 6]))
    assert.equal(key(['x', 1], ['x', 1]), key(['x', 5], ['x', 5]))
  })

  test('matters beside a precompiled header, which compares the times of its own', () => {
    for (const name of ['/p/all.h.gch', '/p/all.pch', '/p/all.h.gch/debug']) {
      const beside = (time: number) => actionKey(withFiles(treeFile(name), treeFile('/p/main.c', 'x', time)))
      assert.notEqual(beside(1), beside(2), name)
    }
  })
})
