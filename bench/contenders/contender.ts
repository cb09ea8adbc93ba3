import type { CommandResult } from '../../test/lan/lab/command.ts'
import type { Host } from '../../test/lan/lab/host.ts'

/** The machines on which contenders are set up, one after the other. */
export interface Field {
  /** Where the build runs. */
  readonly client: Host
  readonly workers: readonly Host[]
  /** What every host sees under the same path. */
  readonly shared: string
  /** Compiles that each worker is to run at once, in the order of the workers. */
  readonly jobs: readonly number[]
  /** Compiles that the client is to do along, told to contenders that must be told; 0: they send only. */
  readonly clientJobs: number
  /** The part of the power of all machines that the workers have; 0 where there is none. */
  readonly workersShare: number
}

export interface Call {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** What a contender says, by its own logs and counters, that it has done since it was set up. */
export interface Counts {
  /** Compiles that ran on another machine. */
  readonly remote: number
  /** Compiles that were answered from a cache. */
  readonly hits: number
  /** Compiles that ran at home although they should not have. */
  readonly strays: number
  /** Compiles that the client did itself as its share of the work; 0 if left out. */
  readonly alongside?: number
}

/** A contender, set up on a field. */
export interface Deployed {
  /** The command, run so that the compilers which it calls go the contender's way. */
  inside(command: readonly string[]): Call
  /** The same on another machine, as its user would: what is stored for all machines is filled from there. */
  elsewhere?(host: Host, command: readonly string[]): Promise<Call>
  /** The client loses what it remembers by itself; what is stored for all machines stays. */
  forget?(): Promise<void>
  /** How C is compiled inside: `gcc`, unless the contender does not stand in for it. */
  readonly cc: readonly string[]
  counts(): Promise<Counts>
  /** What it printed of compiles that ran at home although they should not have. */
  complaints(result: CommandResult): readonly string[]
  stop(): Promise<void>
}

/** One way to compile, as data: how it is installed, set up as its own manual recommends, and asked what it did. */
export interface Contender {
  readonly name: string
  /** Programs, and the Debian packages that bring them. */
  readonly packages: Readonly<Record<string, string>>
  /** Prints its version. */
  readonly version: readonly string[]
  /** How it is set up and why, for the document. */
  readonly settings: readonly string[]
  /** Whether it may stay while others are measured: it does nothing unasked. */
  readonly quietWhenIdle: boolean
  /** Begins with nothing remembered. A string says why it cannot be had here. */
  start(field: Field): Promise<Deployed | string>
}
