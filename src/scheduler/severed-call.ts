import { LAUNCHER_CHILDREN_MAX, PRINTED_MAX_BYTES } from '../base/limits.ts'
import type { LocalInvocation } from '../compiler/invocation.ts'
import { printAll } from './delivery.ts'
import { type Call, type Done, doneAt } from './launcher-call.ts'
import type { ChildResult } from './launcher-hand.ts'
import { type RunHereComponents, runHere } from './run-here.ts'
import type { Slots } from './slots.ts'

/** Parts for each core: the last one to end keeps no other core idle for long. */
const PARTS_PER_CORE = 2

export interface SeveredCallComponents extends RunHereComponents {
  readonly localSlots: Pick<Slots, 'acquire' | 'total'>
}

/**
 * Runs a call of several sources as several calls side by side, and says what they said in the order of the sources, as the
 * one call would have.
 */
export async function runSevered(
  components: SeveredCallComponents,
  call: Call,
  local: LocalInvocation & { readonly severable: readonly string[] },
): Promise<Done> {
  const { clock, localSlots } = components
  const { hand, options, times } = call
  // A terminal would be spoken to in colours, which children of the launcher cannot know.
  if (localSlots.total < 2 || hand.hello.stderrIsTerminal) return runHere(components, call, local)
  const count = Math.min(PARTS_PER_CORE * localSlots.total, LAUNCHER_CHILDREN_MAX)
  const parts = partsOf(hand.hello.args, local.severable, count)
  const begun = clock.now()
  const ends = await Promise.all(parts.map((args) => runPart(components, call, args)))
  const results = ends.filter(isWhole)
  // Nothing was said yet: whatever went wrong, the compiler tells it. What a driver says, it would say once.
  if (results.length < ends.length || results.some(isOfDriver)) return runHere(components, call, local)
  times.localMs = clock.now() - begun
  if (options.announces) hand.print('stderr', `[local ${local.reason}]\n`)
  for (const result of results) printAll(hand, result)
  const exitCode = Math.max(...results.map((result) => result.exitCode))
  await hand.exit(exitCode)
  return { ...doneAt({ at: 'local', reason: local.reason }), exitCode }
}

async function runPart(
  { lightSlots }: SeveredCallComponents,
  { hand }: Call,
  args: readonly string[],
): Promise<ChildResult | undefined> {
  const slot = await lightSlots.acquire(hand.closed)
  try {
    const argv = [hand.hello.compiler, ...args]
    return await hand.run({ argv, stdout: 'send', stderr: 'send', maxBytes: PRINTED_MAX_BYTES })
  } finally {
    slot.release()
  }
}

/** The command lines of `count` parts, or fewer: each with some of the sources, in their order. */
function partsOf(args: readonly string[], sources: readonly string[], count: number): readonly (readonly string[])[] {
  const size = Math.ceil(sources.length / count)
  const all = new Set(sources)
  return Array.from({ length: Math.ceil(sources.length / size) }, (_, index) => {
    const own = new Set(sources.slice(index * size, (index + 1) * size))
    return args.filter((word) => own.has(word) || !all.has(word))
  })
}

/** Whether a compiler driver spoke for itself: `gcc: error: …`. Compilers proper are called for each source anew. */
function isOfDriver({ stderr }: ChildResult): boolean {
  return /^(?!cc1(?:plus)?: )[^\s:]+: (?:fatal error|error|warning|note): /m.test(Buffer.from(stderr).toString())
}

function isWhole(result: ChildResult | undefined): result is ChildResult & { readonly exitCode: number } {
  return result?.exitCode !== undefined && !result.overflowed
}
