import type { CompileInvocation } from './invocation.ts'

/** Arguments that link `object` as the call would have linked its source: for calls that compile and link in one go. */
export function linkCommand({ args, source }: CompileInvocation, object: string): readonly string[] {
  const at = args.lastIndexOf(source)
  // `-x none` ends an `-x c` in front of the source, so that the linker sees an object.
  return [...args.slice(0, at), '-x', 'none', object, ...args.slice(at + 1)]
}
