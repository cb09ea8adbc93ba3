import { closeSync, readdirSync, readFileSync } from 'node:fs'

/** Whether a process of this id is there, ours or not. */
export function processAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/**
 * Closes what was inherited beyond stdio: a node in the background must not hold the pipes of the build that started it
 * (a `make` waits for its jobserver's readers to go). Only where the system lists them; elsewhere Node has closed those below 16.
 */
export function closeInherited(): void {
  for (const descriptor of inheritedOpen()) {
    try {
      closeSync(descriptor)
    } catch {
      // It was closed in between.
    }
  }
}

/** Descriptors beyond stdio that a program started from here would inherit: those of Node itself are marked to be closed. */
function inheritedOpen(): readonly number[] {
  return openDescriptors()
    .filter(({ flags }) => (flags & O_CLOEXEC) === 0)
    .map(({ descriptor }) => descriptor)
}

/** Descriptors beyond stdio with their open flags. Empty where the system does not tell (only Linux does). */
export function openDescriptors(): readonly { readonly descriptor: number; readonly flags: number }[] {
  try {
    return readdirSync('/proc/self/fd').flatMap((name) => {
      const descriptor = Number(name)
      const flags = descriptor > 2 ? flagsOf(descriptor) : undefined
      return flags === undefined ? [] : [{ descriptor, flags }]
    })
  } catch {
    return []
  }
}

function flagsOf(descriptor: number): number | undefined {
  try {
    const octal = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1]
    return octal === undefined ? undefined : Number.parseInt(octal, 8)
  } catch {
    return undefined // The one that listed the folder.
  }
}

const O_CLOEXEC = 0o2000000
