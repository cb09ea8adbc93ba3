import type { IncomingHttpHeaders } from 'node:http'

/** Whose requests the gateway answers. */
export type GatewayAccess = 'loopback' | 'any'

export interface Caller {
  readonly remoteAddress: string | undefined
  readonly headers: IncomingHttpHeaders
}

/** Why a request may not use the gateway, and what to do about it; undefined when it may. */
export function refusal({ remoteAddress, headers }: Caller, access: GatewayAccess): string | undefined {
  // Tools send neither; browsers say with them that a page is behind it, and no page has business here.
  const site = headers['sec-fetch-site']
  if (headers.origin !== undefined || (site !== undefined && site !== 'none')) return 'the cache is not for web pages'
  if (access === 'any' || isLoopback(remoteAddress)) return undefined
  return 'the cache is for this machine only; `hg node start --cache-http any` opens it to others'
}

/** Whether an address, as a socket tells it, is of this machine itself. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/.test(address)
}
