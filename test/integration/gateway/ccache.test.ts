import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite, type TestContext, test } from 'node:test'
import { eventually } from '../../lan/lab/eventually.ts'
import { folderOf, startGatewayNode, startTwoNodes, urlOf } from './gateway-node.ts'
import { runTool } from './run-tool.ts'

const skip = spawnSync('ccache', ['--version']).status === 0 ? false : 'ccache is not installed'

suite('ccache, over the gateway', { skip }, () => {
  // The layouts of its manual; the first is what it does when it is told none.
  for (const layout of ['', '|layout=subdirs', '|layout=flat', '|layout=bazel']) {
    test(`hits what another machine compiled${layout && `, as ${layout.slice(1)}`}`, async (t) => {
      const node = await startGatewayNode(t)
      const project = await projectOf(t)
      const storage = `${urlOf(node, '/cache/ccache')}${layout}`
      const first = await project.compile(storage)
      assert.deepEqual(first.remote, { hits: 0, misses: 1 })
      const second = await project.compile(storage)
      assert.deepEqual(second.remote, { hits: 1, misses: 0 })
      assert.deepEqual(second.object, first.object)
    })
  }

  test("hits with Bazel's layout at the root, too", async (t) => {
    const node = await startGatewayNode(t)
    const project = await projectOf(t)
    const storage = `${urlOf(node)}|layout=bazel`
    await project.compile(storage)
    assert.deepEqual((await project.compile(storage)).remote, { hits: 1, misses: 0 })
  })

  test('adds to what it keeps of a source: each state of a header is found again', async (t) => {
    const node = await startGatewayNode(t)
    const project = await projectOf(t)
    for (const pass of ['misses', 'hits']) {
      for (const value of ['1', '2', '3']) {
        await writeFile(join(project.folder, 'value.h'), `#define VALUE ${value}\n`)
        const { remote, direct } = await project.compile(urlOf(node, '/cache/ccache'))
        assert.deepEqual(remote, pass === 'hits' ? { hits: 1, misses: 0 } : { hits: 0, misses: 1 }, `${pass} ${value}`)
        assert.equal(direct, pass === 'hits' ? 1 : 0, 'by its manifest, without a preprocessor')
      }
    }
  })

  test('hits through one node what was compiled beside another, in both directions', async (t) => {
    const [one, other] = await startTwoNodes(t)
    const project = await projectOf(t)
    for (const [value, from, to] of [
      ['1', one, other],
      ['2', other, one],
    ] as const) {
      await writeFile(join(project.folder, 'value.h'), `#define VALUE ${value}\n`)
      const first = await project.compile(urlOf(from, '/cache/ccache'))
      assert.deepEqual(first.remote, { hits: 0, misses: 1 })
      // A busy machine may answer too late; what it then compiles is kept nowhere.
      const object = await eventually('the other node knows it', 20_000, async () => {
        const second = await project.compile(`${urlOf(to, '/cache/ccache')}|read-only`)
        return second.remote.hits === 1 && second.object
      })
      assert.deepEqual(object, first.object)
    }
  })

  test('goes on without it where it is off', async (t) => {
    const node = await startGatewayNode(t, { 'cache-http': 'off' })
    const project = await projectOf(t)
    const storage = urlOf(node, '/cache/ccache')
    await project.compile(storage)
    assert.deepEqual((await project.compile(storage)).remote, { hits: 0, misses: 1 })
  })
})

/** A project that is compiled each time as if on another machine: with nothing but the remote storage. */
async function projectOf(t: TestContext) {
  const folder = await folderOf(t)
  await writeFile(join(folder, 'main.c'), '#include "value.h"\nint main(void) { return VALUE; }\n')
  await writeFile(join(folder, 'value.h'), '#define VALUE 4\n')
  const cache = join(folder, 'ccache')
  // Headers as young as the cache are not trusted otherwise.
  const settings = {
    CCACHE_DIR: cache,
    CCACHE_SLOPPINESS: 'include_file_mtime,include_file_ctime',
  }
  const compile = async (remoteStorage: string) => {
    const env = { ...settings, CCACHE_REMOTE_STORAGE: remoteStorage }
    await rm(cache, { recursive: true, force: true })
    await runTool(['ccache', 'gcc', '-O2', '-c', 'main.c', '-o', 'main.o'], { cwd: folder, env })
    const stats = await runTool(['ccache', '--print-stats'], { cwd: folder, env })
    const count = (name: string) => Number(new RegExp(`^${name}\t(\\d+)$`, 'm').exec(stats)?.[1] ?? Number.NaN)
    return {
      object: await readFile(join(folder, 'main.o')),
      remote: { hits: count('remote_storage_hit'), misses: count('remote_storage_miss') },
      direct: count('direct_cache_hit'),
    }
  }
  return { folder, compile }
}
