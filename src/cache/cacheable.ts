import { ACTION_PRINTED_MAX_BYTES } from '../base/limits.ts'
import { TIMESTAMP_GRANULE_MS } from '../compiler/includes/settled.ts'
import type { ChangeTimes } from '../compiler/includes/sync-files.ts'

/** Why a compile is neither looked for nor kept. */
export const UNCACHEABLE_REASONS = [
  /** It may tell the time of day. */
  'tells-time',
  /** It may tell when its source was last changed. */
  'tells-timestamp',
  'failed',
  'prints-much',
  /** An input was changed while it ran, or so shortly before that times do not tell. */
  'inputs-changing',
  /** The machine's clock was set meanwhile: times tell nothing. */
  'clock-set',
  /** It told the date, and that is another one now. */
  'date-changed',
] as const
export type UncacheableReason = (typeof UNCACHEABLE_REASONS)[number]

/** Which of the compiler's own clocks a compile may tell. */
export interface ClockUse {
  readonly usesDate: boolean
  readonly usesTime: boolean
  readonly usesTimestamp: boolean
}

/** What a compile may tell of the time, given what was found in its files: a command line can define clocks, and name them. */
export function clockUse(inFiles: ClockUse, args: readonly string[]): ClockUse {
  const defined = new Set<string>()
  const named = new Set<string>()
  let before = ''
  for (const word of args) {
    if (word.includes('__')) {
      const definition = before === '-D' ? word : word.startsWith('-D') ? word.slice(2) : ''
      const [name = ''] = DEFINED.exec(definition) ?? []
      if (name !== '') defined.add(name)
      for (const [clock] of (name === '' ? word : definition.slice(name.length)).matchAll(CLOCK)) named.add(clock)
    }
    before = word
  }
  const tells = (found: boolean, clock: string) => (found || named.has(clock)) && !defined.has(clock)
  return {
    usesDate: tells(inFiles.usesDate, '__DATE__'),
    usesTime: tells(inFiles.usesTime, '__TIME__'),
    usesTimestamp: tells(inFiles.usesTimestamp, '__TIMESTAMP__'),
  }
}

const CLOCK = /__(?:DATE|TIME|TIMESTAMP)__/g
const DEFINED = /^__(?:DATE|TIME|TIMESTAMP)__(?=$|=)/

/** Before a compile: why there is no use in looking for its result; undefined when there is. */
export function whyNotSought({ usesTime, usesTimestamp }: ClockUse): UncacheableReason | undefined {
  if (usesTime) return 'tells-time'
  return usesTimestamp ? 'tells-timestamp' : undefined
}

/** A moment on both clocks of a machine. */
export interface Moment {
  /** Of the clock that never goes back. */
  readonly now: number
  /** Of the clock that files are stamped with. */
  readonly wallTime: number
}

/** A compile that has ended. */
export interface EndedCompile {
  readonly clock: ClockUse
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined
  readonly printedBytes: number
  /** `copies`: from bytes known by their digest. `files`: the compiler itself read the files, as they were then. */
  readonly readFrom: 'copies' | 'files'
  /** Just before its inputs were looked at, and just after it ended. */
  readonly began: Moment
  readonly ended: Moment
  /** Of the files it read, as they are after it ended; of no use with `copies`. */
  readonly inputs: Iterable<ChangeTimes>
}

/**
 * After a compile: why its result must not be kept; undefined when it may be, provided that its inputs have the same content
 * now as before.
 */
export function whyNotKept(compile: EndedCompile): UncacheableReason | undefined {
  const { clock, readFrom, began, ended, inputs } = compile
  const nothing = whyNothingToKeep(compile)
  if (nothing !== undefined) return nothing
  if (readFrom === 'files') {
    if (wasSet(began, ended)) return 'clock-set'
    for (const times of inputs) if (mayHaveChanged(times, began, ended)) return 'inputs-changing'
  }
  if (clock.usesDate && localDate(began.wallTime) !== localDate(ended.wallTime)) return 'date-changed'
  return whyNotSought(clock)
}

/** The same where the inputs are bytes known by their digests, and no clock is told. */
export function whyNothingToKeep({
  exitCode,
  printedBytes,
}: Pick<EndedCompile, 'exitCode' | 'printedBytes'>): UncacheableReason | undefined {
  if (exitCode !== 0) return 'failed'
  return printedBytes > ACTION_PRINTED_MAX_BYTES ? 'prints-much' : undefined
}

/** The date that a compiler on this machine would tell: `2030-01-31`. */
export function localDate(wallTime: number): string {
  const date = new Date(wallTime)
  const [month, day] = [date.getMonth() + 1, date.getDate()].map((number) => String(number).padStart(2, '0'))
  return `${date.getFullYear()}-${month}-${day}`
}

/**
 * Whether a file may have been another while the compiler read it. Of one that was written just before and has the same
 * content afterwards, what could be missed is a change that was undone within the same tick of the file system's clock,
 * while the compiler read in between. Where a tick may be a second or more, that is taken seriously.
 */
function mayHaveChanged({ mtimeMs, ctimeMs }: ChangeTimes, began: Moment, ended: Moment): boolean {
  const coarse = ctimeMs % COARSE_TICK_MS === 0
  const since = coarse ? began.wallTime - TIMESTAMP_GRANULE_MS : began.wallTime + WALL_TIME_STEP_MS
  // Times from after the compile are somebody's fancy, if they are not those of the change itself.
  return ctimeMs >= since || (mtimeMs >= since && mtimeMs <= ended.wallTime + TIMESTAMP_GRANULE_MS)
}

/** Ticks of file systems are whole seconds, or at most 10 ms (the kernel's own). */
const COARSE_TICK_MS = 1_000
/** `wallTime` counts whole milliseconds, times of files parts of them. */
const WALL_TIME_STEP_MS = 1

function wasSet(began: Moment, ended: Moment): boolean {
  const passed = ended.now - began.now
  return Math.abs(ended.wallTime - began.wallTime - passed) > CLOCK_DRIFT_MAX_MS
}

/** Clocks are slewed by up to 0.05 %: a compile of ten minutes, with room. */
const CLOCK_DRIFT_MAX_MS = 1_000
