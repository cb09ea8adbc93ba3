import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { pino } from 'pino'
import type { Logger } from '../base/log.ts'

/** The log is moved aside when it grows over this, so log and its predecessor together stay below 20 MiB. */
const LOG_FILE_MAX_BYTES = 10 * 1024 * 1024

/** The levels of `hg node logs`, by the numbers that stand in the file. */
export const LOG_LEVELS: ReadonlyMap<number, string> = new Map(
  Object.entries(pino.levels.labels).map(([number, label]) => [Number(number), label]),
)

/**
 * Opens the node's log: one JSON object a line in `path`; the file before it is kept as `path.1`.
 * Lines are written at once: they are few, and the last ones before a crash are those that are wanted.
 */
export function openLog(path: string, level: 'debug' | 'info' | 'warn'): Logger {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const logger = pino({ level, base: null }, boundedFile(path, LOG_FILE_MAX_BYTES))
  const at = (name: 'debug' | 'info' | 'warn'): Logger['info'] => {
    return (message, fields) => logger[name](fields ?? {}, message)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn') }
}

/** Appends to a file that is renamed to `path.1` before it exceeds `maxBytes`. A full disk loses lines, never the node. */
export function boundedFile(path: string, maxBytes: number): { write(line: string): void } {
  let bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  return {
    write: (line) => {
      const lineBytes = Buffer.byteLength(line)
      try {
        if (bytes > 0 && bytes + lineBytes > maxBytes) {
          renameSync(path, `${path}.1`)
          bytes = 0
        }
        appendFileSync(path, line, { mode: 0o600 })
        bytes += lineBytes
      } catch {
        // Nowhere is left to say it.
      }
    },
  }
}
