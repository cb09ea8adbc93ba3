import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { systemClock } from '../../../src/base/clock.ts'
import { silentLog } from '../../../src/base/log.ts'
import { systemRandom } from '../../../src/base/random.ts'
import { type Cache, createCache } from '../../../src/cache/cache.ts'
import { blobDigest } from '../../../src/cache/digest.ts'
import { systemDisk } from '../../../src/cache/system-disk.ts'
import type { AskAgent } from '../../../src/cli/agent-client.ts'
import { runHg } from '../../../src/cli/run-hg.ts'
import { answers } from '../../../src/node/answers.ts'
import { JobLog } from '../../../src/scheduler/job-log.ts'
import { CacheBench } from '../cache/cache-bench.ts'

const unused = (): never => assert.fail('not asked for')

/** What `hg cache` asks a node that has this cache, through JSON as over the socket. */
function asked(cache: Cache | undefined): AskAgent {
  if (cache === undefined) return async () => undefined
  const questions = answers({ facts: unused, mesh: unused, jobs: new JobLog(), cache, stop: unused })
  return async (question, shape, args) => {
    const answer: unknown = JSON.parse(JSON.stringify(await questions.get(question)?.(args)))
    assert.ok(shape(answer), question)
    return answer
  }
}

/** Runs `hg cache …`; resolves to its exit code and what it said. */
async function hgCache(home: string, cache: Cache | undefined, ...words: readonly string[]): Promise<string> {
  let said = ''
  const say = (text: string) => {
    said += text
  }
  const code = await runHg(['cache', ...words], {
    terminal: { out: say, err: say, columns: undefined },
    ask: asked(cache),
    home,
    env: {},
    cwd: home,
    clock: systemClock,
    random: systemRandom,
    interrupted: new AbortController().signal,
  })
  return `${code}: ${said}`
}

async function homeFolder(t: TestContext): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'hg-home-'))
  t.after(() => rm(home, { recursive: true, force: true }))
  return home
}

test('a running node tells of its cache, verifies and clears it', async (t) => {
  const home = await homeFolder(t)
  const bench = await CacheBench.started()
  const [, b] = [await bench.store('a'), await bench.store('b')]
  bench.disk.flip(bench.pathOf(b))
  assert.match(await hgCache(home, bench.cache, 'stats'), /^0: .*size +8\.0 KiB of 1\.0 MiB\n.*files +2\nhits +0\n/s)
  assert.equal(await hgCache(home, bench.cache, 'verify'), '0: read 2 files: 1 were corrupt and are gone (4.0 KiB)\n')
  assert.equal(await hgCache(home, bench.cache, 'verify'), '0: read 1 file: all are sound\n')
  assert.equal(
    await hgCache(home, bench.cache, 'clear', '--json'),
    '0: {"chore":"clear","total":1,"removed":1,"removedBytes":4096}\n',
  )
})

test('without a node the cache on disk is looked at, and nothing evicted, whatever the limit', async (t) => {
  const home = await homeFolder(t)
  await writeFile(join(home, 'config.toml'), 'cache-size = "0B"\n')
  const earlier = createCache(
    { disk: systemDisk, clock: systemClock, random: systemRandom, log: silentLog },
    { folder: join(home, 'cache'), maxBytes: 4096 },
  )
  await earlier.blobs.write(blobDigest(new Uint8Array(10)), new Uint8Array(10))
  await earlier.stop()
  assert.equal(
    await hgCache(home, undefined, 'stats'),
    `0: folder   ${home}/cache\nsize     4.0 KiB of 0 B\nresults  0\nfiles    1\n`,
  )
  assert.equal(await hgCache(home, undefined, 'verify'), '0: read 1 file: all are sound\n')
  assert.equal(await hgCache(home, undefined, 'clear'), '0: removed 1 file (10 B)\n')
  assert.equal(await hgCache(home, undefined, 'verify'), '0: read 0 files: all are sound\n')
})
