import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CpuGroup, groupOf } from './cpu-group.ts'
import { killQuietly } from './host.ts'
import { namespacesOf, processesIn, removeNamespace } from './network.ts'

/** What the name of everything that belongs to a lab begins with; the process that made the lab follows. */
export const LAB_PREFIX = 'hglan-'

/** How often the end of killed processes is looked for, 20 ms apart. */
const END_POLLS = 150

/** Ends all that runs in a lab's namespaces, and removes them with all that they hold. Safe to repeat. */
export function removeNetwork(lab: string): void {
  const namespaces = namespacesOf(`${lab}-`)
  for (let poll = 0; poll < END_POLLS; poll++) {
    const left = namespaces.flatMap(processesIn)
    if (left.length === 0) break
    for (const pid of left) killQuietly(pid)
    pause(20)
  }
  for (const namespace of namespaces) removeNamespace(namespace)
}

/** Removes a lab's folder, with whatever is mounted in it. */
export function removeFolder(folder: string): void {
  for (const mounted of mountsBelow(folder)) execFileSync('umount', ['-l', mounted])
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}

/** Ends what is left in a control group (a sandbox hides in namespaces of its own), and removes the group. */
export function removeGroup(group: Pick<CpuGroup, 'members' | 'remove'>): void {
  for (let poll = 0; poll < END_POLLS; poll++) {
    for (const pid of group.members()) killQuietly(pid)
    try {
      group.remove()
      return
    } catch {
      pause(20) // Busy until the kernel has buried its last process.
    }
  }
  group.remove()
}

/** Removes what labs of processes that are gone left behind. */
export function sweepStaleLabs(): void {
  const stale = (name: string) => {
    const pid = new RegExp(`^${LAB_PREFIX}(\\d+)-`).exec(name)?.[1]
    return pid !== undefined && !existsSync(`/proc/${pid}`)
  }
  const labs = namespacesOf(LAB_PREFIX)
    .filter(stale)
    .map((name) => name.split('-').slice(0, 3).join('-'))
  const groups = cgroupMounts().flatMap((root) => {
    const names = readdirSync(root).filter(stale)
    return names.map((name) => groupOf([join(root, name)]))
  })
  const folders = readdirSync(tmpdir()).filter(stale)
  for (const lab of new Set(labs)) unlessGone(() => removeNetwork(lab))
  for (const group of groups) unlessGone(() => removeGroup(group))
  for (const folder of folders) unlessGone(() => removeFolder(join(tmpdir(), folder)))
}

/** Two labs that start at once sweep the same things, and either may be first. */
function unlessGone(remove: () => void): void {
  try {
    remove()
  } catch (error) {
    process.emitWarning(`could not remove what a stale lab left: ${error}`)
  }
}

function cgroupMounts(): readonly string[] {
  return mountTable()
    .filter(({ type }) => type.startsWith('cgroup'))
    .map(({ path }) => path)
}

function mountsBelow(folder: string): readonly string[] {
  return mountTable()
    .map(({ path }) => path)
    .filter((path) => path.startsWith(`${folder}/`))
    .reverse()
}

function mountTable(): readonly { path: string; type: string }[] {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, path = '', type = '']) => ({ path, type }))
}

/** Waits without giving other code a turn: this also runs while the process exits. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
