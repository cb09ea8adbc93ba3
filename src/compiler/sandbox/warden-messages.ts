import { constants } from 'node:os'
import type { RunUsage } from '../runner.ts'
import type { CellCommand } from './cells.ts'
import type { RunLimits } from './run-limits.ts'

/**
 * What the node and the warden (sandbox.c) say to each other; mirrors messages.h. Numbers are little-endian, as every
 * machine is that Node runs on but IBM's Z, which gets no warden.
 */
const VERBS = { prepare: 1, run: 2, kill: 3, expose: 4, cede: 5 } as const

export const CELLS_MAX = 1024
const READY_TREES = 1
const READY_CEDES = 2
const HEADER_BYTES = 16
const RUN_HEADER_BYTES = 48
const REPORT_BYTES = 64

export function encodeVerb(verb: keyof typeof VERBS, cell: number, strings: readonly string[] = []): Buffer {
  return frame(verb, cell, encodeStrings(strings))
}

/** Each ended by a NUL. */
export function encodeStrings(strings: readonly string[]): Buffer {
  return Buffer.from(strings.length === 0 ? '' : `${strings.join('\0')}\0`)
}

export function encodeRun(cell: number, { cwd, argv, env, placing }: CellCommand, limits: RunLimits): Buffer {
  const header = Buffer.alloc(RUN_HEADER_BYTES)
  header.writeBigUInt64LE(BigInt(limits.memoryBytes), 0)
  header.writeBigUInt64LE(BigInt(limits.fileBytes), 8)
  const { wallMs, cpuSeconds, processes, openFiles } = limits
  const small = [wallMs, cpuSeconds, processes, openFiles, argv.length, env.length, placing ? 1 : 0]
  small.forEach((value, index) => {
    header.writeUInt32LE(value, 16 + 4 * index)
  })
  return frame('run', cell, Buffer.concat([header, encodeStrings([cwd, ...argv, ...env])]))
}

function frame(verb: keyof typeof VERBS, cell: number, body: Uint8Array): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32LE(body.length, 0)
  header.writeUInt32LE(VERBS[verb], 4)
  header.writeUInt32LE(cell, 8)
  return Buffer.concat([header, body])
}

/** What the warden was doing when a system call failed: `enum step`. */
const STEPS = [
  'nothing',
  'this operating system has no namespaces',
  'making a user namespace',
  'making namespaces',
  'mounting a root',
  'showing the toolchain',
  'filtering system calls',
  'starting a process',
  'making a cell',
  'dropping privileges',
  'reading the request',
  'entering the working folder',
  'setting limits',
  'starting the compiler',
  'waiting for work',
  'reading the list of a tree',
  'making a folder of a tree',
  'copying a file of a tree',
  'making a link of a tree',
] as const

export interface WardenFailure {
  readonly step: string
  readonly errno: number
}

/** What cells can. */
export interface Abilities {
  /** Place a client's files themselves. */
  readonly takesTrees: boolean
  /** Have folders that are ceded to them. */
  readonly cedes: boolean
}

export type WardenReport =
  | ({ readonly report: 'ready'; readonly failure: WardenFailure | undefined } & Abilities)
  | { readonly report: 'prepared'; readonly cell: number; readonly pid: number }
  | { readonly report: 'failed'; readonly cell: number; readonly failure: WardenFailure }
  | {
      readonly report: 'ended'
      readonly cell: number
      readonly outcome: 'exited' | 'signalled' | 'wall-limit'
      /** Exit code or signal. */
      readonly value: number
      readonly stdout: Uint8Array
      readonly stderr: Uint8Array
      readonly usage: RunUsage
    }

/** Takes the first report off `bytes`; undefined while it is not all there. */
export function decodeReport(bytes: Buffer): { readonly report: WardenReport; readonly length: number } | undefined {
  if (bytes.length < REPORT_BYTES) return undefined
  const [kind = 0, cell = 0, outcome = 0, value = 0, step = 0, stdoutBytes = 0, stderrBytes = 0] = Array.from(
    { length: 7 },
    (_, index) => bytes.readUInt32LE(4 * index),
  )
  const failure = outcome === 3 ? { step: STEPS[step] ?? `step ${step}`, errno: value } : undefined
  if (kind === 1) {
    const abilities = failure === undefined ? value : 0
    const [takesTrees, cedes] = [(abilities & READY_TREES) !== 0, (abilities & READY_CEDES) !== 0]
    return { report: { report: 'ready', failure, takesTrees, cedes }, length: REPORT_BYTES }
  }
  if (failure !== undefined) return { report: { report: 'failed', cell, failure }, length: REPORT_BYTES }
  if (kind === 2) return { report: { report: 'prepared', cell, pid: value }, length: REPORT_BYTES }

  const stderrAt = REPORT_BYTES + stdoutBytes
  const length = stderrAt + stderrBytes
  if (bytes.length < length) return undefined
  const stdout = bytes.subarray(REPORT_BYTES, stderrAt)
  const stderr = bytes.subarray(stderrAt, length)
  const [wall = 0, user = 0, system = 0, maxRssBytes = 0] = Array.from({ length: 4 }, (_, index) =>
    Number(bytes.readBigUInt64LE(32 + 8 * index)),
  )
  const usage = { wallMs: wall / 1000, userMs: user / 1000, systemMs: system / 1000, maxRssBytes }
  const how = outcome === 0 ? 'exited' : outcome === 1 ? 'signalled' : 'wall-limit'
  return { report: { report: 'ended', cell, outcome: how, value, stdout, stderr, usage }, length }
}

/** `making namespaces: EPERM`. */
export function wordsFor({ step, errno }: WardenFailure): string {
  const name = Object.entries(constants.errno).find(([, number]) => number === errno)?.[0]
  return `${step}: ${name ?? errno}`
}
