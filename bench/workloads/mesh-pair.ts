import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/base/clock.ts'
import { silentLog } from '../../src/base/log.ts'
import { systemRandom } from '../../src/base/random.ts'
import { createLibp2pMesh } from '../../src/node/libp2p-mesh.ts'
import type { Mesh } from '../../src/protocols/mesh.ts'

/** Two nodes' ends of the network on loopback, in this process: what one sends the other pays for too. */
export async function withMeshPair<T>(work: (a: Mesh, b: Mesh) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'hybridgrid-bench-'))
  const create = (name: string, peers: readonly string[]) =>
    createLibp2pMesh(
      { clock: systemClock, random: systemRandom, log: silentLog },
      { keyFile: join(folder, name), host: '127.0.0.1', port: 0, mdns: false, peers, meshKey: undefined },
    )
  const a = await create('a', [])
  await a.start()
  const b = await create('b', [...a.addresses()])
  try {
    const met = new Promise<void>((resolve) => a.subscribe({ connected: () => resolve() }))
    await b.start()
    await met
    return await work(a, b)
  } finally {
    await Promise.all([a.stop(), b.stop()])
    await rm(folder, { recursive: true, force: true })
  }
}
