import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

const DIST = join(import.meta.dirname, '../../dist')

/** Runs a program of the package as a Node of that version would, as far as the program can tell. */
function under(version: string, program: string, ...words: readonly string[]) {
  const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`
  const options = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`]
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, join(DIST, `${program}.js`), ...words], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: '/nonexistent' },
  })
  return { status, stdout, stderr }
}

const line = (program: string, version: string) => `${program}: needs Node 22.15 or newer; this is v${version}\n`

for (const version of ['18.20.4', '22.14.0']) {
  test(`hg under Node ${version} says so in one line and ends with 1`, () => {
    assert.deepEqual(under(version, 'hg', 'peers'), { status: 1, stdout: '', stderr: line('hg', version) })
  })
}

for (const program of ['hgbuild', 'launcher']) {
  test(`${program} under an old Node says so, and runs what it was told without the mesh`, () => {
    const command = ['sh', '-c', 'echo "built $1"; exit 3', 'sh', '--no-fallback']
    const told = under('18.20.4', program, '--quiet', '--trace', 'a.json', ...command)
    assert.deepEqual(told, { status: 3, stdout: 'built --no-fallback\n', stderr: line('hgbuild', '18.20.4') })
  })

  test(`${program} under an old Node fails where it must not run without the mesh`, () => {
    const told = under('18.20.4', program, '--no-fallback', 'sh', '-c', 'echo built')
    assert.deepEqual(told, { status: 1, stdout: '', stderr: line('hgbuild', '18.20.4') })
  })
}

test('the oldest Node that is new enough is let in', () => {
  const { status, stderr } = under('22.15.0', 'hg', '--version')
  assert.deepEqual([status, stderr], [0, ''])
})
