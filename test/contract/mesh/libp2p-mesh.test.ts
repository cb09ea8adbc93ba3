import { startLoopbackPair } from './loopback-pair.ts'
import { meshContract } from './mesh-contract.ts'

meshContract({
  name: 'libp2p on loopback TCP',
  async makePair() {
    const { a, b, stop } = await startLoopbackPair()
    return { a, b, run: (promise) => promise, cut: () => a.disconnect(b.self, new Error('cut')), stop }
  },
})
