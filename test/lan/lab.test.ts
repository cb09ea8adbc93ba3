import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { describeResult } from './lab/command.ts'
import { eventually } from './lab/eventually.ts'
import type { Host } from './lab/host.ts'
import { createLab, type Lab } from './lab/lab.ts'
import { labMissing, quotaMissing } from './lab/support.ts'

const MULTICAST_LISTEN = `
const socket = require('dgram').createSocket({ type: 'udp4', reuseAddr: true })
socket.on('message', (text) => { console.log(String(text)); process.exit(0) })
socket.bind(5353, () => { socket.addMembership('224.0.0.251'); console.error('listening') })`
const MULTICAST_SEND = `
const socket = require('dgram').createSocket('udp4')
socket.send('hello', 5353, '224.0.0.251', () => socket.close())`
const SERVE = `require('http').createServer((_, answer) => answer.end(require('os').hostname())).listen(8080, () => console.error('listening'))`

suite('a LAN of namespaces', { skip: labMissing() }, () => {
  let lab: Lab
  before(() => {
    lab = createLab({ hosts: 3 })
  })
  after(() => lab.destroy())

  test('every host has its own name, folder and HG_HOME, and cannot see into the others', async () => {
    const [h1, h2] = [lab.host(1), lab.host(2)]
    writeFileSync(join(h1.folder, 'secret'), 'of h1')
    assert.equal((await h1.run(['sh', '-c', 'hostname; echo $HG_HOME; cat secret'])).stdout, `h1\n${h1.home}\nof h1`)
    assert.notEqual((await h2.run(['cat', join(h1.folder, 'secret')])).exitCode, 0)
  })

  test('a cut cable stops traffic, and healing brings it back', async () => {
    const [h1, h2] = [lab.host(1), lab.host(2)]
    const log = join(h1.folder, 'serve.log')
    const server = h1.spawn(['node', '-e', SERVE], { log })
    await serverReady(h1, h1.address)
    assert.equal((await get(h2, h1.address)).stdout, 'h1')
    h1.cut()
    assert.notEqual((await get(h2, h1.address)).exitCode, 0)
    h1.heal()
    await serverReady(h2, h1.address)
    server.kill('SIGKILL')
    assert.equal((await server.ended).exitCode, undefined)
  })

  test('multicast reaches the other hosts', async () => {
    const listeners = [lab.host(2), lab.host(3)].map((host) => host.spawn(['node', '-e', MULTICAST_LISTEN]))
    const heard = Promise.all(listeners.map((listener) => listener.ended))
    await eventually('both heard', 10_000, async () => {
      await lab.host(1).run(['node', '-e', MULTICAST_SEND])
      return listeners.every((listener) => !listener.alive())
    })
    assert.deepEqual(
      (await heard).map(({ stdout }) => stdout),
      ['hello\n', 'hello\n'],
    )
  })

  test('powering a host off ends all that runs on it, and nothing else', async () => {
    const sleepers = [lab.host(1), lab.host(2)].map((host) => host.spawn(['sh', '-c', 'sleep 100 & wait']))
    await eventually(
      'both run',
      5_000,
      () => lab.host(1).processes().length >= 2 && lab.host(2).processes().length >= 2,
    )
    lab.host(1).powerOff()
    await sleepers[0]?.ended
    assert.equal(sleepers[1]?.alive(), true)
    assert.deepEqual(lab.host(1).processes(), [])
    lab.host(2).powerOff()
    await sleepers[1]?.ended
  })

  test('a home of its own can be full', async () => {
    const host = lab.host(3)
    await host.limitHome(65_536)
    const result = await host.run(['sh', '-c', 'head -c 100000 /dev/zero >$HG_HOME/filler'])
    assert.match(result.stderr, /No space left/, describeResult(result))
  })
})

test('hosts get the share of a core that they are given', { skip: quotaMissing() }, async () => {
  const lab = createLab({ hosts: 1, quota: 0.2 })
  const result = await lab.host(1).run(['timeout', '1', 'sh', '-c', 'while :; do :; done'])
  const used = lab.host(1).cpuSeconds() ?? 0
  const mayUse = (result.ms / 1000) * 0.2
  assert.ok(used > 0.02 && used < mayUse * 1.5, `used ${used} s of ${mayUse} s`)
  const { folder } = lab.host(1)
  lab.destroy()
  assert.equal(existsSync(folder), process.env['HG_LAN_KEEP'] !== undefined)
})

function get(from: Host, address: string) {
  return from.run(['curl', '-sS', '--max-time', '1', `http://${address}:8080/`])
}

function serverReady(from: Host, address: string): Promise<true> {
  return eventually('the server answers', 10_000, async () => (await get(from, address)).exitCode === 0)
}
