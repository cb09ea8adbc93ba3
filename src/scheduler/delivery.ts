import type { Random } from '../base/random.ts'
import type { CompileInvocation } from '../compiler/invocation.ts'
import { linkCommand } from '../compiler/link-command.ts'
import { whenWrittenInto } from '../compiler/written-into.ts'
import { KEEPS_RIGHTS, KEEPS_RIGHTS_IF_EMPTY } from '../protocols/launcher-messages.ts'
import type { CompileResult } from './compile-cache.ts'
import type { LauncherHand } from './launcher-hand.ts'
import type { Slots } from './slots.ts'

export interface DeliveryComponents {
  readonly random: Random
  readonly localSlots: Pick<Slots, 'acquire'>
  readonly temporaryFolder: string
}

/**
 * Has the launcher end as the compiler would have, with what was compiled elsewhere or before; `told` is said on stderr
 * where the user wants to hear it. False when that could not be done: nothing was written or printed then, and the
 * compiler says why in its own words.
 */
export async function deliver(
  components: DeliveryComponents,
  hand: LauncherHand,
  invocation: CompileInvocation,
  result: CompileResult,
  told: string | undefined,
): Promise<boolean> {
  if (invocation.mode === 'link') return link(components, hand, invocation, result, told)
  return deliverWhole(hand, invocation, result, told)
}

/** As `deliver`, for a result that is all that the call would have given: nothing is left to be linked. */
export async function deliverWhole(
  hand: LauncherHand,
  invocation: CompileInvocation,
  result: CompileResult,
  told: string | undefined,
): Promise<boolean> {
  const { stored } = result
  if (await writeAll(hand, invocation, result, told)) return true
  if (stored === undefined || stored.files.size === 0) return false
  // What lies in memory was checked; a file may have rotted since.
  stored.doubt()
  const { stored: _, ...checked } = result
  return writeAll(hand, invocation, checked, told)
}

async function writeAll(
  hand: LauncherHand,
  invocation: CompileInvocation,
  { outputs, stored, stdout, stderr }: CompileResult,
  told: string | undefined,
): Promise<boolean> {
  const rights = invocation.mode === 'link' ? 0o777 : 0o666
  for (const [path, bytes] of outputs) {
    await hand.write(path, rights | KEPT_RIGHTS[whenWrittenInto(invocation, path)], bytes, stored?.files.get(path))
  }
  printAll(hand, { stdout, stderr })
  if (told !== undefined) hand.print('stderr', told)
  return hand.exit(0)
}

const KEPT_RIGHTS = { always: KEEPS_RIGHTS, 'if-empty': KEEPS_RIGHTS_IF_EMPTY, never: 0 } as const

/** The compile was done elsewhere; the link is done here, by the user's own compiler driver. */
async function link(
  { random, localSlots, temporaryFolder }: DeliveryComponents,
  hand: LauncherHand,
  invocation: CompileInvocation,
  result: CompileResult,
  told: string | undefined,
): Promise<boolean> {
  const [object] = result.outputs.values()
  if (object === undefined) return false
  const path = `${temporaryFolder}/hg-${random.hex(8)}.o`
  hand.temporary(path)
  await hand.write(path, 0o600, object)
  hand.commit()
  printAll(hand, result) // What the compile said comes before what the linker says.
  const slot = await localSlots.acquire(hand.closed)
  try {
    const argv = [hand.hello.compiler, ...linkCommand(invocation, path)]
    const child = await hand.run({ argv, stdout: 'inherit', stderr: 'inherit', maxBytes: 0 })
    if (child === undefined) return false
    if (told !== undefined) hand.print('stderr', told)
    await hand.exit(child.exitCode ?? 128 + (child.signal ?? 0))
    return true
  } finally {
    slot.release()
  }
}

/** Says what a compiler said. */
export function printAll(
  hand: Pick<LauncherHand, 'print'>,
  { stdout, stderr }: Pick<CompileResult, 'stdout' | 'stderr'>,
): void {
  if (stdout.length > 0) hand.print('stdout', stdout)
  if (stderr.length > 0) hand.print('stderr', stderr)
}
