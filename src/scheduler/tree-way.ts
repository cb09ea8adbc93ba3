import type { Clock } from '../base/clock.ts'
import { TOOLCHAIN_FRESH_MS, TOOLCHAIN_PATHS_MAX, TREE_REFUSED_MS } from '../base/limits.ts'
import { type Action, actionKey } from '../cache/action-key.ts'
import { type ClockUse, clockUse, localDate, type Moment, whyNotSought } from '../cache/cacheable.ts'
import { AgingMap } from '../compiler/includes/aging-map.ts'
import type { ChangeTimes } from '../compiler/includes/sync-files.ts'
import type { CompileInvocation } from '../compiler/invocation.ts'
import { isOfMachine } from '../compiler/sandbox/shown-paths.ts'
import { epochToTell, heedsEpoch } from '../compiler/told-time.ts'
import type { Toolchain } from '../compiler/toolchain.ts'
import { isNameOf } from '../compiler/toolchain-driver.ts'
import { type TreeArguments, treeArguments, wholeArguments } from '../compiler/tree-arguments.ts'
import type { TreeBuilder } from '../compiler/trees/tree-builder.ts'
import type { PeerId } from '../protocols/mesh.ts'
import type { LauncherHello } from './launcher-hand.ts'
import type { KeepableCompile } from './local-run.ts'
import type { Packed, TreeShipment } from './shipment.ts'

export interface TreeWayComponents {
  readonly clock: Clock
  readonly trees: TreeBuilder
  /** Whether a peer says that it can make trees. */
  readonly takesTrees: (peer: PeerId) => boolean
  /** What TZ says to this node. */
  readonly timeZone: string | undefined
}

/** A compile with all that it reads. */
export interface PackedTree extends Packed {
  readonly shipment: TreeShipment
  readonly clocks: ClockUse
  /** When its files were last changed, as of the latest look at each; undefined when one is gone by now. */
  readonly changes: () => readonly ChangeTimes[] | undefined
  /** False when a peer's time of day, or its zone, would be written into the object. */
  readonly travels: boolean
}

/** What trees call a driver, as of a moment. */
interface CompilerName {
  readonly driver: string
  readonly name: string
  readonly at: number
}

/** What a tree is built from. */
export interface TreeJob {
  readonly hello: Pick<LauncherHello, 'compiler' | 'cwd'>
  readonly invocation: CompileInvocation
  readonly toolchain: Toolchain
  /** The launcher's environment. */
  readonly env: ReadonlyMap<string, string>
  /** The part of it that travels, `NAME=value`. */
  readonly shippedEnv: readonly string[]
}

/** Way 1 of DESIGN.md section 4: source and headers travel as they are, and no preprocessor is run. */
export class TreeWay {
  readonly #components: TreeWayComponents
  /** Until when a peer gets no trees for a compiler: at most one entry per peer and compiler. */
  readonly #refused = new Map<string, number>()
  /** By the compiler as it was called. */
  readonly #names = new AgingMap<string, CompilerName>(TOOLCHAIN_PATHS_MAX / 2)

  constructor(components: TreeWayComponents) {
    this.#components = components
  }

  /** Undefined when only a preprocessor can tell all that the compile reads, or no worker would take it. */
  async pack(job: TreeJob): Promise<PackedTree | undefined> {
    const packed = await this.#pack(job, treeArguments(job.invocation), false)
    // With a file of the machine's own every worker would refuse it, and none is to blame.
    return packed?.shipment.tree.files.some(({ path }) => isOfMachine(path)) ? undefined : packed
  }

  /** As `pack`, for a call that is one with its link: never to be sent. Undefined also when its linker may read more than is known. */
  packWhole(job: TreeJob): Promise<PackedTree | undefined> {
    return this.#pack(job, wholeArguments(job.invocation), job.invocation.mode === 'link')
  }

