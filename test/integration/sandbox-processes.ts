import { readdirSync, readFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'

/** A process of this machine that this one started, itself or through others. */
export interface Descendant {
  readonly pid: number
  readonly command: string
}

/** All that this process and its children started and that still runs. */
export function descendants(): readonly Descendant[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (processOf(Number(name)) ?? []) : []))
  const found: Descendant[] = []
  const reached = new Set([process.pid])
  for (let before = -1; before !== found.length; ) {
    before = found.length
    for (const { pid, parent, command } of all) {
      if (reached.has(pid) || !reached.has(parent)) continue
      reached.add(pid)
      found.push({ pid, command })
    }
  }
  return found
}

/** Waits for a process of that command to run below this one. */
export async function appears(command: string): Promise<Descendant> {
  for (;;) {
    const found = descendants().find((descendant) => descendant.command === command)
    if (found !== undefined) return found
    await setImmediate()
  }
}

function processOf(
  pid: number,
): { readonly pid: number; readonly parent: number; readonly command: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const end = stat.lastIndexOf(')')
    const [state, parent] = stat.slice(end + 2).split(' ')
    return state === 'Z' ? undefined : { pid, parent: Number(parent), command: stat.slice(stat.indexOf('(') + 1, end) }
  } catch {
    return undefined // It has ended.
  }
}
