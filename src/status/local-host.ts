import { isIP } from 'node:net'

/**
 * Whether a `Host` header was meant for this service. A web page that has its own name point at 127.0.0.1 (DNS
 * rebinding) comes with that name; people and scripts come with `localhost` or an address.
 */
export function isLocalHost(host: string | undefined): boolean {
  if (host === undefined) return false
  const name = /^(\[[\da-f:.]+\]|[^:]+)(?::\d{1,5})?$/i.exec(host)?.[1]?.toLowerCase()
  if (name === undefined) return false
  return name === 'localhost' || name.endsWith('.localhost') || isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0
}

/** Whether a request comes from no web page (no `Origin`), or from one that this machine served. */
export function isLocalOrigin(origin: string | undefined): boolean {
  if (origin === undefined) return true
  const host = /^https?:\/\/([^/]+)$/i.exec(origin)?.[1]
  return isLocalHost(host)
}