  async #pack(
    { hello, invocation, toolchain, env, shippedEnv }: TreeJob,
    { args, outputs }: TreeArguments,
    linked: boolean,
  ): Promise<PackedTree | undefined> {
    const { cwd } = hello
    const compiler = this.#nameOf(toolchain.driver, hello.compiler)
    const built = await this.#components.trees.build(invocation, { toolchain, compiler, cwd, env, outputs, linked })
    if (built.kind === 'unfit') return undefined
    const { tree } = built
    const clocks = this.#clocks(clockUse(built, args), env)
    const told = this.#toldTime(clocks, toolchain, env)
    return {
      request: { toolchain: toolchain.id, args, cwd, env: [...shippedEnv, ...(told ?? [])], outputs },
      shipment: { kind: 'tree', compiler, tree, contents: (index) => built.bytes(index) },
      clocks,
      changes: built.changes,
      travels: told !== undefined && !clocks.usesTimestamp,
    }
  }

  /** In a time zone of its own a compile tells another date than this node would. */
  #clocks(clocks: ClockUse, env: ReadonlyMap<string, string>): ClockUse {
    const elsewhere = env.get('TZ') !== this.#components.timeZone && !env.has('SOURCE_DATE_EPOCH')
    return elsewhere && clocks.usesDate ? { ...clocks, usesTime: true } : clocks
  }

  /** Variables with which a peer's compiler tells the time and date of here; undefined where it would tell its own. */
  #toldTime(
    { usesDate, usesTime }: ClockUse,
    toolchain: Toolchain,
    env: ReadonlyMap<string, string>,
  ): readonly string[] | undefined {
    if ((!usesDate && !usesTime) || env.has('SOURCE_DATE_EPOCH')) return []
    const { clock, timeZone } = this.#components
    if (!heedsEpoch(toolchain) || env.get('TZ') !== timeZone) return undefined
    return [`SOURCE_DATE_EPOCH=${epochToTell(clock.wallTime(), usesTime)}`]
  }

  /** What trees call a driver that was called `called`: that, unless it is a wrapper. Looked at as often as compilers are. */
  #nameOf(driver: string, called: string): string {
    const now = this.#components.clock.now()
    const known = this.#names.get(called)
    if (known?.driver === driver && now - known.at < TOOLCHAIN_FRESH_MS) return known.name
    const name = isNameOf(called, driver) ? called : driver
    this.#names.set(called, { driver, name, at: now })
    return name
  }

  mayGoTo(peer: PeerId, { id }: Toolchain): boolean {
    const until = this.#refused.get(`${peer} ${id}`)
    if (until !== undefined && this.#components.clock.now() >= until) this.#refused.delete(`${peer} ${id}`)
    return !this.#refused.has(`${peer} ${id}`) && this.#components.takesTrees(peer)
  }

  /** The peer's own files differ from a tree's: it gets preprocessed text for a while. */
  refusedBy(peer: PeerId, { id }: Toolchain): void {
    this.#refused.set(`${peer} ${id}`, this.#components.clock.now() + TREE_REFUSED_MS)
  }
}

/** All that the compile depends on; undefined when its result depends on more. */
export function actionOf({ request, shipment, clocks }: PackedTree, { wallTime }: Moment): Action | undefined {
  if (whyNotSought(clocks) !== undefined) return undefined
  const { toolchain, cwd, args, env } = request
  const { compiler, tree } = shipment
  const date = clocks.usesDate ? localDate(wallTime) : undefined
  return { toolchain, compiler, cwd, args, env, tree, date, usesTimestamp: clocks.usesTimestamp }
}

/** What a tree tells of a compile whose result may be kept; `pack` packs it once more. */
export function keepableTree({ key, tree, pack, began }: KeepableTree): Omit<KeepableCompile, 'fleeting' | 'later'> {
  const inputsNow = async () => {
    const again = await pack()
    const action = again && actionOf(again, began)
    const changes = again?.changes()
    return action && changes && { key: actionKey(action), changes }
  }
  return { key, inputsNow, clocks: tree.clocks, outputs: tree.request.outputs, began }
}

interface KeepableTree extends Pick<KeepableCompile, 'key' | 'began'> {
  readonly tree: PackedTree
  readonly pack: () => Promise<PackedTree | undefined>
}
