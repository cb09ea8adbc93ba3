import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type NetConnectOpts } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { callMicros } from '../timing/loop.ts'
import type { PartTimes } from './micro-parts.ts'

/** Echoes what it hears, at the path or port that it is told; prints the port once it listens. */
const ECHO = `
const server = require('node:net').createServer({ noDelay: true }, (socket) => socket.pipe(socket))
server.listen(process.argv[1] === '0' ? { host: '127.0.0.1', port: 0 } : process.argv[1], () => {
  console.log(server.address().port ?? 'ready')
})`

const BYTE = Uint8Array.of(1)

/**
 * From a write in one process until the other one runs: half of a byte's way to a process that echoes it, and back. Over a unix socket as
 * from the launcher to its agent, and over TCP as from node to node.
 */
export async function wakeUpTimes(calls: number): Promise<PartTimes> {
  const folder = await mkdtemp(join(tmpdir(), 'hybridgrid-bench-'))
  try {
    return {
      'other process awake after a write, unix socket': (await echoMicros(join(folder, 'echo'), calls)) / 2,
      'other process awake after a write, TCP on loopback': (await echoMicros(undefined, calls)) / 2,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Microseconds there and back, at a unix socket or, without a path, at a TCP port. */
async function echoMicros(path: string | undefined, calls: number): Promise<number> {
  const server = spawn(process.execPath, ['-e', ECHO, path ?? '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(server, 'exit')
  try {
    const [said] = await Promise.race([once(server.stdout, 'data'), ended.then(() => [''])])
    const place: NetConnectOpts =
      path === undefined ? { host: '127.0.0.1', port: Number(said), noDelay: true } : { path }
    const socket = connect(place)
    await once(socket, 'connect')
    const micros = await callMicros(calls, async () => {
      socket.write(BYTE)
      await once(socket, 'data')
    })
    socket.destroy()
    return micros
  } finally {
    server.kill()
    await ended
  }
}
