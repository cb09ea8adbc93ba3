import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sha256 } from '../../../src/base/digest.ts'
import { ACTIONS_KNOWN_MAX } from '../../../src/base/limits.ts'
import type { Action } from '../../../src/cache/action-key.ts'
import { KnownActions } from '../../../src/cache/known-actions.ts'
import { type MissReason, missReason } from '../../../src/cache/miss-reason.ts'
import { ACTION, treeFile, withFiles } from './actions.ts'

const [main, a, b] = [treeFile('/p/main.c'), treeFile('/p/a.h'), treeFile('/p/b.h')]
const PLACE = { cwd: '/p', source: 'main.c', output: 'main.o' }

const ROWS: readonly (readonly [what: string, now: Action, reason: MissReason])[] = [
  ['nothing', ACTION, { code: 'expired' }],
  ['the compiler', { ...ACTION, toolchain: sha256('gcc 13') as Action['toolchain'] }, { code: 'compiler-changed' }],
  ['its name', { ...ACTION, compiler: '/usr/bin/g++' }, { code: 'compiler-changed' }],
  ['an argument', { ...ACTION, args: [...ACTION.args, '-g'] }, { code: 'arguments-changed' }],
  ['the locale', { ...ACTION, env: ['LANG=de', 'LC_ALL=C'] }, { code: 'environment-changed' }],
  ['the order of variables', { ...ACTION, env: ACTION.env.toReversed() }, { code: 'expired' }],
  ['the source', withFiles(treeFile('/p/main.c', 'x'), a, b), { code: 'source-changed' }],
  ['a header', withFiles(main, a, treeFile('/p/b.h', 'x')), { code: 'header-changed', path: '/p/b.h', count: 1 }],
  ['a header gone', withFiles(main, a), { code: 'header-changed', path: '/p/b.h', count: 1 }],
  [
    'a header found elsewhere',
    withFiles(main, a, treeFile('/p/inc/b.h')),
    { code: 'header-changed', path: '/p/inc/b.h', count: 2 },
  ],
  ['the date', { ...ACTION, date: '2030-01-01' }, { code: 'date-changed' }],
  ['a link', { ...ACTION, tree: { ...ACTION.tree, links: [] } }, { code: 'paths-changed' }],
  ['source and arguments', { ...withFiles(treeFile('/p/main.c', 'x')), args: [] }, { code: 'arguments-changed' }],
]

for (const [what, now, reason] of ROWS) {
  test(`when ${what} changed, the reason is ${reason.code}`, () => assert.deepEqual(missReason(ACTION, now), reason))
}

test('a place that was never seen is compiled the first time', () => {
  const known = new KnownActions()
  assert.deepEqual(known.explainMiss(PLACE, ACTION), { code: 'first-time' })
  assert.deepEqual(known.explainMiss({ ...PLACE, output: 'other.o' }, ACTION), { code: 'first-time' })
})

test('a miss is compared with what the place had last, hit or miss', () => {
  const known = new KnownActions()
  known.remember(PLACE, withFiles(treeFile('/p/main.c', 'x')))
  known.remember(PLACE, ACTION)
  assert.deepEqual(known.explainMiss(PLACE, ACTION), { code: 'expired' })
})

test('places are forgotten before they fill the memory, the last used last', () => {
  const known = new KnownActions()
  for (let at = 0; at < 3 * ACTIONS_KNOWN_MAX; at += 1) known.remember({ ...PLACE, output: `${at}.o` }, ACTION)
  const last = { ...PLACE, output: `${3 * ACTIONS_KNOWN_MAX - 1}.o` }
  assert.deepEqual(known.explainMiss({ ...PLACE, output: '0.o' }, ACTION), { code: 'first-time' })
  assert.deepEqual(known.explainMiss(last, ACTION), { code: 'expired' })
})
