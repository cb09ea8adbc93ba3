import assert from 'node:assert/strict'
import { mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sha256 } from '../../../src/base/digest.ts'
import { TOOLCHAIN_FRESH_MS } from '../../../src/base/limits.ts'
import type { Toolchain, ToolchainId } from '../../../src/compiler/toolchain.ts'
import { TreeWay } from '../../../src/scheduler/tree-way.ts'
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
  const way = new TreeWay({ clock, trees, takesTrees: () => true })
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
