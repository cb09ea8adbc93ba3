import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { debianSourceMissing } from './builds/debian-source.ts'
import { PROJECTS } from './builds/projects.ts'
import { type Workbench, workbench } from './builds/workbench.ts'
import { createLab, type Lab } from './lab/lab.ts'
import { compilesDuring, startMesh } from './lab/mesh.ts'
import { labMissing } from './lab/support.ts'

/** The ways in which a build names its compiler; each compiles anew. */
const WAYS = [
  { way: 'by name, under hgbuild', prefix: ['hgbuild', '--no-cache'], env: { CC: 'gcc' } },
  { way: 'by absolute path, under hgbuild', prefix: ['hgbuild', '--no-cache'], env: { CC: '/usr/bin/gcc' } },
  { way: 'as CC="hgbuild gcc", without hgbuild around it', prefix: [], env: { CC: 'hgbuild gcc', HG_CACHE: 'off' } },
] as const

suite('./configure && make with the compiler called', { skip: labMissing() || debianSourceMissing() }, () => {
  let lab: Lab
  let bench: Workbench
  before(async () => {
    lab = createLab({ hosts: 2 })
    bench = await workbench(lab.host(1), PROJECTS.configure)
    await startMesh(lab.hosts)
  })
  after(() => lab.destroy())

  for (const { way, prefix, env } of WAYS) {
    test(`${way}: compiles run on the other machine, and every object is the same`, async () => {
      const counted = await compilesDuring(lab.host(1), async () => {
        await bench.verify(await (await bench.start(prefix, { env })).ended)
      })
      assert.ok(counted.remote > 0, counted.told)
    })
  }
})
