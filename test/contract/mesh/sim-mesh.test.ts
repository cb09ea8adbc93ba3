import type { PeerId } from '../../../src/protocols/mesh.ts'
import { SimClock } from '../../sim/clock.ts'
import { type Neighbours, SimMesh } from '../../sim/mesh.ts'
import { SimNetwork } from '../../sim/network.ts'
import { SimRandom } from '../../sim/random.ts'
import { meshContract } from './mesh-contract.ts'

/** Virtual time within which every scenario must be over. */
const SCENARIO_MS = 60_000

meshContract({
  name: 'the simulated network',
  async makePair() {
    const clock = new SimClock()
    const network = new SimNetwork({ clock, random: new SimRandom(1) })
    const neighbours: Neighbours = new Map()
    const [a, b] = ['a', 'b'].map((name) => new SimMesh({ clock, network, neighbours }, { self: name as PeerId }))
    if (a === undefined || b === undefined) throw new Error('two were made')
    a.start()
    b.start()
    await clock.runUntil(() => a.connected().length === 1 && b.connected().length === 1, SCENARIO_MS)
    return {
      a,
      b,
      async run<T>(promise: Promise<T>) {
        let settled = false
        const done = promise.finally(() => {
          settled = true
        })
        done.catch(() => undefined)
        // Scenarios that wait for real turns of the event loop must find time passing meanwhile.
        while (!settled) await clock.run(1)
        return done
      },
      cut: () => a.disconnect(b.self, new Error('cut')),
      async stop() {
        a.stop()
        b.stop()
      },
    }
  },
})
