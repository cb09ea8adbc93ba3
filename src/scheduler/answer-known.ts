import { wordsTravel } from '../compiler/words-travel.ts'
import type { PeerId } from '../protocols/mesh.ts'
import type { CompileResult, Known } from './compile-cache.ts'
import { printed } from './compile-job.ts'
import { type Call, type Done, doneAt } from './launcher-call.ts'

/**
 * Answers a call with what is known. `deliver` has the launcher end with it, and is false where that could not be done.
 * Otherwise why the compiler has to speak for itself.
 */
export async function answerKnown(
  { nameOf }: { readonly nameOf: (peer: PeerId) => string },
  { hand, env, options }: Call,
  { result, from }: Known,
  deliver: (result: CompileResult, told: string | undefined) => Promise<boolean>,
): Promise<Done | 'remote-printed' | 'write-failed'> {
  const { stderrIsTerminal } = hand.hello
  try {
    if (printed(result) && !wordsTravel({ stderrIsTerminal, env })) return 'remote-printed'
    const name = from === undefined ? 'local' : nameOf(from)
    const told = options.announces ? `[cache ${name}]\n` : undefined
    return (await deliver(result, told)) ? doneAt({ at: 'cache', name }) : 'write-failed'
  } finally {
    result.stored?.release()
  }
}
