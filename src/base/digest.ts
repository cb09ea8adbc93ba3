import { hash } from 'node:crypto'

/** Lower-case hex of a SHA-256: 64 characters. */
export type Sha256Hex = string & { readonly __brand: 'sha256' }

/** The SHA-256 of `bytes`. Synchronous, about 1.7 GB/s: keep it to a few megabytes at a time. */
export function sha256(bytes: Uint8Array | string): Sha256Hex {
  return hash('sha256', bytes, 'hex') as Sha256Hex
}

/** Whether a value from outside has the form of a digest. */
export function isSha256(value: unknown): value is Sha256Hex {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}
