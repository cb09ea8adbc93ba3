import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mountOf } from '../../../src/node/cpu-quota.ts'

/** A control group that counts the CPU time of a host, and bounds it where the system can. */
export interface CpuGroup {
  readonly hasQuota: boolean
  /** Files into which a process writes its id to become a member, with all it starts. */
  readonly memberFiles: readonly string[]
  members(): readonly number[]
  usedSeconds(): number
  /** Its members must have ended. */
  remove(): void
}

/** What of control groups this system offers. */
export interface CpuGroups {
  readonly quotas: boolean
  /** Makes a group; `cores` is its share, 0.35 for a third of a core. */
  create(name: string, cores: number | undefined): CpuGroup
}

/** Short, so that a small share comes in small pieces: a host is slow, not frozen. */
const PERIOD_MICROS = 20_000

/** Control groups as this system has them, version 1 or 2; undefined where there are none to be had. */
export function cpuGroups(): CpuGroups | undefined {
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n').map(mountOf)
  const version1 = (controller: string) =>
    mounts.find(({ type, options }) => type === 'cgroup' && options.includes(controller))?.path
  const version2 = mounts.find(({ type }) => type === 'cgroup2')?.path
  const cpu = version1('cpu')
  const cpuacct = version1('cpuacct')
  if (cpu !== undefined && cpuacct !== undefined) return groupsOfVersion1(cpu, cpuacct)
  return version2 === undefined ? undefined : groupsOfVersion2(version2)
}

/** The part of a group that both versions share; version 1 has a folder for each controller. */
export function groupOf(folders: readonly string[]): Omit<CpuGroup, 'usedSeconds' | 'hasQuota'> {
  const memberFiles = folders.map((folder) => join(folder, 'cgroup.procs'))
  // In a container, processes outside of it are listed as 0: to signal that one would be to signal ourselves.
  const membersOf = (file: string) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .map(Number)
      .filter((pid) => pid > 0)
  return {
    memberFiles,
    members: () => memberFiles.filter((file) => existsSync(file)).flatMap(membersOf),
    remove: () => {
      for (const folder of folders) if (existsSync(folder)) rmdirSync(folder)
    },
  }
}

function groupsOfVersion1(cpu: string, cpuacct: string): CpuGroups | undefined {
  const create = (name: string, cores: number | undefined): CpuGroup => {
    const folders = [...new Set([join(cpu, name), join(cpuacct, name)])]
    for (const folder of folders) mkdirSync(folder, { recursive: true })
    if (cores !== undefined) {
      writeFileSync(join(cpu, name, 'cpu.cfs_period_us'), String(PERIOD_MICROS))
      writeFileSync(join(cpu, name, 'cpu.cfs_quota_us'), String(Math.round(cores * PERIOD_MICROS)))
    }
    const usedSeconds = () => Number(readFileSync(join(cpuacct, name, 'cpuacct.usage'), 'utf8')) / 1e9
    return { ...groupOf(folders), hasQuota: cores !== undefined, usedSeconds }
  }
  return usable({ quotas: true, create })
}

function groupsOfVersion2(root: string): CpuGroups | undefined {
  const create = (name: string, cores: number | undefined): CpuGroup => {
    const folder = join(root, name)
    mkdirSync(folder, { recursive: true })
    if (cores !== undefined) {
      writeFileSync(join(folder, 'cpu.max'), `${Math.round(cores * PERIOD_MICROS)} ${PERIOD_MICROS}`)
    }
    const usedSeconds = () => {
      const micros = /^usage_usec (\d+)$/m.exec(readFileSync(join(folder, 'cpu.stat'), 'utf8'))?.[1]
      return Number(micros ?? 0) / 1e6
    }
    return { ...groupOf([folder]), hasQuota: cores !== undefined, usedSeconds }
  }
  return usable({ quotas: enableCpuController(root), create })
}

/** In version 2 a group's children get a controller only if the group hands it down. */
function enableCpuController(root: string): boolean {
  try {
    writeFileSync(join(root, 'cgroup.subtree_control'), '+cpu')
    return true
  } catch {
    return false
  }
}

/** Tries it: in a container the files may be there but not ours to write. */
function usable(groups: CpuGroups): CpuGroups | undefined {
  try {
    groups.create(`hglan-try-${process.pid}`, groups.quotas ? 1 : undefined).remove()
    return groups
  } catch {
    return undefined
  }
}
