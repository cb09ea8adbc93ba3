import { LOCAL_REASONS, type LocalReason } from '../compiler/local-reason.ts'
import { type Call, type Done, doneAt } from './launcher-call.ts'
import { type KeepableCompile, type LocalRunComponents, runAndKeep } from './local-run.ts'
import type { Slots } from './slots.ts'

export interface RunHereComponents extends LocalRunComponents {
  readonly localSlots: Pick<Slots, 'acquire'>
  readonly lightSlots: Pick<Slots, 'acquire'>
}

/** Exit code of a call that `--no-fallback` kept from running here. Mirrored in launcher.c. */
export const NO_FALLBACK_EXIT = 111

/** Reasons that stand in no one's way: there was nothing to ship, or the mesh did its part and the local compiler has the last word. */
const ALWAYS_LOCAL: ReadonlySet<LocalReason> = new Set([
  'not-a-compile',
  'preprocess-only',
  'no-source',
  'configure-test',
  'preprocess-failed',
  'remote-failed',
  'remote-printed',
])

/** Runs the compiler on this machine, whatever it was called for. */
export async function runHere(
  components: RunHereComponents,
  { hand, options, times }: Call,
  { reason, light }: { readonly reason: LocalReason; readonly light: boolean },
  keepable?: KeepableCompile,
): Promise<Done> {
  const { clock, localSlots, lightSlots } = components
  const place = { at: 'local', reason } as const
  if (!options.fallback && !ALWAYS_LOCAL.has(reason)) {
    hand.print('stderr', `hgbuild: error: not compiled in the mesh: ${LOCAL_REASONS[reason]} (${reason})\n`)
    hand.print('stderr', '  hint: without --no-fallback it would have been compiled here\n')
    await hand.exit(NO_FALLBACK_EXIT)
    return doneAt(place)
  }
  const begun = clock.now()
  const slot = await (light ? lightSlots : localSlots).acquire(hand.closed)
  try {
    if (options.announces) hand.print('stderr', `[local ${reason}]\n`)
    // On a terminal compilers speak in colours and to its width, which nobody can say for them.
    if (keepable !== undefined && !hand.hello.stderrIsTerminal) {
      return { place, ...(await runAndKeep(components, hand, keepable)) }
    }
    await hand.become([hand.hello.compiler, ...hand.hello.args])
    return doneAt(place)
  } finally {
    slot.release()
    times.localMs = clock.now() - begun
  }
}
