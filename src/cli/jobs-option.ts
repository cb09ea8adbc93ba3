import { basename } from 'node:path'

/** Programs that get a `-j` that fits the mesh when they were given none. */
const BUILDERS: ReadonlyMap<string, (args: readonly string[], makeFlags: string) => boolean> = new Map([
  ['make', makeHasJobs],
  ['gmake', makeHasJobs],
  ['ninja', ninjaHasJobs],
])

/** More than any mesh has; beyond this `make` itself becomes the slow part. */
const JOBS_MAX = 1024

/** Whether a `-j` should be put in. */
export function wantsJobs(command: readonly string[], makeFlags: string): boolean {
  const [program = '', ...args] = command
  const hasJobs = BUILDERS.get(basename(program))
  return hasJobs !== undefined && !hasJobs(args, makeFlags)
}

/** The command with a `-j`. */
export function withJobs([program = '', ...args]: readonly string[], slots: number): readonly string[] {
  return [program, `-j${Math.max(1, Math.min(slots, JOBS_MAX))}`, ...args]
}

/** In a group of letters `j` may follow others that take no value: `-kj4`. */
const MAKE_JOBS = /^-[bBdeikmnpqrRsStvw]*j/
const NINJA_JOBS = /^-[nvdhq]*j/

function makeHasJobs(args: readonly string[], makeFlags: string): boolean {
  const written = beforeDashes(args).some((arg) => MAKE_JOBS.test(arg) || isLongJobs(arg))
  // MAKEFLAGS begins with letters that lack their dash: `kj4 -- CC=gcc`. A jobserver is there when make called us.
  const [first = '', ...others] = makeFlags.trim().split(/\s+/)
  const dashed = first.startsWith('-') || first.includes('=') ? first : `-${first}`
  return written || beforeDashes([dashed, ...others]).some((word) => MAKE_JOBS.test(word) || isLongJobs(word))
}

function isLongJobs(word: string): boolean {
  return /^--(?:jobs|jobserver-auth|jobserver-fds)(?:=|$)/.test(word)
}

function ninjaHasJobs(args: readonly string[]): boolean {
  return beforeDashes(args).some((arg) => NINJA_JOBS.test(arg))
}

function beforeDashes(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--')
  return end < 0 ? args : args.slice(0, end)
}
