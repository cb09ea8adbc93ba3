import { resolve } from 'node:path'
import { NAME_MAX_LENGTH } from '../base/limits.ts'

/** A sort of value that settings have. */
export interface SettingKind<T> {
  /** Completes "it takes …" in errors and help. */
  readonly accepts: string
  /** Undefined when `value` (text from a flag or the environment, anything from TOML) is not of this kind. */
  parse(value: unknown, from: SettingOrigin): T | undefined
}

export interface SettingOrigin {
  /** Relative paths are meant from here: the working directory, or the folder of the settings file. */
  readonly folder: string
}

export const onOff: SettingKind<boolean> = {
  accepts: 'on or off',
  parse: (value) => (typeof value === 'boolean' ? value : ON_OFF.get(String(value).toLowerCase())),
}

export function wholeNumber(min: number, max: number): SettingKind<number> {
  return {
    accepts: `a whole number from ${min} to ${max}`,
    parse: (value) => {
      const number = /^\d{1,15}$/.test(plain(value)) ? Number(plain(value)) : Number.NaN
      return number >= min && number <= max ? number : undefined
    },
  }
}

/** Bytes, written as `5GiB`. */
export const size: SettingKind<number> = {
  accepts: 'a size such as 500MiB or 5GiB',
  parse: (value) => {
    const [, digits, unit] = /^(\d+(?:\.\d+)?) ?(B|KiB|MiB|GiB|TiB)?$/i.exec(plain(value)) ?? []
    if (digits === undefined) return undefined
    const bytes = Math.round(Number(digits) * (UNITS.get((unit ?? 'B').toLowerCase()) ?? 1))
    return Number.isSafeInteger(bytes) ? bytes : undefined
  },
}

export function oneOf<const T extends string>(...choices: readonly T[]): SettingKind<T> {
  return {
    accepts: `one of ${choices.join(', ')}`,
    parse: (value) => choices.find((choice) => choice === value),
  }
}

/** How a node is called by people: shown on terminals and pages, so without control characters. */
export const nodeName: SettingKind<string> = {
  accepts: `a name of 1 to ${NAME_MAX_LENGTH} letters, digits, dots, dashes or underscores`,
  parse: (value) =>
    typeof value === 'string' && value.length <= NAME_MAX_LENGTH && /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(value)
      ? value
      : undefined,
}

/** Where to listen: an address of this machine, or `localhost`. */
export const hostName: SettingKind<string> = {
  accepts: 'an address or host name of this machine, such as 127.0.0.1',
  parse: (value) => (typeof value === 'string' && /^[\w.:-]{1,253}$/.test(value) ? value : undefined),
}

export const file: SettingKind<string | undefined> = {
  accepts: 'the path of a file',
  parse: (value, { folder }) =>
    typeof value === 'string' && value !== '' && !value.includes('\0') ? resolve(folder, value) : undefined,
}

/** Nodes to look for where there is no multicast. */
export const peerAddresses: SettingKind<readonly string[]> = {
  accepts: 'addresses such as 192.168.1.5:9000 or /ip4/192.168.1.5/tcp/9000, parted by commas',
  parse: (value) => {
    const addresses = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [undefined]
    const trimmed = addresses.map((address) => (typeof address === 'string' ? address.trim() : ''))
    return trimmed.every(isPeerAddress) ? trimmed : undefined
  },
}

const ON_OFF = new Map([
  ['on', true],
  ['off', false],
  ['true', true],
  ['false', false],
  ['yes', true],
  ['no', false],
  ['1', true],
  ['0', false],
])

const UNITS = new Map(['b', 'kib', 'mib', 'gib', 'tib'].map((unit, power) => [unit, 1024 ** power]))

const PORT_MAX = 65_535

/** `HOST:PORT`, `[IPv6]:PORT` or a multiaddr over TCP. */
function isPeerAddress(address: string): boolean {
  if (address.startsWith('/')) return /^\/(ip4|ip6|dns|dns4|dns6|dnsaddr)\/[^/\s]+(\/[^/\s]+)*$/.test(address)
  const port = /^(?:[\w.-]+|\[[\da-f:.%\w]+\]):(\d{1,5})$/i.exec(address)?.[1]
  return port !== undefined && Number(port) >= 1 && Number(port) <= PORT_MAX
}

function plain(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value) : ''
}
