import { actionKey } from '../cache/action-key.ts'
import type { ActionKey } from '../cache/digest.ts'
import { shippedEnvironment } from '../compiler/environment.ts'
import type { CompileInvocation, LocalInvocation } from '../compiler/invocation.ts'
import type { Toolchain } from '../compiler/toolchain.ts'
import { wordsTravel } from '../compiler/words-travel.ts'
import type { PeerId } from '../protocols/mesh.ts'
import type { AskingLuck } from './asking-luck.ts'
import type { CompileCache, Known } from './compile-cache.ts'
import { printed } from './compile-job.ts'
import { deliverWhole } from './delivery.ts'
import { type Call, type Done, doneAt } from './launcher-call.ts'
import { type RunHereComponents, runHere } from './run-here.ts'
import { actionOf, type TreeWay } from './tree-way.ts'

export interface WholeCallComponents extends RunHereComponents {
  readonly treeWay: Pick<TreeWay, 'packWhole'>
  readonly cache: Pick<CompileCache, 'look' | 'keep' | 'keepLater'>
  readonly askingLuck: AskingLuck
  readonly nameOf: (peer: PeerId) => string
}

/** A call that stays here, and of which all that it does is known: a configure script's question, a list of dependencies. */
export interface WholeCall extends LocalInvocation {
  readonly whole: CompileInvocation
}

/**
 * Answers as the compiler would: from the cache, link and all, or by the compiler here. Such calls are over so soon that no
 * peer could be quicker; but the next build asks the very same.
 */
export async function runWholeCall(
  components: WholeCallComponents,
  call: Call,
  local: WholeCall,
  toolchain: Toolchain,
): Promise<Done> {
  const { clock, treeWay } = components
  const { hand, env, began, times } = call
  const job = { hello: hand.hello, invocation: local.whole, toolchain, env, shippedEnv: shippedEnvironment(env) }
  const tree = await treeWay.packWhole(job)
  const action = tree && actionOf(tree, began)
  if (tree === undefined || action === undefined) return runHere(components, call, local)
  times.treeMs = clock.now() - began.now

  const key = actionKey(action)
  const { known, asked } = await look(components, call, key, tree.request.outputs)
  if (known !== undefined) return answer(components, call, local, known)
  const keyNow = async () => {
    const again = await treeWay.packWhole(job)
    const sameAction = again && actionOf(again, began)
    return sameAction && actionKey(sameAction)
  }
  const { files } = tree.shipment.tree
  const { outputs } = tree.request
  const fleeting = local.reason === 'configure-test'
  const keepable = { key, keyNow, clocks: tree.clocks, files, outputs, began, fleeting, quick: true }
  const done = await runHere(components, call, local, keepable)
  // What fails is kept nowhere: that the mesh did not know it tells nothing of the mesh.
  if (asked && done.exitCode === 0) components.askingLuck.note(false)
  return done
}

/** Looks here, and in the mesh as long as that pays. */
async function look(
  { clock, cache, askingLuck }: WholeCallComponents,
  { hand, options, times }: Call,
  key: ActionKey,
  outputs: readonly string[],
): Promise<{ readonly known: Known | undefined; readonly asked: boolean }> {
  const begun = clock.now()
  const here = await cache.look(key, outputs, 'here', hand.closed)
  const asked = here === undefined && options.remote && askingLuck.asks()
  const known = asked ? await cache.look(key, outputs, 'mesh', hand.closed) : here
  if (asked && known !== undefined) askingLuck.note(true)
  times.lookupMs = clock.now() - begun
  return { known, asked }
}

async function answer(
  components: WholeCallComponents,
  call: Call,
  local: WholeCall,
  { result, from }: Known,
): Promise<Done> {
  const { hand, env, options } = call
  const { stderrIsTerminal } = hand.hello
  if (printed(result) && !wordsTravel({ stderrIsTerminal, env })) return runHere(components, call, local)
  const name = from === undefined ? 'local' : components.nameOf(from)
  const told = options.announces ? `[cache ${name}]\n` : undefined
  if (await deliverWhole(hand, local.whole, result, told)) return doneAt({ at: 'cache', name })
  return runHere(components, call, local)
}
