import type { PeerId } from '../protocols/mesh.ts'

/** A way to find peers that nobody named. Tells what it finds to the `found` it was made with. */
export interface Discovery {
  start(): Promise<void>
  stop(): Promise<void>
}

/** Takes what a discovery found: whoever spoke may have lied about all of it. */
export type Found = (peer: PeerId, addresses: readonly string[]) => void

/** Whether peers can be found without being named: for `hg doctor` and the log. */
export type DiscoveryState =
  | { readonly kind: 'off' }
  /** Questions leave through one network card; peers in the networks of the `others` may not hear them. */
  | { readonly kind: 'working'; readonly sendsFrom: string; readonly others: readonly string[] }
  | { readonly kind: 'silent'; readonly why: DiscoveryFault }

export type DiscoveryFault = 'no-network' | 'no-multicast-route' | 'port-refused'

/** What is wrong, and what to do about it. */
export const DISCOVERY_FAULTS: Readonly<Record<DiscoveryFault, { readonly problem: string; readonly hint: string }>> = {
  'no-network': {
    problem: 'this machine has no network but its own',
    hint: 'connect it, or name peers with --peer HOST:PORT',
  },
  'no-multicast-route': {
    problem: 'no route for multicast, so mDNS questions go nowhere',
    hint: 'add one (`ip route add 224.0.0.0/4 dev INTERFACE`), or name peers with --peer HOST:PORT',
  },
  'port-refused': {
    problem: 'UDP port 5353 is held by a program that does not share it',
    hint: 'end that program, or name peers with --peer HOST:PORT',
  },
}
