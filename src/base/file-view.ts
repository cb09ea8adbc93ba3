import { readlinkSync, statSync } from 'node:fs'

/**
 * Which files the paths of this process lead to: equal to that of another process, where both see the same mounts below the
 * same root. Empty where the system has but one view. Mirrored in agent-socket.c.
 */
export function fileView(): string {
  if (process.platform !== 'linux') return ''
  const { dev, ino } = statSync('/', { bigint: true })
  return `${mountNamespace()} ${dev}:${ino}`
}

function mountNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/mnt')
  } catch {
    return '' // A chroot without /proc: its root is another.
  }
}
