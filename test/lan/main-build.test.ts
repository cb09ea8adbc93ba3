import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { debianSourceMissing } from './builds/debian-source.ts'
import { PROJECTS } from './builds/projects.ts'
import { type Workbench, workbench } from './builds/workbench.ts'
import type { Running } from './lab/command.ts'
import { createLab, type Lab } from './lab/lab.ts'
import { compilesDuring, startMesh } from './lab/mesh.ts'
import { labMissing } from './lab/support.ts'

/** Part of the compiles that must leave the machine of the build. */
const REMOTE_SHARE_MIN = 0.7

suite(`hgbuild make of ${PROJECTS.main.name}`, { skip: labMissing() || debianSourceMissing() }, () => {
  let lab: Lab
  let bench: Workbench
  let nodes: readonly Running[]
  before(async () => {
    lab = createLab({ hosts: 3 })
    bench = await workbench(lab.host(1), PROJECTS.main)
    nodes = await startMesh(lab.hosts)
  })
  after(() => lab.destroy())

  test('most compiles run on other machines, every object is the same, and the program works', async (t) => {
    const counted = await compilesDuring(lab.host(1), async () => {
      const result = await (await bench.start(['hgbuild'])).ended
      const { compared, identical } = await bench.verify(result)
      t.diagnostic(`${identical} of ${compared} objects equal to the byte, the rest after strip -d`)
      t.diagnostic(`${seconds(result.ms)} s, plain make ${seconds(bench.reference.ms)} s`)
      t.diagnostic(/^hybridgrid: .*$/m.exec(result.stderr)?.[0] ?? 'the build told no summary')
    })
    assert.ok(counted.remote >= counted.compiles * REMOTE_SHARE_MIN, counted.told)
  })

  test('a worker killed in the middle, then the own node: the build ends as if nothing had happened', async () => {
    const build = await bench.start(['hgbuild', '--no-cache'])
    await bench.reached(build, 0.25)
    lab.host(2).powerOff()
    await bench.reached(build, 0.6)
    nodes[0]?.kill('SIGKILL')
    await bench.verify(await build.ended)
  })
})

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1)
}
