import type { CompileInvocation } from './invocation.ts'

/** Arguments that link `object` as the call would have linked its source: for calls that compile and link in one go. */
export function linkCommand({ args, source }: CompileInvocation, object: string): readonly string[] {
  const at = args.lastIndexOf(source)
  const before = args.slice(0, at)
  // An `-x c` in front of the source must end, so that the linker sees an object. Where there was none there must be
  // none: g++ adds its library for what has no `-x` of its own.
  const ending = before.some((word) => word.startsWith('-x')) ? ['-x', 'none'] : []
  return [...before, ...ending, object, ...args.slice(at + 1)]
}
