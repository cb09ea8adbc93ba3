import type { SettingKind } from '../node/setting-kinds.ts'
import { CommandError } from './command-error.ts'
import { EXIT } from './exit-codes.ts'

/** The number that was given with `--name`; undefined when none was. Throws `CommandError` for what is not of this kind. */
export function numberFlag(name: string, value: unknown, kind: SettingKind<number>): number | undefined {
  if (value === undefined) return undefined
  const parsed = kind.parse(value, { folder: '' })
  if (parsed !== undefined) return parsed
  throw new CommandError(EXIT.usage, `--${name} cannot be '${String(value)}'`, `it takes ${kind.accepts}`)
}
