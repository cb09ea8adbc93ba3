import { decode } from 'cborg'

/** A value from outside that turned out to be what it has to be. */
export type Check<T> = (value: unknown) => value is T

export type Fields = ReadonlyMap<unknown, unknown>

/** Reads the fields of CBOR maps from outside; `bad` makes the error for a field that is missing or out of its bounds. */
export interface FieldReader {
  map(value: unknown, name: string): Fields
  field<T>(fields: Fields, name: string, check: Check<T>): T
}

export function fieldReader(bad: (name: string) => Error): FieldReader {
  return {
    map: (value, name) => {
      if (!(value instanceof Map)) throw bad(name)
      return value
    },
    field: (fields, name, check) => {
      const value = fields.get(name)
      if (!check(value)) throw bad(name)
      return value
    },
  }
}

/** One CBOR value of definite length. Maps come as `Map`s, because a plain object would take a key like `__proto__` for more than a key. Throws on anything else. */
export function decodeCbor(bytes: Uint8Array): unknown {
  return decode(bytes, { useMaps: true, rejectDuplicateMapKeys: true, allowIndefinite: false })
}

export const isText: Check<string> = (value): value is string => typeof value === 'string' && !value.includes('\0')

export const isBoolean: Check<boolean> = (value): value is boolean => typeof value === 'boolean'

export const isAmount: Check<number> = (value): value is number =>
  typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER

export function isCountUpTo(max: number): Check<number> {
  return (value): value is number => isAmount(value) && Number.isInteger(value) && value <= max
}

export function isBytesUpTo(max: number): Check<Uint8Array> {
  return (value): value is Uint8Array => value instanceof Uint8Array && value.length <= max
}

export function isListOf<T>(check: Check<T>, maxLength: number): Check<readonly T[]> {
  return (value): value is readonly T[] =>
    Array.isArray(value) && value.length <= maxLength && value.every((each) => check(each))
}

export function optional<T>(check: Check<T>): Check<T | undefined> {
  return (value): value is T | undefined => value === undefined || check(value)
}
