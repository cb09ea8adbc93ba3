import { existsSync } from 'node:fs'
import { cpuGroups } from './cpu-group.ts'

const TOOLS = ['ip', 'nsenter', 'unshare', 'mount', 'hostname']
const BIN = ['/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** Why no lab can be made on this machine, for a test's `skip`; false where one can. */
export function labMissing(): string | false {
  if (process.platform !== 'linux') return 'a LAN of namespaces needs Linux'
  if (process.getuid?.() !== 0) return 'a LAN of namespaces needs root'
  const missing = TOOLS.filter((tool) => !BIN.some((folder) => existsSync(`${folder}/${tool}`)))
  return (
    missing.length > 0 && `a LAN of namespaces needs ${missing.join(', ')} (Debian: iproute2, util-linux, hostname)`
  )
}

/** Why hosts cannot be given a share of a core; false where they can. */
export function quotaMissing(): string | false {
  return labMissing() || (!cpuGroups()?.quotas && 'no cpu controller of control groups can be written here')
}

/** Why a test that needs these programs cannot run; false when all are installed. */
export function programsMissing(...programs: readonly string[]): string | false {
  const missing = programs.filter((program) => !BIN.some((folder) => existsSync(`${folder}/${program}`)))
  return missing.length > 0 && `needs ${missing.join(', ')}`
}
