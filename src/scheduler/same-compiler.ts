import type { CompileInvocation } from '../compiler/invocation.ts'
import type { Toolchain } from '../compiler/toolchain.ts'
import type { ToolchainRegistry } from '../compiler/toolchain-registry.ts'
import type { Call } from './launcher-call.ts'

export interface SameCompilerComponents {
  readonly toolchains: Pick<ToolchainRegistry, 'byDriver' | 'startsOthers'>
}

/** Whether PATH leads the compiler of a call to other programs than those by which it is known. */
export function startsOthers(
  { toolchains }: SameCompilerComponents,
  { hand, env }: Call,
  { args }: Pick<CompileInvocation, 'args'>,
): boolean {
  const { compiler, cwd } = hand.hello
  return toolchains.startsOthers({ compiler, args, cwd, env })
}

/** Whether the compiler of a call is still what it was when the call came: else what was made meanwhile may be either's. */
export async function isSameCompiler(
  components: SameCompilerComponents,
  call: Call,
  { invocation, toolchain }: { readonly invocation: CompileInvocation; readonly toolchain: Toolchain },
): Promise<boolean> {
  const present = await components.toolchains.byDriver(call.hand.hello.compiler)
  return present?.id === toolchain.id && !startsOthers(components, call, invocation)
}
