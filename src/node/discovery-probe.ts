import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import type { DiscoveryState } from './discovery.ts'

/**
 * Looks whether mDNS can work here: the component itself swallows every error. Sends nothing: binding and connecting
 * a UDP socket asks the kernel for the port and for the route, no more.
 */
export async function probeMulticast(): Promise<DiscoveryState> {
  const addresses = outwardAddresses()
  if (addresses.length === 0) return { kind: 'silent', why: 'no-network' }
  if (!(await portIsShared())) return { kind: 'silent', why: 'port-refused' }
  const sendsFrom = await routeToGroup()
  if (sendsFrom === undefined) return { kind: 'silent', why: 'no-multicast-route' }
  return { kind: 'working', sendsFrom, others: addresses.filter((address) => address !== sendsFrom) }
}

const MDNS_GROUP = '224.0.0.251'
const MDNS_PORT = 5353

function outwardAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
}

async function portIsShared(): Promise<boolean> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  try {
    socket.bind(MDNS_PORT)
    await once(socket, 'listening') // Rejects when an 'error' comes first.
    return true
  } catch {
    return false
  } finally {
    socket.close()
  }
}

/** The address that questions to the group leave from. */
async function routeToGroup(): Promise<string | undefined> {
  const socket = createSocket('udp4')
  try {
    socket.connect(MDNS_PORT, MDNS_GROUP)
    await once(socket, 'connect')
    return socket.address().address
  } catch {
    return undefined
  } finally {
    socket.close()
  }
}
