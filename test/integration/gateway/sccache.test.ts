import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite, type TestContext, test } from 'node:test'
import { sccacheWithWebdav } from '../../../scripts/sccache-with-webdav.ts'
import { eventually } from '../../lan/lab/eventually.ts'
import { folderOf, startGatewayNode, startTwoNodes, urlOf } from './gateway-node.ts'
import { freePort, listens, runTool, startTool } from './run-tool.ts'

const sccache = sccacheWithWebdav() ?? ''
const skip = sccache === '' ? 'no sccache here can use WebDAV' : false

suite('sccache, over the gateway as WebDAV', { skip }, () => {
  test('hits what another machine compiled', async (t) => {
    const node = await startGatewayNode(t)
    const folder = await folderOf(t)
    await writeFile(join(folder, 'main.c'), 'int main(void) { return 4; }\n')
    const first = await compileOnce(t, urlOf(node, '/cache/sccache'), folder)
    assert.deepEqual(first.counts, { hits: 0, misses: 1, writeErrors: 0, readErrors: 0 })
    const second = await compileOnce(t, urlOf(node, '/cache/sccache'), folder)
    assert.deepEqual(second.counts, { hits: 1, misses: 0, writeErrors: 0, readErrors: 0 })
    assert.deepEqual(second.object, first.object)
  })

  test('hits through one node what was compiled beside another', async (t) => {
    const [one, other] = await startTwoNodes(t)
    const folder = await folderOf(t)
    await writeFile(join(folder, 'main.c'), 'int main(void) { return 5; }\n')
    const first = await compileOnce(t, urlOf(one, '/cache/sccache'), folder)
    assert.equal(first.counts.misses, 1)
    // A busy machine may answer too late; what it then compiles is kept nowhere.
    const object = await eventually('the other node knows it', 20_000, async () => {
      const second = await compileOnce(t, urlOf(other, '/cache/sccache'), folder, 'READ_ONLY')
      return second.counts.hits === 1 && second.object
    })
    assert.deepEqual(object, first.object)
  })
})

/** Compiles as a machine would on which sccache was just started. */
async function compileOnce(
  t: TestContext,
  endpoint: string,
  folder: string,
  mode: 'READ_WRITE' | 'READ_ONLY' = 'READ_WRITE',
) {
  const object = join(folder, 'main.o')
  await rm(object, { force: true })
  const env = {
    SCCACHE_WEBDAV_ENDPOINT: endpoint,
    SCCACHE_SERVER_PORT: String(await freePort()),
    SCCACHE_CONF: join(folder, 'no-config'),
    HOME: folder,
    SCCACHE_WEBDAV_RW_MODE: mode,
  }
  const run = { cwd: folder, env }
  const ended = startTool(t, [sccache], {
    cwd: folder,
    env: { ...env, SCCACHE_START_SERVER: '1', SCCACHE_NO_DAEMON: '1' },
  })
  const stats = () => runTool([sccache, '--show-stats', '--stats-format=json'], run)
  await eventually('the sccache server listens', 20_000, () => listens(Number(env.SCCACHE_SERVER_PORT)))
  await runTool([sccache, 'gcc', '-O2', '-c', 'main.c', '-o', 'main.o'], run)
  // It answers before it has stored.
  const counts = await eventually('sccache has stored what it compiled', 20_000, async () => {
    const { stored, ...told } = countsIn(await stats())
    return (mode === 'READ_ONLY' || told.misses === stored + told.writeErrors) && told
  })
  await runTool([sccache, '--stop-server'], run)
  await ended
  return { object: await readFile(object), counts }
}

function countsIn(stats: string) {
  const told = JSON.parse(stats).stats
  const sum = (each: { counts: Record<string, number> }) => Object.values(each.counts).reduce((a, b) => a + b, 0)
  return {
    hits: sum(told.cache_hits),
    misses: sum(told.cache_misses),
    stored: Number(told.cache_writes),
    writeErrors: Number(told.cache_write_errors),
    readErrors: Number(told.cache_read_errors),
  }
}
