import assert from 'node:assert/strict'
import { mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sha256 } from '../../../src/base/digest.ts'
import { TOOLCHAIN_FRESH_MS } from '../../../src/base/limits.ts'
import type { Toolchain, ToolchainId } from '../../../src/compiler/toolchain.ts'
import type { BuiltTree } from '../../../src/compiler/trees/tree-builder.ts'
import { actionOf, TreeWay } from '../../../src/scheduler/tree-way.ts'
import { SimClock } from '../../sim/clock.ts'
import { compileOf } from '../compiler/trees/tree-bench.ts'

test('a tree calls a compiler by the name it was called by, as long as that leads to it; looked at once a second', async (t) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hg-names-')))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const [driver, other, called] = ['driver', 'other', 'called'].map((name) => join(folder, name))
  assert.ok(driver !== undefined && other !== undefined && called !== undefined)
  for (const program of [driver, other]) writeFileSync(program, 'a program', { mode: 0o755 })
  symlinkSync(driver, called)

  const clock = new SimClock()
  const names: string[] = []
  const trees = {
    build: (_: unknown, { compiler }: { readonly compiler: string }) => {
      names.push(compiler)
      return { kind: 'unfit', why: 'modules' } as const
    },
  }
  const way = new TreeWay({ clock, trees, takesTrees: () => true, timeZone: undefined })
  const toolchain: Toolchain = { id: sha256('gcc') as ToolchainId, family: 'gcc', version: '12', target: 'x', driver }
  const invocation = compileOf(['-c', 'a.c'], folder)
  const pack = () =>
    way.pack({ hello: { compiler: called, cwd: folder }, invocation, toolchain, env: new Map(), shippedEnv: [] })

  await pack()
  symlinkSync(other, `${called}.new`)
  renameSync(`${called}.new`, called)
  await pack()
  await clock.run(TOOLCHAIN_FRESH_MS)
  await pack()
  assert.deepEqual(names, [called, called, driver])
})

const CLOCKS = { usesDate: false, usesTime: false, usesTimestamp: false }
const NOON = Date.UTC(2031, 4, 6, 12, 34, 56)

/** What is packed of a source that may tell `clocks`, at a moment, on a node that has TZ or not. */
async function packed(
  clocks: Partial<typeof CLOCKS>,
  {
    env = {},
    version = 'gcc 12.2.0',
    timeZone,
    at = NOON,
  }: {
    readonly env?: Readonly<Record<string, string>>
    readonly version?: string
    readonly timeZone?: string
    readonly at?: number
  } = {},
) {
  const tree = { files: [], links: [], folders: [], absent: [] }
  const built: BuiltTree = { kind: 'tree', tree, bytes: () => undefined, changes: () => [], ...CLOCKS, ...clocks }
  const clock = { ...new SimClock(), wallTime: () => at, now: () => 0, sleep: async () => {} }
  const way = new TreeWay({ clock, trees: { build: () => built }, takesTrees: () => true, timeZone })
  const [family = ''] = version.split(' ')
  const packed = await way.pack({
    hello: { compiler: '/usr/bin/cc', cwd: '/ws' },
    invocation: compileOf(['-c', 'a.c'], '/ws'),
    toolchain: {
      id: sha256('cc') as ToolchainId,
      family: family === 'clang' ? 'clang' : 'gcc',
      version,
      target: 'x',
      driver: '/usr/bin/cc',
    },
    env: new Map(Object.entries(env)),
    shippedEnv: ['LANG=C'],
  })
  assert.ok(packed !== undefined)
  const epoch = packed.request.env.find((variable) => variable.startsWith('SOURCE_DATE_EPOCH='))
  const told = epoch === undefined ? undefined : new Date(1000 * Number(epoch.split('=')[1])).toISOString()
  const { travels } = packed
  return { told, travels, kept: actionOf(packed, { now: 0, wallTime: at }) !== undefined }
}

/** This machine's date and time, as if it were Greenwich's. */
function hereAt(at: number): string {
  return new Date(at - 60_000 * new Date(at).getTimezoneOffset()).toISOString()
}

test('a peer is told the time of here, and the date alone all day long', async () => {
  assert.deepEqual(await packed({ usesTime: true }), { told: hereAt(NOON), travels: true, kept: false })
  const midnight = `${hereAt(NOON).slice(0, 10)}T00:00:00.000Z`
  assert.deepEqual(await packed({ usesDate: true }), { told: midnight, travels: true, kept: true })
  assert.deepEqual(await packed({ usesDate: true }, { at: NOON + 3_600_000 }), {
    told: midnight,
    travels: true,
    kept: true,
  })
})

test('nothing is told to who does not ask, or has been told', async () => {
  assert.deepEqual(await packed({}), { told: undefined, travels: true, kept: true })
  const given = { env: { SOURCE_DATE_EPOCH: '1', TZ: 'UTC-9' } }
  assert.deepEqual(await packed({ usesDate: true }, given), { told: undefined, travels: true, kept: true })
})

for (const [why, clocks, init] of [
  ['clang minds no epoch', { usesTime: true }, { version: 'clang 14.0.6' }],
  ['gcc before 7 minds none', { usesTime: true }, { version: 'gcc 6.3.0' }],
  ['the age of a file is this machine’s', { usesTimestamp: true }, {}],
  ['the call is in a time zone of its own', { usesDate: true }, { env: { TZ: 'UTC-9' } }],
  ['the node is in another than the call', { usesDate: true }, { timeZone: 'UTC-9' }],
] as const) {
  test(`what tells the time stays here, and is not kept, when ${why}`, async () => {
    assert.deepEqual(await packed(clocks, init), { told: undefined, travels: false, kept: false })
  })
}

test('a call in the time zone that the node was started in is like any other', async () => {
  const { travels, kept } = await packed({ usesDate: true }, { env: { TZ: 'UTC-9' }, timeZone: 'UTC-9' })
  assert.deepEqual([travels, kept], [true, true])
})
