import { open, stat } from 'node:fs/promises'
import { LOG_LEVELS } from '../../node/logging.ts'
import { wholeNumber } from '../../node/setting-kinds.ts'
import { fields, number, text } from '../../status/shape.ts'
import type { Command } from '../command.ts'
import { CommandError } from '../command-error.ts'
import { EXIT } from '../exit-codes.ts'
import { logFile } from '../log-file.ts'
import { numberFlag } from '../number-flag.ts'

const LINES_MAX = 100_000
const LINES_SHOWN = 50
/** How often a followed log is looked at. */
const FOLLOW_MS = 250
/** The end of a log that is read for its last lines; a line is some 200 bytes. */
const TAIL_BYTES = 4 * 1024 * 1024

export const nodeLogs: Command = {
  words: ['node', 'logs'],
  summary: 'show what the node on this machine wrote to its log',
  flags: [
    { name: 'lines', shape: 'value', usage: '--lines N', help: `the last N lines (default: ${LINES_SHOWN})` },
    { name: 'follow', shape: 'switch', usage: '--follow, -f', short: 'f', help: 'go on with what is added' },
  ],
  run: async ({ flags }, { home, terminal, clock, interrupted }) => {
    const lines = numberFlag('lines', flags.lines, wholeNumber(0, LINES_MAX)) ?? LINES_SHOWN
    const path = logFile(home)
    let at = await sizeOf(path)
    if (at === undefined) {
      throw new CommandError(EXIT.failed, `there is no log in ${home}`, 'start a node with `hg node start`')
    }
    const tail = linesOf(await readFrom(path, Math.max(0, at - TAIL_BYTES), at))
    for (const line of lines === 0 ? [] : tail.slice(-lines)) terminal.out(`${shownLine(line)}\n`)
    while (flags.follow === true && !interrupted.aborted) {
      await clock.sleep(FOLLOW_MS, interrupted).catch(() => undefined) // Interrupted: the loop ends.
      const size = (await sizeOf(path)) ?? 0
      if (size < at) at = 0 // The log was moved aside and begun anew.
      const added = await readFrom(path, at, size)
      const complete = added.subarray(0, added.lastIndexOf('\n') + 1)
      at += complete.length
      for (const line of linesOf(complete)) terminal.out(`${shownLine(line)}\n`)
    }
    return EXIT.ok
  },
}

/** One line for people: time, level, message, fields. What is not JSON is shown as it is. */
export function shownLine(line: string): string {
  let entry: unknown
  try {
    entry = JSON.parse(line)
  } catch {
    return line
  }
  if (!isLogLine(entry)) return line
  const { time, level, msg, ...rest } = entry
  const at = new Date(time).toISOString().slice(0, 23).replace('T', ' ')
  const details = Object.entries(rest).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`)
  return `${at} ${(LOG_LEVELS.get(level) ?? String(level)).padEnd(5)} ${msg}${details.join('')}`
}

const isLogLine = fields({ time: number, level: number, msg: text })

function linesOf(bytes: Buffer): readonly string[] {
  return bytes
    .toString()
    .split('\n')
    .filter((line) => line !== '')
}

async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined)
  return found?.size
}

async function readFrom(path: string, start: number, end: number): Promise<Buffer> {
  if (end <= start) return Buffer.alloc(0)
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
