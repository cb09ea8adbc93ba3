import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { describeResult, runCommand } from './lab/command.ts'
import { createLab, type Lab } from './lab/lab.ts'
import { launchNode, meshComplete, startMesh } from './lab/mesh.ts'
import { labMissing, programsMissing } from './lab/support.ts'

const SOURCES = {
  'fine.c': '#include <stdio.h>\nint main(void) { puts("hello mesh"); return 0; }\n',
  'warned.c': 'int answer(void) { int unused; return 42; }\n',
  'wrong.c': '#include <stdio.h>\nint main(void) { return missing_name + 1; }\n',
  'headless.c': '#include "no-such-header.h"\nint answer;\n',
  'empty.c': '',
} as const

/** What the local compiler says of each, word for word, is what must be heard under hgbuild. */
const SAID = ['gcc -Wall -c warned.c', 'gcc -c wrong.c', 'gcc -c headless.c', 'gcc -c absent.c', 'g++ -O2 -c wrong.c']

const untraceable = await tracingMissing()

suite('one compile', { skip: labMissing() }, () => {
  let lab: Lab
  before(async () => {
    lab = createLab({ hosts: 4 })
    for (const host of lab.hosts) {
      for (const [name, text] of Object.entries(SOURCES)) writeFileSync(join(host.folder, name), text)
    }
    await startMesh([lab.host(1), lab.host(2)])
  })
  after(() => lab.destroy())

  test('hgbuild cc runs it on the other machine and says so', async () => {
    const host = lab.host(1)
    const result = await host.run(['hgbuild', 'cc', 'fine.c', '-o', 'fine'])
    assert.equal(result.exitCode, 0, describeResult(result))
    assert.match(result.stderr, /^\[remote h2\]/m)
    assert.equal((await host.run(['./fine'])).stdout, 'hello mesh\n')
  })

  for (const command of SAID) {
    test(`${command} ends with the same words and exit code as without us`, async () => {
      const host = lab.host(1)
      const local = await host.run(['sh', '-c', command])
      const ours = await host.run(['hgbuild', '--quiet', 'sh', '-c', command])
      assert.equal(ours.stderr, local.stderr)
      assert.equal(ours.stdout, local.stdout)
      assert.equal(ours.exitCode, local.exitCode)
    })
  }

  test('the second time it comes from the cache, until its source changes', async () => {
    const host = lab.host(1)
    const command = ['hgbuild', 'cc', '-c', 'fine.c', '-o', 'again.o']
    const places: string[] = []
    for (const text of [SOURCES['fine.c'], SOURCES['fine.c'], `${SOURCES['fine.c']}int more;\n`]) {
      writeFileSync(join(host.folder, 'fine.c'), text)
      const result = await host.run(command)
      assert.equal(result.exitCode, 0, describeResult(result))
      places.push(result.stderr.trim())
    }
    writeFileSync(join(host.folder, 'fine.c'), SOURCES['fine.c'])
    assert.deepEqual(places, ['[remote h2]', '[cache local]', '[remote h2]'])
  })

  test('--no-fallback is no hindrance to what runs on the other machine', async () => {
    const result = await lab.host(1).run(['hgbuild', '--no-fallback', 'cc', '-c', 'fine.c', '-o', 'sent.o'])
    assert.equal(result.exitCode, 0, describeResult(result))
    assert.ok(existsSync(join(lab.host(1).folder, 'sent.o')))
  })

  test('without peers it runs here and says why, and with --no-fallback it fails and says why', async () => {
    const host = lab.host(3)
    launchNode(host, '--no-mdns')
    await meshComplete([host], 20_000)
    const result = await host.run(['hgbuild', '--no-cache', 'cc', '-c', 'fine.c'])
    assert.equal(result.exitCode, 0, describeResult(result))
    assert.match(result.stderr, /^\[local no-peers\]/m)
    rmSync(join(host.folder, 'fine.o'))
    const refused = await host.run(['hgbuild', '--no-cache', '--no-fallback', 'cc', '-c', 'fine.c'])
    assert.notEqual(refused.exitCode, 0)
    assert.match(refused.stderr, /no-peers|no other node/)
    assert.equal(existsSync(join(host.folder, 'fine.o')), false)
  })

  test('a machine on which nothing runs yet starts its node by itself', async () => {
    const host = lab.host(4)
    const result = await host.run(['hgbuild', 'make', 'fine'])
    assert.equal(result.exitCode, 0, describeResult(result))
    assert.equal((await host.run(['./fine'])).stdout, 'hello mesh\n')
    await meshComplete([lab.host(1), lab.host(2), host], 5_000)
  })

  test('with a node running, no compile starts a Node process', { skip: untraceable }, async () => {
    const host = lab.host(1)
    const trace = join(host.folder, 'trace')
    const strace = ['strace', '-f', '-e', 'trace=execve', '-o', trace]
    const result = await host.run([...strace, 'hgbuild', 'cc', '-c', 'empty.c'])
    assert.equal(result.exitCode, 0, describeResult(result))
    const started = readFileSync(trace, 'utf8')
      .split('\n')
      .filter((line) => /execve\(.*= 0$/.test(line))
    assert.ok(started.length > 0, 'the trace has the launcher at least')
    assert.deepEqual(
      started.filter((line) => /execve\("[^"]*node"/.test(line)),
      [],
    )
  })
})

async function tracingMissing(): Promise<string | false> {
  const missing = programsMissing('strace')
  if (missing) return missing
  const { exitCode } = await runCommand(['strace', '-o', '/dev/null', 'true'])
  return exitCode !== 0 && 'processes may not be traced here'
}
