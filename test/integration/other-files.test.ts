import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../../src/base/clock.ts'
import { agentOf } from '../../src/cli/agent-client.ts'
import { isJobList, JOBS_LISTED_MAX } from '../../src/status/job-listing.ts'
import { describeResult, runCommand } from '../lan/lab/command.ts'
import { eventually } from '../lan/lab/eventually.ts'
import { machineEnvironment } from './oracle/oracle-mesh.ts'
import { undo } from './undo.ts'

const BIN = join(import.meta.dirname, '../../bin')
const NOTED_MAX_MS = 20_000
const isRoot = process.platform === 'linux' && process.getuid?.() === 0

test('a compile that sees other files than the node is done by its own compiler, and kept for nobody', {
  skip: isRoot ? false : 'only root of a Linux can mount over a folder',
}, async (t) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hg-other-files-')))
  undo(t, () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  const home = join(folder, 'home')
  for (const name of ['home', 'seen', 'mounted']) mkdirSync(join(folder, name))
  for (const name of ['seen', 'mounted']) {
    writeFileSync(join(folder, name, 'text.h'), `#define TEXT "${name}"\n`)
  }
  writeFileSync(join(folder, 'm.c'), '#include "seen/text.h"\nconst char text[] = TEXT;\n')
  const env = { ...machineEnvironment(), HG_HOME: home, HG_MDNS: 'off', HG_PORT: '0', HG_HTTP_PORT: '0' }
  undo(t, () => runCommand([join(BIN, 'hg'), 'node', 'stop'], { env }))

  let builds = 0
  /** What the object holds, and why it was compiled here. */
  const compile = async (...before: readonly string[]) => {
    builds += 1
    const build = `build-${builds}`
    const command = [...before, join(BIN, 'hgbuild'), 'gcc', '-c', 'm.c']
    const called = await runCommand(command, { cwd: folder, env: { ...env, HG_BUILD: build } })
    assert.equal(called.exitCode, 0, describeResult(called))
    const reason = await eventually('the node noted the call', NOTED_MAX_MS, async () => {
      const jobs = (await agentOf(home, systemClock)('jobs', isJobList, { last: JOBS_LISTED_MAX })) ?? []
      const job = jobs.find((each) => each.build === build)
      return job && (job.reason ?? 'known')
    })
    return [/seen|mounted/.exec(readFileSync(join(folder, 'm.o'), 'latin1'))?.[0], reason]
  }
  const inside = ['unshare', '-m', 'sh', '-c', 'mount --bind mounted seen && exec "$@"', 'sh']

  assert.deepEqual(await compile(), ['seen', 'no-peers'])
  assert.deepEqual(await compile(...inside), ['mounted', 'other-files'])
  await eventually('what the node saw is known', NOTED_MAX_MS, async () => (await compile())[1] === 'known')
  assert.deepEqual(await compile(...inside), ['mounted', 'other-files'])
  assert.deepEqual(await compile(), ['seen', 'known'])
})
