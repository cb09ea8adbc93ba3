import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A share of this machine's CPU time that this process and others may use together, as containers and services get it. */
export interface CpuQuota {
  /** Cores, in parts too: 0.5 is half of one's time. */
  readonly cores: number
  /** CPU time that all who share it have used, since some moment; as it was last, when it cannot be read. */
  usedMs(): number
}

/** Reads a file of the system as text; throws where there is none. */
export type ReadSystemFile = (path: string) => string

const readSystemFile: ReadSystemFile = (path) => readFileSync(path, 'utf8')

/**
 * The least CPU quota that this process is under; undefined where there is none, and on systems without control groups.
 * Source: cgroups(7), and the kernel's cgroup-v2.rst (`cpu.max`, `cpu.stat`) and sched-bwc.rst (`cpu.cfs_quota_us`).
 */
export function cpuQuota(read: ReadSystemFile = readSystemFile): CpuQuota | undefined {
  try {
    const quotas = groupFolders(read).flatMap((folders) => quotaOf(folders, read) ?? [])
    return quotas.sort((a, b) => a.cores - b.cores)[0]
  } catch {
    return undefined // No /proc: not Linux.
  }
}

/** Where the files of a group are. In version 1 each controller has a tree of its own, in version 2 both are the same. */
interface GroupFolders {
  readonly cpu: string
  readonly cpuacct: string
}

/** This process's groups, and those above them up to the root that it sees; none where its quota and its usage are counted for different groups. */
function groupFolders(read: ReadSystemFile): readonly GroupFolders[] {
  const mounts = read('/proc/self/mounts').split('\n').map(mountOf)
  const groups = read('/proc/self/cgroup').split('\n').map(groupOf)
  const placeOf = (controller: string) => {
    const own =
      groups.find(({ controllers }) => controllers.includes(controller)) ?? groups.find(({ id }) => id === '0')
    const mount = mounts.find(({ type, options }) =>
      own?.id === '0' ? type === 'cgroup2' : type === 'cgroup' && options.includes(controller),
    )
    return { root: mount?.path, group: own?.path }
  }
  const cpu = placeOf('cpu')
  const cpuacct = placeOf('cpuacct')
  if (cpu.root === undefined || cpuacct.root === undefined || cpu.group === undefined || cpu.group !== cpuacct.group)
    return []
  const roots = { cpu: cpu.root, cpuacct: cpuacct.root }
  return upwards(cpu.group).map((path) => ({ cpu: join(roots.cpu, path), cpuacct: join(roots.cpuacct, path) }))
}

/** A line of /proc/mounts. */
export function mountOf(line: string): {
  readonly path: string
  readonly type: string
  readonly options: readonly string[]
} {
  const [, path = '', type = '', options = ''] = line.split(' ')
  return { path, type, options: options.split(',') }
}

function groupOf(line: string): {
  readonly id: string
  readonly controllers: readonly string[]
  readonly path: string
} {
  const [id = '', controllers = '', path = '/'] = line.split(/:([^:]*):(.*)/s)
  return { id, controllers: controllers.split(','), path }
}

/** `/a/b`, `/a`, `/`. */
function upwards(path: string): readonly string[] {
  const above = dirname(path)
  return above === path ? [path] : [path, ...upwards(above)]
}

function quotaOf({ cpu, cpuacct }: GroupFolders, read: ReadSystemFile): CpuQuota | undefined {
  const cores = sharedCores(cpu, read)
  if (!(cores > 0) || cores === Number.POSITIVE_INFINITY) return undefined
  const first = attempt(() => usage(cpuacct, read))
  if (first === undefined) return undefined
  let latest = first
  const usedMs = () => {
    latest = attempt(() => usage(cpuacct, read)) ?? latest
    return latest
  }
  return { cores, usedMs }
}

/** NaN where nothing is said, and where version 2 says `max`; a group of version 1 without a bound says -1. */
function sharedCores(folder: string, read: ReadSystemFile): number {
  const versionTwo = attempt(() => read(join(folder, 'cpu.max')))
  if (versionTwo !== undefined) {
    const [quota, period] = versionTwo.trim().split(' ')
    return Number(quota) / Number(period)
  }
  const number = (name: string) => Number(attempt(() => read(join(folder, name))) ?? Number.NaN)
  return number('cpu.cfs_quota_us') / number('cpu.cfs_period_us')
}

function usage(folder: string, read: ReadSystemFile): number {
  const stat = attempt(() => read(join(folder, 'cpu.stat')))
  const micros = stat === undefined ? undefined : /^usage_usec (\d+)$/m.exec(stat)?.[1]
  const ms = micros === undefined ? Number(read(join(folder, 'cpuacct.usage'))) / 1e6 : Number(micros) / 1e3
  if (!Number.isFinite(ms)) throw new RangeError(`${folder} tells no CPU time`)
  return ms
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
