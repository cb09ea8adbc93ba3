import { execFileSync } from 'node:child_process'

/** The cables of one lab. Every interface lives in a namespace of the lab, so nothing of the machine's own network changes. */
export interface Network {
  /** The namespace in which a host lives. */
  namespace(host: string): string
  address(host: string): string
  /** Takes the cable out of a host, or puts it back. */
  plug(host: string, state: 'in' | 'out'): void
}

const SUBNET = '10.77.0'
const SWITCH = 'switch'

/**
 * One bridge with a port for each host, in namespaces named `lab-…`.
 * The bridge has a namespace of its own: neither the machine's firewall nor its addresses can get in the way.
 */
export function createNetwork(lab: string, hosts: readonly string[]): Network {
  const namespace = (name: string) => `${lab}-${name}`
  const hub = namespace(SWITCH)
  ip('netns', 'add', hub)
  // Without snooping multicast reaches all ports at once, as on a plain switch.
  ip('-n', hub, 'link', 'add', 'bridge', 'type', 'bridge', 'mcast_snooping', '0')
  ip('-n', hub, 'link', 'set', 'bridge', 'up')
  const addresses = new Map(hosts.map((host, index) => [host, `${SUBNET}.${index + 1}`]))
  for (const [host, address] of addresses) {
    const inside = namespace(host)
    ip('netns', 'add', inside)
    ip('-n', hub, 'link', 'add', host, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', inside)
    ip('-n', hub, 'link', 'set', host, 'master', 'bridge', 'up')
    ip('-n', inside, 'address', 'add', `${address}/24`, 'dev', 'eth0')
    ip('-n', inside, 'link', 'set', 'lo', 'up')
    ip('-n', inside, 'link', 'set', 'eth0', 'up')
    ip('-n', inside, 'route', 'add', 'default', 'dev', 'eth0') // mDNS needs a route for its group.
  }
  return {
    namespace,
    address: (host) => addresses.get(host) ?? '',
    plug: (host, state) => ip('-n', hub, 'link', 'set', host, state === 'in' ? 'up' : 'down'),
  }
}

/** Names of all namespaces whose name begins with `prefix`. */
export function namespacesOf(prefix: string): readonly string[] {
  return ip('netns', 'list')
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((name) => name.startsWith(prefix))
}

/** The processes that live in a namespace. */
export function processesIn(namespace: string): readonly number[] {
  return ip('netns', 'pids', namespace).split('\n').filter(Boolean).map(Number)
}

/** Removes a namespace and the interfaces in it. Its processes must have ended. */
export function removeNamespace(namespace: string): void {
  ip('netns', 'delete', namespace)
}

function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
