import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runCommand } from '../lan/lab/command.ts'
import { machineEnvironment } from './oracle/oracle-mesh.ts'

const BIN = join(import.meta.dirname, '../../bin')
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hg-ignored-')))
const home = join(folder, 'home')
const env = { ...machineEnvironment(), HG_HOME: home, HG_MDNS: 'off', HG_PORT: '0', HG_HTTP_PORT: '0' }

before(() => mkdirSync(home))
after(async () => {
  await runCommand([join(BIN, 'hg'), 'node', 'stop'], { env })
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})

for (const signal of ['HUP', 'INT', 'TERM', 'QUIT', 'USR1', 'PIPE']) {
  test(`a build under hgbuild is as deaf to SIG${signal} as it would be without`, async () => {
    const build = `echo begun; read go; kill -s ${signal} $$; echo survived "$HG_IGNORED_SIGNALS"`
    const nohup = `trap '' ${signal}; exec "$0" --quiet sh -c '${build}'`
    const child = spawn('sh', ['-c', nohup, join(BIN, 'hgbuild')], { env, stdio: 'pipe', detached: true })
    const ended = once(child, 'close')
    let stdout = ''
    for await (const chunk of child.stdout) {
      stdout += chunk
      if (stdout !== 'begun\n') continue
      process.kill(-(child.pid ?? 0), `SIG${signal}`) // As a terminal does, to all of the build.
      child.stdin.end('go\n')
    }
    assert.deepEqual([...(await ended), stdout], [0, null, 'begun\nsurvived \n'])
  })
}

test('a build that is deaf to a signal and has no program ends as a shell does', async () => {
  const nohup = `trap '' HUP; exec "$0" --quiet no-such-program`
  const { exitCode, stderr } = await runCommand(['sh', '-c', nohup, join(BIN, 'hgbuild')], { env })
  assert.equal(exitCode, 127, stderr)
  assert.match(stderr, /^hgbuild: .*no-such-program: not found\n$/)
})
