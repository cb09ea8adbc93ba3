import { readFileSync } from 'node:fs'
import { isatty } from 'node:tty'

/** Whether a process of this id is there, ours or not. */
export function processAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Whether Ctrl-C reaches our children too: a terminal signals every process of its foreground group. */
export function inForeground(): boolean {
  try {
    // proc_pid_stat(5): behind the name in parentheses come state, ppid, pgrp, session, tty_nr, tpgid.
    const [, , group, , , foreground] = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return group !== undefined && group === foreground
  } catch {
    return [0, 1, 2].some((descriptor) => isatty(descriptor))
  }
}
