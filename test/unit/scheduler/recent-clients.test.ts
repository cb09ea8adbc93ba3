import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NEWS_OF_LOAD_MS } from '../../../src/base/limits.ts'
import type { PeerId } from '../../../src/protocols/mesh.ts'
import { RecentClients } from '../../../src/scheduler/recent-clients.ts'
import { SimClock } from '../../sim/clock.ts'
import { compiled, REQUEST, shipmentOf, workerBench } from './worker-bench.ts'

const ADA = 'ada' as PeerId
const WORKER = 'worker' as PeerId
const NEVER = new AbortController().signal

test('a peer is a client while a job of it is here, however long, and a while after the last', async () => {
  const clock = new SimClock()
  const clients = new RecentClients({ clock })
  const seen: boolean[] = []
  const look = () => seen.push(clients.has(ADA))
  look()
  clients.began(ADA)
  clients.began(ADA)
  clients.ended(ADA)
  await clock.run(3 * NEWS_OF_LOAD_MS)
  look()
  clients.ended(ADA)
  await clock.run(NEWS_OF_LOAD_MS - 1)
  look()
  await clock.run(1)
  look()
  assert.deepEqual(seen, [false, true, true, false])
})

test('a worker takes for clients who have jobs there, from before they take a slot until after they give it back', async () => {
  const clock = new SimClock()
  const during: boolean[] = []
  const bench = workerBench({
    run: async () => {
      await clock.run(2 * NEWS_OF_LOAD_MS)
      during.push(bench.clients.has(ADA), bench.clients.has('bob' as PeerId))
      return compiled()
    },
  })
  assert.equal(bench.clients.has(ADA), false)
  await bench.client(ADA)(WORKER, REQUEST, shipmentOf({ '/home/ada/project/main.c': 'int x;' }), NEVER)
  assert.deepEqual([during, bench.clients.has(ADA)], [[true, false], true])
})
