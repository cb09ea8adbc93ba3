import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../../src/base/clock.ts'
import { silentLog } from '../../../src/base/log.ts'
import { systemRandom } from '../../../src/base/random.ts'
import { createLibp2pMesh } from '../../../src/node/libp2p-mesh.ts'
import type { Mesh } from '../../../src/protocols/mesh.ts'

export interface LoopbackPair {
  readonly a: Mesh
  readonly b: Mesh
  stop(): Promise<void>
}

/** Two nodes' ends of the network on loopback, in this process, that have met. */
export async function startLoopbackPair(): Promise<LoopbackPair> {
  const folder = await mkdtemp(join(tmpdir(), 'hybridgrid-'))
  const create = (name: string, peers: readonly string[]) =>
    createLibp2pMesh(
      { clock: systemClock, random: systemRandom, log: silentLog },
      { keyFile: join(folder, name), host: '127.0.0.1', port: 0, mdns: false, peers, meshKey: undefined },
    )
  const a = await create('a', [])
  await a.start()
  const b = await create('b', [...a.addresses()])
  const met = Promise.all([arrival(a), arrival(b)])
  await b.start()
  await met
  return {
    a,
    b,
    stop: async () => {
      await Promise.all([a.stop(), b.stop()])
      await rm(folder, { recursive: true })
    },
  }
}

function arrival(mesh: Mesh): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = mesh.subscribe({
      connected: () => {
        unsubscribe()
        resolve()
      },
    })
  })
}
