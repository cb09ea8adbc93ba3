/** Variables that change what a compiler reads, writes or says, and travel with a compile. Everything else stays at home. */
const SHIPPED_VARIABLES: ReadonlySet<string> = new Set([
  'CPATH',
  'C_INCLUDE_PATH',
  'CPLUS_INCLUDE_PATH',
  'GCC_COLORS',
  'LANG',
  'LANGUAGE',
  'LC_ALL',
  'LC_CTYPE',
  'LC_MESSAGES',
  'SOURCE_DATE_EPOCH',
])

/** Longest value that travels: a dozen long include folders. Locale names and a number are far shorter. */
const VALUE_MAX_LENGTH = 4_096

/** The client's side: the variables to send, `NAME=value`. */
export function shippedEnvironment(env: ReadonlyMap<string, string>): readonly string[] {
  return [...SHIPPED_VARIABLES].flatMap((name) => {
    const value = env.get(name)
    return value === undefined || value.length > VALUE_MAX_LENGTH ? [] : [`${name}=${value}`]
  })
}

/** Whether a variable that would have to travel is too long for it. */
export function isTooLongToShip(env: ReadonlyMap<string, string>): boolean {
  return [...SHIPPED_VARIABLES].some((name) => (env.get(name)?.length ?? 0) > VALUE_MAX_LENGTH)
}

/** The worker's side: whether a variable that a peer sent may reach a compiler. */
export function isShippedVariable(variable: string): boolean {
  const equals = variable.indexOf('=')
  return (
    SHIPPED_VARIABLES.has(variable.slice(0, equals)) &&
    variable.length - equals - 1 <= VALUE_MAX_LENGTH &&
    !variable.includes('\0')
  )
}
