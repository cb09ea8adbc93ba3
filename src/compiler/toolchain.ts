import type { Sha256Hex } from '../base/digest.ts'
import type { CompilerFamily } from './invocation.ts'

/** A compiler identified by its behaviour and content, not its name. */
export type ToolchainId = Sha256Hex & { readonly __toolchain: true }

export interface Toolchain {
  readonly id: ToolchainId
  readonly family: CompilerFamily
  /** For people: `gcc 12.2.0`. */
  readonly version: string
  /** What it compiles for: `x86_64-linux-gnu`. */
  readonly target: string
  /** Absolute path of the driver on this machine, links resolved. */
  readonly driver: string
}

/** `12` of `gcc 12.2.0`; 0 where no number is said. */
export function majorVersion({ version }: Pick<Toolchain, 'version'>): number {
  return Number(/\d+/.exec(version)?.[0] ?? 0)
}
