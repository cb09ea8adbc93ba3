import { basename, dirname } from 'node:path'
import { parse, TomlError } from 'smol-toml'
import { nearest } from '../base/nearest.ts'
import { SettingsError } from './settings-error.ts'
import { type Machine, SETTINGS, type Setting, type SettingName, type Settings } from './settings-table.ts'

/** Everything that may say something about a setting, the strongest first. */
export interface SettingsSources {
  /** By flag name without dashes, as parsed: text, a list of it, or true/false for a switch. Unknown flags are the parser's to refuse. */
  readonly flags: Readonly<Record<string, unknown>>
  readonly env: Readonly<Record<string, string | undefined>>
  /** config.toml, if there is one. */
  readonly file: { readonly path: string; readonly text: string } | undefined
  readonly machine: Machine
  /** Relative paths in flags and environment are meant from here. */
  readonly cwd: string
}

/** Settles every setting: flag before environment before file before default. Throws `SettingsError`. */
export function resolveSettings({ flags, env, file, machine, cwd }: SettingsSources): Settings {
  refuseMistypedVariables(env)
  const table = file === undefined ? {} : readTable(file)
  const entries = Object.entries(SETTINGS).map(([name, setting]: [string, Setting<unknown>]) => {
    const mention = mentions(setting, { flags, env, file, table, cwd }).find(({ value }) => value !== undefined)
    return [name, mention === undefined ? setting.fallback(machine) : understand(setting, mention)]
  })
  // Each value was made by the kind of its own row.
  return Object.fromEntries(entries) as Settings
}

/** A value together with where it was written. */
interface Mention {
  readonly source: string
  readonly folder: string
  readonly value: unknown
}

function mentions(
  setting: Setting<unknown>,
  { flags, env, file, table, cwd }: Omit<SettingsSources, 'machine'> & { readonly table: Record<string, unknown> },
): readonly Mention[] {
  const inFile = {
    source: file === undefined ? '' : `${basename(file.path)}${lineOf(file.text, setting.key)}: ${setting.key}`,
    folder: file === undefined ? cwd : dirname(file.path),
    value: table[setting.key],
  }
  return [
    { source: `--${setting.flag}`, folder: cwd, value: nonEmpty(flags[setting.flag]) },
    // As everywhere in a shell: set but empty means unset.
    { source: setting.variable, folder: cwd, value: env[setting.variable] || undefined },
    inFile,
  ]
}

function understand(setting: Setting<unknown>, { source, folder, value }: Mention): unknown {
  const parsed = setting.kind.parse(value, { folder })
  if (parsed !== undefined) return parsed
  throw new SettingsError(
    { code: 'SETTING_BAD', source },
    value === '' ? `${source} has no value` : `${source} cannot be ${shown(value)}`,
    `it takes ${setting.kind.accepts}`,
  )
}

function readTable({ path, text }: { readonly path: string; readonly text: string }): Record<string, unknown> {
  let table: Record<string, unknown>
  try {
    table = parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const source = `${basename(path)} line ${error.line}`
    throw new SettingsError(
      { code: 'SETTINGS_FILE_BAD', source },
      `${source}: ${error.message.split('\n')[0]}`,
      `${path} is written in TOML: one \`key = value\` a line`,
    )
  }
  const keys = Object.values(SETTINGS).map(({ key }) => key)
  for (const key of Object.keys(table)) {
    if (keys.includes(key)) continue
    const source = `${basename(path)}${lineOf(text, key)}: ${key}`
    const meant = nearest(key, keys)
    throw new SettingsError(
      { code: 'SETTING_UNKNOWN', source },
      `${source} is not a setting`,
      meant === undefined ? `the settings are ${keys.join(', ')}` : `did you mean ${meant}?`,
    )
  }
  return table
}

/** Other programs may own variables that begin like ours, so only a slip of one letter is refused. */
function refuseMistypedVariables(env: SettingsSources['env']): void {
  const ours: SettingName[] = Object.keys(SETTINGS) as SettingName[]
  const variables = ours.map((name) => SETTINGS[name].variable)
  for (const variable of Object.keys(env)) {
    if (!variable.startsWith('HG_') || variables.includes(variable)) continue
    const meant = nearest(variable, variables, 1)
    if (meant === undefined) continue
    throw new SettingsError(
      { code: 'SETTING_UNKNOWN', source: variable },
      `${variable} in the environment is not a setting`,
      `did you mean ${meant}?`,
    )
  }
}

/** ` line 3` where the key is written plainly; nothing where it is not. */
function lineOf(text: string, key: string): string {
  const line = text
    .split('\n')
    .findIndex((each) => new RegExp(`^\\s*\\[*["']?${quoted(key)}["']?\\s*[=.\\]]`).test(each))
  return line < 0 ? '' : ` line ${line + 1}`
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function nonEmpty(value: unknown): unknown {
  return Array.isArray(value) && value.length === 0 ? undefined : value
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? String(value))
}
