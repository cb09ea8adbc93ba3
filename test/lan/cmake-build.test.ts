import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { debianSourceMissing } from './builds/debian-source.ts'
import { PROJECTS } from './builds/projects.ts'
import { type Workbench, workbench } from './builds/workbench.ts'
import { createLab, type Lab } from './lab/lab.ts'
import { compilesDuring, meshComplete, startMesh } from './lab/mesh.ts'
import { labMissing, programsMissing } from './lab/support.ts'

/** Room for identity, logs and sockets of a node, and soon filled. */
const HOME_BYTES = 32 * 1024 ** 2
/** A machine whose cable is back in is known again within so long. */
const REJOINED_MS = 10_000

/** Without the cache: what was compiled once would not be compiled again. */
const ANEW = ['hgbuild', '--no-cache']
/** Part of a repeated build's compiles that must come from the cache; the tests of a configure script stay out of it. */
const CACHED_SHARE_MIN = 0.8

const skip = labMissing() || debianSourceMissing() || programsMissing('cmake', 'ninja', 'g++')

suite('hgbuild of a C++ project with cmake and ninja', { skip }, () => {
  let lab: Lab
  let bench: Workbench
  before(async () => {
    lab = createLab({ hosts: 3 })
    await lab.host(1).limitHome(HOME_BYTES)
    bench = await workbench(lab.host(1), PROJECTS.cmake)
    await startMesh(lab.hosts)
  })
  after(() => lab.destroy())

  test('compiles run on other machines, and every object is the same', async () => {
    const counted = await compilesDuring(lab.host(1), async () => {
      await bench.verify(await (await bench.start(['hgbuild'])).ended)
    })
    assert.ok(counted.remote > 0, counted.told)
  })

  test('the same build again compiles nothing, and every object is the same', async () => {
    const counted = await compilesDuring(lab.host(1), async () => {
      await bench.verify(await (await bench.start(['hgbuild'])).ended)
    })
    assert.equal(counted.remote, 0, counted.told)
    assert.ok(counted.cached >= counted.compiles * CACHED_SHARE_MIN, counted.told)
  })

  test('a worker whose cable is pulled in the middle does not show in the result', async () => {
    const build = await bench.start(ANEW)
    await bench.reached(build, 0.3)
    lab.host(2).cut()
    await bench.verify(await build.ended)
    lab.host(2).heal()
    await meshComplete(lab.hosts, REJOINED_MS)
  })

  test('a client whose own cable is pulled in the middle builds on alone', async () => {
    const build = await bench.start(ANEW)
    await bench.reached(build, 0.3)
    lab.host(1).cut()
    await bench.verify(await build.ended)
    lab.host(1).heal()
    await meshComplete(lab.hosts, REJOINED_MS)
  })

  test('a full disk under HG_HOME does not show in the result', async () => {
    const build = await bench.start(ANEW)
    await bench.reached(build, 0.2)
    const filled = await lab.host(1).run(['sh', '-c', 'cat /dev/zero >"$HG_HOME/filler"'])
    assert.match(filled.stderr, /No space left/)
    await bench.verify(await build.ended)
  })
})
