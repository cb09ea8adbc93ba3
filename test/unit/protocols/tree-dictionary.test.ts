import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sha256 } from '../../../src/base/digest.ts'
import { TREE_ENTRIES_HELD_MAX, TREE_ENTRIES_PER_SESSION_MAX } from '../../../src/base/limits.ts'
import type { InputTree, TreeFile } from '../../../src/compiler/trees/input-tree.ts'
import {
  TreeDictionaryError,
  TreeEntryBudget,
  TreeListener,
  TreeSpeaker,
} from '../../../src/protocols/tree-dictionary.ts'

function file(name: string): TreeFile {
  return { path: `/src/${name}`, digest: sha256(name), bytes: name.length, mtimeSeconds: 7 }
}

function treeOf(files: readonly TreeFile[], absent: readonly string[] = ['/usr/lib/x.h']): InputTree {
  return { files, links: [{ path: '/src/link', target: 'a.h' }], folders: ['/src'], absent }
}

const A = file('a.h')
const B = file('b.h')

test('what one end names, the other hears', () => {
  const speaker = new TreeSpeaker()
  const listener = new TreeListener(new TreeEntryBudget())
  for (const tree of [treeOf([A]), treeOf([B, A]), treeOf([B])]) {
    const named = speaker.name(tree)
    listener.learn(named)
    const { numbers, ...heard } = listener.tree(named.used)
    assert.deepEqual(heard, tree)
    assert.deepEqual(numbers, named.used.slice(0, tree.files.length))
  }
})

test('nothing is spelt out twice in one session', () => {
  const speaker = new TreeSpeaker()
  speaker.name(treeOf([A, B]))
  assert.deepEqual(speaker.name(treeOf([B])).defined, [])
})

test('a file that changed is another file', () => {
  const speaker = new TreeSpeaker()
  speaker.name(treeOf([A]))
  const changed = { ...A, digest: B.digest }
  assert.deepEqual(speaker.name(treeOf([changed])).defined, [{ kind: 'file', file: changed }])
})

test('a session that has heard too much begins anew', () => {
  const speaker = new TreeSpeaker()
  const listener = new TreeListener(new TreeEntryBudget())
  const half = Array.from({ length: TREE_ENTRIES_PER_SESSION_MAX / 2 }, (_, index) => `/absent/${index}`)
  const first = speaker.name(treeOf([A], half))
  listener.learn(first)
  const others = half.map((path) => `${path}/b`)
  const second = speaker.name(treeOf([B], others))
  assert.equal(second.restart, true)
  listener.learn(second)
  assert.deepEqual(listener.tree(second.used).files, [B])
})

test('a number that was not defined is no entry', () => {
  const listener = new TreeListener(new TreeEntryBudget())
  listener.learn({ restart: false, defined: [{ kind: 'file', file: A }] })
  for (const number of [1, -1, 0.5]) assert.throws(() => listener.tree([number]), TreeDictionaryError)
})

test('a session cannot define without end', () => {
  const listener = new TreeListener(new TreeEntryBudget())
  const most = Array.from({ length: TREE_ENTRIES_PER_SESSION_MAX }, () => ({ kind: 'folder', path: '/' }) as const)
  listener.learn({ restart: false, defined: most })
  assert.throws(() => listener.learn({ restart: false, defined: most.slice(0, 1) }), TreeDictionaryError)
})

test('all sessions together cannot, and one that is over makes room', () => {
  const budget = new TreeEntryBudget()
  budget.held = TREE_ENTRIES_HELD_MAX - 1
  const defined = [{ kind: 'folder', path: '/' }] as const
  const [one, other] = [new TreeListener(budget), new TreeListener(budget)]
  one.learn({ restart: false, defined })
  assert.throws(() => other.learn({ restart: false, defined }), TreeDictionaryError)
  one.forget()
  one.forget()
  other.learn({ restart: false, defined })
  assert.equal(budget.held, TREE_ENTRIES_HELD_MAX)
})
