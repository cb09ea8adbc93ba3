import { closeSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A file descriptor beyond stdio that is open in this process. */
export interface Descriptor {
  readonly number: number
  /** What it leads to, as Linux writes it: a path, `pipe:[123]`, `anon_inode:[eventpoll]`. */
  readonly target: string
  /** Whether a program that is started from here gets it. */
  readonly inherited: boolean
}

/** Descriptors beyond stdio. Empty where the system does not list them: only Linux does. */
export function openDescriptors(): readonly Descriptor[] {
  try {
    return readdirSync('/proc/self/fd').flatMap((name) => descriptor(Number(name)) ?? [])
  } catch {
    return []
  }
}

/**
 * Closes what was inherited beyond stdio: a node in the background must not hold the pipes of the build that started
 * it. (Node.js itself has closed the low ones in starting.)
 */
export function closeInherited(): void {
  for (const { number, inherited } of openDescriptors()) {
    if (!inherited) continue
    try {
      closeSync(number)
    } catch {
      // It was closed in between.
    }
  }
}

/**
 * Descriptors that a build's command must get from us as it would from its shell: make's jobserver, `<(…)`, `3>log`.
 * Node.js marks the low ones as its own when it starts, so ours are told from its by what they are. To be asked before
 * anything else is opened.
 */
export function descriptorsToPass(open: readonly Descriptor[], makeFlags: string): readonly number[] {
  const jobserver = /--jobserver-(?:auth|fds)=(\d+),(\d+)/.exec(makeFlags)?.slice(1).map(Number) ?? []
  const isOwn = ({ number, target }: Descriptor) => {
    if (jobserver.includes(number)) return false
    // Node.js talks to itself through pipes of which it holds both ends.
    return target.startsWith('anon_inode:') || open.filter((other) => other.target === target).length > 1
  }
  const found = open.filter((each) => !each.inherited && !isOwn(each)).map(({ number }) => number)
  return [...new Set([...found, ...jobserver])]
}

/** `stdio` of a child that gets our stdio and these descriptors, each under its own number. */
export function stdioWith(descriptors: readonly number[]): ('inherit' | 'ignore' | number)[] {
  const last = Math.max(2, ...descriptors)
  return Array.from({ length: last + 1 }, (_, number) => {
    if (number <= 2) return 'inherit'
    return descriptors.includes(number) ? number : 'ignore'
  })
}

function descriptor(number: number): Descriptor | undefined {
  if (!(number > 2)) return undefined
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${number}`, 'utf8'))?.[1] ?? '0'
    const inherited = (Number.parseInt(flags, 8) & O_CLOEXEC) === 0
    return { number, target: readlinkSync(`/proc/self/fd/${number}`), inherited }
  } catch {
    return undefined // The one that listed the folder.
  }
}

const O_CLOEXEC = 0o2000000
