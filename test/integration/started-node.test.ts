import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../../src/base/clock.ts'
import { agentOf } from '../../src/cli/agent-client.ts'
import { isNodeStatus } from '../../src/status/snapshot.ts'
import { describeResult, runCommand } from '../lan/lab/command.ts'
import { machineEnvironment } from './oracle/oracle-mesh.ts'
import { undo } from './undo.ts'

const BIN = join(import.meta.dirname, '../../bin')

test('a node that a build starts lives on without holding any of the build’s descriptors', async (t) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hg-started-')))
  undo(t, () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  const home = join(folder, 'home')
  mkdirSync(home)
  writeFileSync(join(folder, 'a.c'), 'int a;\n')
  const env = { ...machineEnvironment(), HG_HOME: home, HG_MDNS: 'off', HG_PORT: '0', HG_HTTP_PORT: '0' }
  undo(t, () => runCommand([join(BIN, 'hg'), 'node', 'stop'], { env }))

  // Resolves when nobody holds either pipe any more: neither as 1 and 2 nor as what make or a shell left open.
  const build = ['/bin/sh', '-c', 'exec "$0" make a.o 3>&1 9>&2', join(BIN, 'hgbuild')]
  const built = await runCommand(build, { cwd: folder, env })
  assert.equal(built.exitCode, 0, describeResult(built))
  assert.notEqual(await agentOf(home, systemClock)('status', isNodeStatus), undefined, describeResult(built))
})
