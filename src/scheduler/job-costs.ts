import { COMPILE_CPU_MAX_SECONDS } from '../base/limits.ts'
import { AgingMap } from '../compiler/includes/aging-map.ts'
import type { InputTree } from '../compiler/trees/input-tree.ts'

/** Sources whose cost is remembered; a large project has some ten thousand. */
const SOURCES_MAX = 16_384
/** A byte of a header costs that much less than one of the source: most of it is only declared. Measured on redis. */
const HEADER_SHARE = 1 / 20
/** Before anything was compiled: gcc at -O2 on C, roughly, and as much of it as some sources. */
const FIRST = { cpuMs: 1_000, bytes: 250_000, compiles: 5 }
/** What is left of what a compile says of others with each that comes after it: some twenty count. */
const KEPT_SHARE = 0.95

/** What is known of a compile before it is run. */
export interface CompileSize {
  /** Absolute path of the source. */
  readonly source: string
  /** Bytes that the compiler has to work on: `sizeOf`; 0 where nobody knows. */
  readonly bytes: number
}

/** The work that a tree is to a compiler, in bytes of source. */
export function sizeOf({ files }: InputTree): number {
  return files.reduce((total, { bytes }, index) => total + (index === 0 ? bytes : bytes * HEADER_SHARE), 0)
}

/** How long compiles take of a core: as they did the last time, else by their size. Only good for comparing them. */
export class JobCosts {
  readonly #known = new AgingMap<string, number>(SOURCES_MAX)
  /** Of the last compiles together: one small source that takes long says little of large ones. */
  #latest = FIRST

  /** CPU time in ms. */
  estimate({ source, bytes }: CompileSize): number {
    const bySize = bytes > 0 ? (bytes * this.#latest.cpuMs) / this.#latest.bytes : this.typicalMs
    return this.#known.get(source) ?? bySize
  }

  /** Of a compile that nothing is known of. */
  get typicalMs(): number {
    return this.#latest.cpuMs / this.#latest.compiles
  }

  /** A compile took `cpuMs`, as the peer says that ran it. */
  learn({ source, bytes }: CompileSize, cpuMs: number): void {
    if (!(cpuMs >= 0 && cpuMs <= 1000 * COMPILE_CPU_MAX_SECONDS)) return // Not by our rules.
    this.#known.set(source, cpuMs)
    if (!(bytes > 0)) return
    const latest = this.#latest
    this.#latest = {
      cpuMs: KEPT_SHARE * latest.cpuMs + cpuMs,
      bytes: KEPT_SHARE * latest.bytes + bytes,
      compiles: KEPT_SHARE * latest.compiles + 1,
    }
  }
}
