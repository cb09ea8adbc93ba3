import { actionKey } from '../cache/action-key.ts'
import type { ActionKey } from '../cache/digest.ts'
import { shippedEnvironment } from '../compiler/environment.ts'
import type { CompileInvocation, LocalInvocation } from '../compiler/invocation.ts'
import type { Toolchain } from '../compiler/toolchain.ts'
import type { PeerId } from '../protocols/mesh.ts'
import { answerKnown } from './answer-known.ts'
import type { AskingLuck } from './asking-luck.ts'
import type { CompileCache, Known } from './compile-cache.ts'
import { deliverWhole } from './delivery.ts'
import type { Call, Done } from './launcher-call.ts'
import { type RunHereComponents, runHere } from './run-here.ts'
import { isSameCompiler, type SameCompilerComponents } from './same-compiler.ts'
import { actionOf, keepableTree, type TreeWay } from './tree-way.ts'

export interface WholeCallComponents extends RunHereComponents, SameCompilerComponents {
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
  const pack = () => treeWay.packWhole(job)
  const tree = await pack()
  const action = tree && actionOf(tree, began)
  if (tree === undefined || action === undefined) return runHere(components, call, local)
  times.treeMs = clock.now() - began.now

  const key = actionKey(action)
  const { known, asked } = await look(components, call, key, tree.request.outputs)
  if (known !== undefined) return answer(components, call, local, known)
  const fleeting = local.reason === 'configure-test'
  const packSame = async () => ((await isSameCompiler(components, call, job)) ? pack() : undefined)
  const keepable = { ...keepableTree({ key, tree, pack: packSame, began }), fleeting, later: true }
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

async function answer(components: WholeCallComponents, call: Call, local: WholeCall, known: Known): Promise<Done> {
  const done = await answerKnown(components, call, known, (result, told) =>
    deliverWhole(call.hand, local.whole, result, told),
  )
  return typeof done === 'string' ? runHere(components, call, local) : done
}
