/** Whether a value from outside is a `T`, all the way down. */
export type Shape<T> = (value: unknown) => value is T

/** The type that a shape checks for: written once, as data. */
export type Shaped<S> = S extends Shape<infer T> ? T : never

export const text: Shape<string> = (value): value is string => typeof value === 'string'

export const number: Shape<number> = (value): value is number => typeof value === 'number' && Number.isFinite(value)

export const flag: Shape<boolean> = (value): value is boolean => typeof value === 'boolean'

export function word<const T extends string>(...words: readonly T[]): Shape<T> {
  return (value): value is T => words.some((each) => each === value)
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value): value is T | null => value === null || shape(value)
}

export function list<T>(item: Shape<T>, maxItems: number): Shape<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.length <= maxItems && value.every(item)
}

/** Numbers by name. */
export const counts: Shape<Readonly<Record<string, number>>> = (value): value is Readonly<Record<string, number>> =>
  isObject(value) && Object.values(value).every(number)

/** An object with at least these fields; those of later versions are passed over. */
export function fields<T extends object>(
  shapes: { readonly [K in keyof T]: Shape<T[K]> },
): Shape<{
  readonly [K in keyof T]: T[K]
}> {
  const wanted: readonly [string, Shape<unknown>][] = Object.entries(shapes)
  return (value): value is T => isObject(value) && wanted.every(([name, shape]) => shape(value[name]))
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
