/** Variables by which builds are told their compilers, in the environment or as `VAR=value` on a command line. */
const COMPILER_VARIABLES: ReadonlySet<string> = new Set([
  'CC',
  'CXX',
  'HOSTCC',
  'HOSTCXX',
  'BUILD_CC',
  'BUILD_CXX',
  'CC_FOR_BUILD',
  'CXX_FOR_BUILD',
  'CMAKE_C_COMPILER',
  'CMAKE_CXX_COMPILER',
])

/** What stands in for a compiler that is named by its absolute path, if anything does. */
export type StandIn = (compiler: string) => string | undefined

/** The environment, with stand-ins for compilers that are named by absolute paths: PATH alone would not catch those. */
export function rewriteEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  standIn: StandIn,
): Readonly<Record<string, string | undefined>> {
  const entries = Object.entries(env).map(([name, value]) =>
    value !== undefined && COMPILER_VARIABLES.has(name) ? [name, rewriteValue(value, standIn)] : [name, value],
  )
  return Object.fromEntries(entries)
}

/** A command's arguments, with stand-ins in `CC=/usr/bin/gcc`, `-DCMAKE_C_COMPILER=/usr/bin/gcc` and the like. */
export function rewriteArguments(args: readonly string[], standIn: StandIn): readonly string[] {
  return args.map((arg) => {
    const [, before, name, value] = ASSIGNMENT.exec(arg) ?? []
    if (before === undefined || name === undefined || value === undefined || !COMPILER_VARIABLES.has(name)) return arg
    return `${before}${rewriteValue(value, standIn)}`
  })
}

/** `NAME=value`, make's `NAME:=value`, CMake's `-DNAME:TYPE=value`. */
const ASSIGNMENT = /^((?:-D)?([A-Z_]+)(?::[A-Z]*)?=)(.*)$/s

/** A path, or a path and options of its own: `/usr/bin/gcc -m32`, in CMake `/usr/bin/gcc;-m32`. */
function rewriteValue(value: string, standIn: StandIn): string {
  const whole = standIn(value)
  if (whole !== undefined) return whole
  const [, space = '', first = '', rest = ''] = /^(\s*)([^\s;]+)([\s;].*)?$/s.exec(value) ?? []
  const replaced = first === value ? undefined : standIn(first)
  return replaced === undefined ? value : `${space}${replaced}${rest}`
}
