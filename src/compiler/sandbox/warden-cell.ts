import { closeSync, constants, fstatSync, openSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { RunnerError } from '../runner.ts'
import type { Cell, CellCommand, CellEnd } from './cells.ts'
import type { RunLimits } from './run-limits.ts'
import type { CellReport, Warden } from './warden.ts'
import { type WardenFailure, wordsFor } from './warden-messages.ts'

export interface WardenCellInit {
  readonly number: number
  /** The process that waits in it. */
  readonly pid: number
  readonly limits: RunLimits
  /** Where plain cells live; undefined when confined. */
  readonly folder: string | undefined
  readonly onFree: () => void
}

/** One cell of the native warden. Throws `RunnerError` when it cannot be reached. */
export function wardenCell(warden: Warden, init: WardenCellInit): Cell {
  const place = init.folder === undefined ? enter(init.pid) : plain(join(init.folder, `${init.number}`))
  return {
    root: place.root,
    run: (command, signal) => run(warden, init, command, signal),
    discard: () => {
      if (place.leave()) init.onFree()
    },
  }
}

interface Place {
  readonly root: string
  /** Whether nothing of the compile is left. */
  leave(): boolean
}

/**
 * A confined root exists in the cell's mount namespace alone. The folder behind this file number stays the right one even
 * when the process has ended and its number serves another.
 */
function enter(pid: number): Place {
  const file = openRoot(pid)
  if (fstatSync(file).dev === statSync('/').dev) {
    closeSync(file)
    throw lost('the cell ended while it waited')
  }
  return {
    root: `/proc/self/fd/${file}`,
    leave: () => {
      closeSync(file)
      return true
    },
  }
}

function openRoot(pid: number): number {
  try {
    return openSync(`/proc/${pid}/root`, constants.O_RDONLY | constants.O_DIRECTORY)
  } catch (error) {
    throw lost('the cell cannot be reached through /proc', error)
  }
}

function plain(root: string): Place {
  return {
    root,
    leave: () => {
      try {
        rmSync(root, { recursive: true, force: true })
        return true
      } catch {
        return false // The compile made folders that even we may not enter: nobody gets this cell again.
      }
    },
  }
}

async function run(
  warden: Warden,
  { number, limits }: WardenCellInit,
  command: CellCommand,
  signal: AbortSignal,
): Promise<CellEnd> {
  signal.throwIfAborted()
  const kill = () => warden.kill(number)
  signal.addEventListener('abort', kill, { once: true })
  const report = await warden.run(number, command, limits)
  signal.removeEventListener('abort', kill)
  signal.throwIfAborted()
  return endOf(report)
}

function endOf(report: CellReport | undefined): CellEnd {
  if (report === undefined) throw lost('the sandbox ended')
  if (report.report === 'failed') throw notStarted(report.failure)
  if (report.report === 'prepared') throw lost('the warden is confused')
  if (report.outcome === 'wall-limit') throw new RunnerError({ code: 'RUNNER_TIME_LIMIT' }, 'the compile took too long')
  const { outcome, value, stdout, stderr, usage } = report
  return {
    exitCode: outcome === 'exited' ? value : undefined,
    signal: outcome === 'signalled' ? value : undefined,
    stdout,
    stderr,
    usage,
  }
}

export function lost(message: string, cause?: unknown): RunnerError {
  return new RunnerError({ code: 'RUNNER_LOST' }, message, { cause })
}

export function notStarted(failure: WardenFailure): RunnerError {
  return new RunnerError({ code: 'RUNNER_NOT_STARTED', ...failure }, wordsFor(failure))
}
