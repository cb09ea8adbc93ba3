import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CpuGroup, cpuGroups } from './cpu-group.ts'
import { Host } from './host.ts'
import { createNetwork } from './network.ts'
import { LAB_PREFIX, removeFolder, removeGroup, removeNetwork, sweepStaleLabs } from './sweep.ts'

/** A LAN of small machines on one: each host a network namespace on one bridge, with its own folder and share of the CPU. */
export interface Lab {
  /** `h1`, `h2` …, at 10.77.0.1, 10.77.0.2 … */
  readonly hosts: readonly Host[]
  /** A folder that all hosts see under the same path, as one that each has a copy of. */
  readonly shared: string
  /** Host number `number`, counted from 1. */
  host(number: number): Host
  /** Ends all that runs on the hosts and removes every trace. Safe to repeat. */
  destroy(): void
}

export interface LabInit {
  readonly hosts: number
  /** The share of one core that each host gets: 0.35; or one for each. Without it, as much as the machine has. */
  readonly quota?: number | readonly number[]
}

const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '../../..')
const PROGRAMS = [join(REPOSITORY, 'bin'), join(REPOSITORY, 'node_modules/.bin')]

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Makes a lab. It goes away with `destroy`, at the end of the process, or when the next lab is made after a crash. */
export function createLab(init: LabInit): Lab {
  sweepStaleLabs()
  const name = `${LAB_PREFIX}${process.pid}-${randomBytes(3).toString('hex')}`
  const folder = join(tmpdir(), name)
  const groups: CpuGroup[] = []
  const destroy = () => {
    process.removeListener('exit', destroy)
    for (const signal of ENDING_SIGNALS) process.removeListener(signal, exit)
    removeNetwork(name)
    for (const group of groups.splice(0)) removeGroup(group)
    // To look at what a failed test left, keep it; the next lab of another process sweeps it.
    if (process.env['HG_LAN_KEEP'] === undefined) removeFolder(folder)
  }
  process.once('exit', destroy)
  for (const signal of ENDING_SIGNALS) process.once(signal, exit)

  const names = Array.from({ length: init.hosts }, (_, index) => `h${index + 1}`)
  const folderOf = (host: string) => join(folder, host)
  const shared = folderOf('shared')
  for (const path of [...names.map(folderOf), shared]) mkdirSync(path, { recursive: true })
  const network = createNetwork(name, names)
  const control = cpuGroups()
  const quotaOf = (index: number) => (typeof init.quota === 'object' ? init.quota[index] : init.quota)
  const hosts = names.map((host, index) => {
    const group = control?.create(`${name}-${host}`, quotaOf(index))
    if (group !== undefined) groups.push(group)
    const hidden = names.filter((other) => other !== host).map(folderOf)
    return new Host({ network, group }, { name: host, folder: folderOf(host), hidden, programs: PROGRAMS })
  })
  return { hosts, shared, host: (number) => existing(hosts[number - 1]), destroy }
}

function existing(host: Host | undefined): Host {
  if (host === undefined) throw new RangeError('the lab has no such host')
  return host
}

/** Without a handler a signal would end the process past its `exit` listeners. */
function exit(): void {
  process.exit(1)
}
