import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { isCacheStatus } from '../../src/status/cache-listing.ts'
import { describeResult } from './lab/command.ts'
import { eventually } from './lab/eventually.ts'
import type { Host } from './lab/host.ts'
import { createLab, type Lab } from './lab/lab.ts'
import { compilesDuring, startMesh, statsOf } from './lab/mesh.ts'
import { labMissing } from './lab/support.ts'

const SOURCES = 24
const LAUNCHERS = 20
/** Functions of a source that takes seconds: longer than all launchers of all hosts need to ask for it. */
const SLOW_FUNCTIONS = 1_500
/** Lookups that may find the one home that is left busy for longer than they wait: all hosts share this machine's cores. */
const LATE_MAX = 2
/** What was compiled is at its homes after so long, at the latest. */
const STORED_MS = 10_000

suite('results of the mesh', { skip: labMissing() }, () => {
  let lab: Lab
  let project: string
  before(async () => {
    lab = createLab({ hosts: 3 })
    project = join(lab.shared, 'project')
    writeProject(project)
    await startMesh(lab.hosts)
  })
  after(() => lab.destroy())

  test('what one machine built, the others build from the cache: the same objects, every compile a hit', async (t) => {
    const [first, ...others] = lab.hosts as [Host, ...Host[]]
    const objects = await built(first)
    await settledAtHomes(lab.hosts)
    for (const host of others) {
      let theirs: readonly string[] = []
      const { compiles, cached, told } = await compilesDuring(host, async () => {
        theirs = await built(host)
      })
      assert.deepEqual([compiles, cached], [SOURCES, SOURCES], told)
      assert.deepEqual(theirs, objects)
      const { byCache } = await statsOf(host)
      t.diagnostic(`${host.name}: ${JSON.stringify(byCache)}`)
    }
  })

  test('a machine that lost its cache finds all at the others, though one of them is gone, too', async () => {
    const [, , host] = lab.hosts as [Host, Host, Host]
    lab.host(1).powerOff()
    assert.equal((await host.run(['hg', 'cache', 'clear'])).exitCode, 0)
    assert.equal(await resultsOn(host), 0)
    const { compiles, cached, told } = await compilesDuring(host, async () => {
      await built(host)
    })
    assert.equal(compiles, SOURCES, told)
    assert.ok(cached >= SOURCES - LATE_MAX, told)
  })

  /** Builds everything on a host, and returns the digests of what came of it. */
  async function built(host: Host): Promise<readonly string[]> {
    const clean = await host.run(['make', '-s', 'clean'], { cwd: project })
    assert.equal(clean.exitCode, 0, describeResult(clean))
    const result = await host.run(['hgbuild', 'make', '-s', '-j4'], { cwd: project })
    assert.equal(result.exitCode, 0, describeResult(result))
    return (await host.run(['sh', '-c', 'sha256sum *.o'], { cwd: project })).stdout.split('\n')
  }
})

suite('one compile asked for by all at once', { skip: labMissing() }, () => {
  test(`by ${LAUNCHERS} launchers on each of three machines: it runs once`, async () => {
    const lab = createLab({ hosts: 3 })
    try {
      const folder = join(lab.shared, 'same')
      mkdirSync(folder)
      writeFileSync(join(folder, 'slow.c'), slowSource())
      await startMesh(lab.hosts)
      const command = `for i in $(seq ${LAUNCHERS}); do gcc -O2 -c slow.c -o slow.o & done; wait`
      const counted = await Promise.all(
        lab.hosts.map((host) =>
          compilesDuring(host, async () => {
            const result = await host.run(['hgbuild', 'sh', '-c', command], { cwd: folder })
            assert.equal(result.exitCode, 0, describeResult(result))
          }),
        ),
      )
      const told = counted.map((each) => each.told).join('\n')
      const sum = (pick: (each: (typeof counted)[number]) => number) =>
        counted.reduce((all, each) => all + pick(each), 0)
      assert.equal(
        sum(({ compiles }) => compiles),
        3 * LAUNCHERS,
        told,
      )
      assert.equal(
        sum(({ compiles, cached }) => compiles - cached),
        1,
        told,
      )
    } finally {
      lab.destroy()
    }
  })
})

function writeProject(folder: string): void {
  mkdirSync(folder)
  const names = Array.from({ length: SOURCES }, (_, at) => `part${at}`)
  writeFileSync(join(folder, 'common.h'), '#include <stdio.h>\n#include <string.h>\nstruct shared { int a, b; };\n')
  for (const [at, name] of names.entries()) {
    writeFileSync(
      join(folder, `${name}.c`),
      `#include "common.h"\nint ${name}(struct shared *s) { printf("%d", s->a + ${at}); return s->b; }\n`,
    )
  }
  const objects = names.map((name) => `${name}.o`).join(' ')
  const rule = '%.o: %.c\n\tcc -O2 -g -Wall -c $< -o $@\n'
  writeFileSync(join(folder, 'Makefile'), `all: ${objects}\n${rule}clean:\n\trm -f *.o\n`)
}

function slowSource(): string {
  return Array.from(
    { length: SLOW_FUNCTIONS },
    (_, at) =>
      `int f${at}(int n) { int s = ${at}; for (int i = 0; i < n; i++) s = s * 31 + i % ${at + 2}; return s; }\n`,
  ).join('')
}

/** Waits until two machines have each result, and nothing more is on its way. */
async function settledAtHomes(hosts: readonly Host[]): Promise<void> {
  let before = 0
  await eventually('each result has two homes', STORED_MS, async () => {
    const counts = await Promise.all(hosts.map(resultsOn))
    const sum = counts.reduce((all, count) => all + count, 0)
    const settled = sum >= 2 * SOURCES && sum === before
    before = sum
    return settled
  })
}

async function resultsOn(host: Host): Promise<number> {
  const result = await host.run(['hg', 'cache', 'stats', '--json'])
  const status: unknown = JSON.parse(result.stdout)
  assert.ok(isCacheStatus(status), describeResult(result))
  return status.results
}
