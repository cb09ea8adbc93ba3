import { createHash } from 'node:crypto'
import { type PeerInfo, start, stop } from '@libp2p/interface'
import { type MulticastDNSComponents, mdns } from '@libp2p/mdns'
import type { Clock } from '../base/clock.ts'
import { messageOf } from '../base/errors.ts'
import { PEERS_MAX } from '../base/limits.ts'
import type { Logger } from '../base/log.ts'
import type { Random } from '../base/random.ts'
import type { Discovery, Found } from './discovery.ts'
import { peerIdOf } from './peer-id.ts'

export interface MdnsDiscoveryComponents {
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly libp2p: MulticastDNSComponents
  /** How many peers hear a question, and answer it to all. */
  readonly connected: () => number
  readonly found: Found
}

export interface MdnsDiscoveryInit {
  /** See `mdnsServiceTag`. */
  readonly serviceTag: string
}

/**
 * Finds peers by multicast DNS. Nodes ask when they start and are answered to all, so a newcomer is known in
 * milliseconds; asking again later only mends what was lost on the way.
 */
export class MdnsDiscovery implements Discovery {
  readonly #components: MdnsDiscoveryComponents
  readonly #mdns: ReturnType<ReturnType<typeof mdns>>
  #stopping: AbortController | undefined
  #loop: Promise<void> | undefined

  constructor(components: MdnsDiscoveryComponents, { serviceTag }: MdnsDiscoveryInit) {
    this.#components = components
    this.#mdns = mdns({ serviceTag, interval: NEVER_MS })(components.libp2p)
    // Its own event, on every answer: libp2p's `peer:discovery` comes once per peer, so not after a restart.
    this.#mdns.addEventListener('peer', ({ detail }: CustomEvent<PeerInfo>) => {
      components.found(
        peerIdOf(detail.id),
        detail.multiaddrs.map((address) => address.toString()),
      )
    })
  }

  async start(): Promise<void> {
    if (this.#loop !== undefined) return
    this.#stopping = new AbortController()
    this.#loop = this.#run(this.#stopping.signal)
  }

  async stop(): Promise<void> {
    this.#stopping?.abort()
    await this.#loop
    this.#loop = undefined
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, random, log, connected } = this.#components
    let known = connected()
    let unchanged = 0
    while (!signal.aborted) {
      // Starting asks the question, over the network cards that there are now.
      await start(this.#mdns).catch((error) => log.warn('mDNS did not start', { why: messageOf(error) }))
      const pauseMs = searchIntervalMs(connected(), unchanged) * (0.75 + random.float() / 2)
      await clock.sleep(pauseMs, signal).catch(() => undefined)
      await stop(this.#mdns)
      unchanged = connected() === known ? unchanged + 1 : 0
      known = connected()
    }
  }
}

/** Name under which nodes of one mesh look for each other; foreign meshes do not even see it. */
export function mdnsServiceTag(meshKey: Uint8Array | undefined): string {
  const tag = createHash('sha256')
    .update('hybridgrid mdns\0')
    .update(meshKey ?? new Uint8Array())
    .digest('hex')
  return `_hg-${tag.slice(0, 12)}._udp.local`
}

/**
 * Every question is answered by every node to every node: asked at a fixed pace, the work would grow with the square
 * of the mesh. So: each 5 s in a small one, and at most two questions a second in the whole of a large one; and ever more
 * seldom after `unchanged` questions in a row that found nobody new and missed nobody. Who is alone hears no answers, and goes on.
 */
export function searchIntervalMs(peers: number, unchanged: number): number {
  const patience = peers === 0 ? 1 : Math.min(2 ** unchanged, SEARCH_PATIENCE_MAX)
  return Math.max(SEARCH_INTERVAL_MS, Math.min(peers, PEERS_MAX) * 500) * patience
}

const SEARCH_INTERVAL_MS = 5_000
/** Answers cost every node of five 5 ms of CPU a second at the first pace. Who comes asks, and who is lost is called again. */
const SEARCH_PATIENCE_MAX = 16

/** The component's own pace is a fixed one: switched off (the longest that a timer can wait, 24 days). */
const NEVER_MS = 2 ** 31 - 1
