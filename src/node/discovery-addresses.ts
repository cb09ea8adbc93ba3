import { BlockList, isIP } from 'node:net'
import type { NetworkInterfaceInfo } from 'node:os'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { HybridgridError } from '../base/errors.ts'
import { ADDRESSES_PER_PEER_MAX } from '../base/limits.ts'

export class AddressError extends HybridgridError<{ readonly code: 'PEER_ADDRESS_MALFORMED'; readonly text: string }> {}

/** Reads `HOST:PORT`, `[IPV6]:PORT` or a TCP multiaddr, as a user writes it. */
export function parsePeerAddress(text: string): string {
  try {
    if (text.startsWith('/')) {
      if (!/\/tcp\/\d+/.test(text)) throw new Error('not over TCP')
      return multiaddr(text).toString()
    }
    const match = HOST_PORT.exec(text)
    const host = match?.groups?.['ip6'] ?? match?.groups?.['host'] ?? ''
    const port = Number(match?.groups?.['port'])
    if (match === null || port < 1 || port > 65_535) throw new Error('no HOST:PORT')
    return multiaddr(`/${HOST_KINDS[isIP(host)]}/${host}/tcp/${port}`).toString()
  } catch (cause) {
    throw new AddressError(
      { code: 'PEER_ADDRESS_MALFORMED', text },
      `${JSON.stringify(text)} is not the address of a peer\n  hint: write HOST:PORT, as in \`--peer build-box:9000\`, or a multiaddr with /tcp/`,
      { cause },
    )
  }
}

/** Whether an address lies in a private, link-local or loopback range: all that strangers may make us call. */
export function isNearby(address: Multiaddr): boolean {
  const [host] = address.getComponents()
  const version = host?.value === undefined ? 0 : isIP(host.value)
  if (version === 0 || host?.value === undefined) return false
  return NEARBY.check(host.value, version === 4 ? 'ipv4' : 'ipv6')
}

/**
 * Of the addresses a stranger names for a peer, those worth calling: TCP, nearby, not our own, the ones in our own
 * networks first (addresses are called one after the other, and each dead one costs seconds), at most a few.
 */
export function callableAddresses(
  addresses: readonly string[],
  own: readonly string[],
  networks: readonly NetworkInterfaceInfo[],
): readonly string[] {
  const reachable = new BlockList()
  for (const { cidr, family } of networks) {
    const [network, bits] = cidr?.split('/') ?? []
    if (network !== undefined) reachable.addSubnet(network, Number(bits), family === 'IPv4' ? 'ipv4' : 'ipv6')
  }
  const ours = new Set(own.map(withoutPeer))
  const ranked = addresses
    .slice(0, 4 * ADDRESSES_PER_PEER_MAX)
    .flatMap((text) => {
      const address = parseStranger(text)
      if (address === undefined || !isNearby(address)) return []
      const bare = withoutPeer(address.toString())
      return ours.has(bare) ? [] : [{ bare, rank: rankOf(address, reachable) }]
    })
    .sort((a, b) => a.rank - b.rank)
  return [...new Set(ranked.map(({ bare }) => bare))].slice(0, ADDRESSES_PER_PEER_MAX)
}

/** What we tell others about where we are: loopback leads them to themselves, unless there is nothing else. */
export function announcedAddresses(addresses: Multiaddr[]): Multiaddr[] {
  const outward = addresses.filter((address) => !LOOPBACK.test(address.toString()))
  return outward.length > 0 ? outward : addresses
}

/** An address alone, without whom to expect there. */
export function withoutPeer(text: string): string {
  return text.replace(/\/p2p\/\w+$/, '')
}

const LOOPBACK = /^\/(ip4\/127\.|ip6\/::1\/)/
const HOST_PORT = /^(?:\[(?<ip6>[0-9a-fA-F:.]+)\]|(?<host>[^:/\s[\]]+)):(?<port>\d{1,5})$/
/** By what `isIP` answers: a name is resolved by the system when it is called, to either family. */
const HOST_KINDS: Readonly<Record<number, string>> = { 0: 'dns', 4: 'ip4', 6: 'ip6' }

/** RFC 1918, 3927, 6598 (also used by overlay networks), 4193, 4291. */
const NEARBY_RANGES = [
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['::1', 128, 'ipv6'],
] as const
const NEARBY = new BlockList()
for (const [network, bits, family] of NEARBY_RANGES) NEARBY.addSubnet(network, bits, family)

function parseStranger(text: string): Multiaddr | undefined {
  if (!PLAIN_TCP.test(text)) return undefined
  try {
    return multiaddr(text)
  } catch {
    return undefined // Looks like one, but is none: not worth a word, strangers send many things.
  }
}

const PLAIN_TCP = /^\/ip[46]\/[0-9a-fA-F:.]{2,45}\/tcp\/\d{1,5}(\/p2p\/\w{1,64})?$/

function rankOf(address: Multiaddr, reachable: BlockList): number {
  const [host] = address.getComponents()
  if (host?.value === undefined) return 2
  return reachable.check(host.value, host.name === 'ip4' ? 'ipv4' : 'ipv6') ? 0 : 1
}
