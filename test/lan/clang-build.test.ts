import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { debianSourceMissing } from './builds/debian-source.ts'
import { PROJECTS } from './builds/projects.ts'
import { workbench } from './builds/workbench.ts'
import { createLab, type Lab } from './lab/lab.ts'
import { compilesDuring, startMesh } from './lab/mesh.ts'
import { labMissing, programsMissing } from './lab/support.ts'

suite('hgbuild make with clang', { skip: labMissing() || debianSourceMissing() || programsMissing('clang') }, () => {
  let lab: Lab
  before(() => {
    lab = createLab({ hosts: 3 })
  })
  after(() => lab.destroy())

  test('compiles run on other machines, and every object is the same', async () => {
    const bench = await workbench(lab.host(1), PROJECTS.clang)
    await startMesh(lab.hosts)
    const counted = await compilesDuring(lab.host(1), async () => {
      await bench.verify(await (await bench.start(['hgbuild'])).ended)
    })
    assert.ok(counted.remote > 0, counted.told)
  })
})
